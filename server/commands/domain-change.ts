import type { DomainChange, DomainChanges } from '../api.ts';
import { answer, type CommandIo, type ExitCode } from './command-io.ts';
import type { OnServer } from './decisions.ts';
import { type ServerClient, ServerRefused } from './server-client.ts';
import { planOnServer, withServer } from './server-plans.ts';

const textOf = ({ id, old, current, sentence, places, forecast, isOver, endsOn }: DomainChange): string =>
  [
    `${old} becomes ${current}, both valid until ${endsOn}${isOver ? ' (over)' : ''}  ${id}`,
    `  ${sentence}`,
    ...places.map(({ label, count, atStart }) => `${String(count).padStart(7)}  ${label} (${atStart} on the first day)`),
    `  ${forecast.sentence}`,
    ...forecast.waves.map(({ number, people, on }) => `  wave ${number}: ${people} on ${on}`),
    '',
  ].join('\n');

/** @param wanted its id, or its old domain */
async function find(client: ServerClient, wanted: string): Promise<DomainChange> {
  const { rows } = await client.get<DomainChanges>('/api/domain-changes');
  const found = rows.find(({ id, old }) => id === wanted || old === wanted.toLowerCase());
  if (!found) throw new ServerRefused('not-found', `No change of domain of ${wanted} is under way. See them all: seatmatch domain-change.`);
  return found;
}

/** `seatmatch domain-change`: the changes under way. Exit 1 while one of them will not end in time. */
export const listDomainChangesCommand = (options: OnServer, io: CommandIo): Promise<ExitCode> =>
  withServer(options, io, async (client) => {
    const changes = await client.get<DomainChanges>('/api/domain-changes');
    answer(io, options.json, changes, changes.rows.map(textOf).join('\n') || 'No change of domain is under way.\n');
    return changes.rows.every(({ forecast }) => forecast.isInTime) ? 0 : 1;
  });

/** `seatmatch domain-change start`: both domains are valid for some days. Changes no license by itself. */
export const startDomainChangeCommand = (
  options: OnServer & { readonly old: string; readonly current: string; readonly days: number; readonly perWave: number },
  io: CommandIo,
): Promise<ExitCode> =>
  withServer(options, io, async (client) => {
    const { old, current, days, perWave } = options;
    const { id } = await client.post<{ id: string }>('/api/domain-changes', { old, current, days, perWave });
    const change = await find(client, id);
    answer(io, options.json, change, textOf(change));
    return 0;
  });

export const endDomainChangeCommand = (options: OnServer & { readonly change: string }, io: CommandIo): Promise<ExitCode> =>
  withServer(options, io, async (client) => {
    const change = await find(client, options.change);
    await client.delete(`/api/domain-changes/${encodeURIComponent(change.id)}`);
    answer(io, options.json, { ended: change }, `Ended. That ${change.old} became ${change.current} stays known.\n`);
    return 0;
  });

/** `seatmatch domain-change report`: everybody whom it concerns, as CSV on the output. */
export const domainChangeReportCommand = (options: OnServer & { readonly change: string }, io: CommandIo): Promise<ExitCode> =>
  withServer(options, io, async (client) => {
    const change = await find(client, options.change);
    const csv = await client.text(`/api/domain-changes/${encodeURIComponent(change.id)}/report`);
    answer(io, options.json, { change, csv }, csv);
    return 0;
  });

/** `seatmatch domain-change wave`: plans the next wave as a draft; nothing happens before it is approved. */
export const domainChangeWaveCommand = async (
  options: OnServer & { readonly change: string; readonly assignee?: string | undefined },
  io: CommandIo,
): Promise<ExitCode> => {
  let wave: readonly string[] | null = null;
  const looked = await withServer(options, io, async (client) => {
    const change = await find(client, options.change);
    if (change.nextWave.length === 0) throw new ServerRefused('nobody', change.forecast.sentence);
    wave = change.nextWave;
    return 0;
  });
  return wave === null ? looked : planOnServer({ ...options, license: wave }, io);
};
