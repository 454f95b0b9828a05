import type { Invitations } from '../api.ts';
import { answer, type CommandIo, type ExitCode } from './command-io.ts';
import type { ServerOptions } from './server-client.ts';
import { withServer } from './server-plans.ts';

export interface InvitationsCommandOptions extends ServerOptions {
  readonly team?: string | undefined;
  readonly manager?: string | undefined;
  readonly due?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** `seatmatch invitations`: the open invitations of a server, the oldest first. Exit 1 while one is old enough to be sent again. */
export const invitationsCommand = (options: InvitationsCommandOptions, io: CommandIo): Promise<ExitCode> =>
  withServer(options, io, async (client) => {
    const query = new URLSearchParams({ limit: '2000', ...(options.due ? { age: 'due' } : {}) });
    if (options.team !== undefined) query.set('team', options.team);
    if (options.manager !== undefined) query.set('manager', options.manager);
    let page = await client.get<Invitations>(`/api/invitations?${query}`);
    const rows = [...page.rows];
    const first = page;
    while (page.next !== null) {
      query.set('cursor', page.next);
      page = await client.get<Invitations>(`/api/invitations?${query}`);
      rows.push(...page.rows);
    }
    const { next: _, ...all } = first;
    const text = [
      first.asOf === null ? first.told : first.sentence,
      ...rows.map(
        ({ name, email, days, actor, nextStep }) => `${String(days).padStart(4)} days  ${name} <${email}>  ${actor}: ${nextStep}`,
      ),
      '',
    ].join('\n');
    answer(io, options.json, { ...all, rows }, text);
    return first.due === 0 ? 0 : 1;
  });
