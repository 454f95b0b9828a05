import type { Alerts } from '../api.ts';
import { answer, type CommandIo, type ExitCode } from './command-io.ts';
import type { OnServer } from './decisions.ts';
import { ServerRefused } from './server-client.ts';
import { withServer } from './server-plans.ts';

const textOf = ({ events, channels }: Alerts): string => {
  const states = events.flatMap(({ label, states }) =>
    states.map(({ state, sentence, since }) => {
      const told = sentence.replaceAll('{since}', `${since.slice(11, 16)} UTC`);
      return `${state.padEnd(10)}  ${since.slice(0, 16).replace('T', ' ')} UTC  ${label}: ${told}`;
    }),
  );
  const off = events.filter(({ on }) => !on).map(({ label }) => label);
  return [
    ...(states.length === 0 ? ['Nothing is the matter.'] : states),
    ...(off.length === 0 ? [] : [`Switched off: ${off.join(', ')}.`]),
    '',
    ...channels.map(
      ({ kind, name, target, last }) =>
        `${kind.padEnd(8)}  ${name}${target === '' ? '  nobody yet' : ` <${target}>`}${last ? `  last: ${last.state}${last.fault ? `, ${last.fault}` : ''}` : ''}`,
    ),
    '',
  ].join('\n');
};

/** `seatmatch alerts`: what is watched on a server and how it stands. Exit 1 while something is raised. */
export const listAlertsCommand = (options: OnServer, io: CommandIo): Promise<ExitCode> =>
  withServer(options, io, async (client) => {
    const alerts = await client.get<Alerts>('/api/alerts');
    answer(io, options.json, alerts, textOf(alerts));
    return alerts.raised === 0 ? 0 : 1;
  });

/** `seatmatch alerts test`: sends a test over one channel. @param wanted its name, or its id */
export const testAlertsCommand = (options: OnServer & { readonly channel: string }, io: CommandIo): Promise<ExitCode> =>
  withServer(options, io, async (client) => {
    const { channels } = await client.get<Alerts>('/api/alerts');
    const wanted = options.channel.toLowerCase();
    const channel = channels.find(({ id, name }) => id === options.channel || name.toLowerCase() === wanted);
    if (!channel)
      throw new ServerRefused(
        'not-found',
        `No channel is called ${options.channel}. There are: ${channels.map(({ name }) => name).join(', ')}.`,
      );
    const sent = await client.post<{ id: string }[]>(`/api/alert-channels/${encodeURIComponent(channel.id)}/test`, {});
    answer(io, options.json, { channel, sent }, `A test is on its way to ${channel.name}. seatmatch alerts says whether it arrived.\n`);
    return 0;
  });
