import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { MappingChange, NewUsageReport, Upload, UsageBrought } from '../api.ts';
import { answer, type CommandIo, type ExitCode } from './command-io.ts';
import { type ServerClient, type ServerOptions, ServerRefused } from './server-client.ts';
import { withServer } from './server-plans.ts';

export interface ImportUsageOptions extends ServerOptions {
  readonly file: string;
  /** YYYY-MM-DD: both days belong to the period. Left out: as the report itself says. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly note?: string | undefined;
  /** COLUMN=FIELD. */
  readonly map?: readonly string[] | undefined;
  readonly json?: boolean | undefined;
}

/** `seatmatch import-usage`: brings a usage report of Sales Navigator to a server. What the report does not say of itself is asked for. */
export const importUsageCommand = (options: ImportUsageOptions, io: CommandIo): Promise<ExitCode> =>
  withServer(options, io, async (client) => {
    const found = await stat(options.file).catch(() => null);
    if (found === null) throw new ServerRefused('no-file', `There is no file ${options.file}.`);
    const name = path.basename(options.file);
    const query = new URLSearchParams({ name, modifiedAt: found.mtime.toISOString(), side: 'usage' });
    const upload = await withMap(
      client,
      await client.postFile<Upload>(`/api/uploads?${query}`, await readFile(options.file)),
      options.map ?? [],
    );
    if (upload.missing !== null) throw new ServerRefused('missing-column', `${name}: ${upload.missing}`);
    const period = upload.period?.isRead ? upload.period : null;
    const from = options.from ?? period?.from;
    const to = options.to ?? period?.to;
    if (from === undefined || to === undefined)
      throw new ServerRefused(
        'no-period',
        `${name} does not say of which days it is. Give the first and the last with --from and --to, as 2026-10-01.`,
      );
    const body: NewUsageReport = { upload: upload.id, from, to, ...(options.note === undefined ? {} : { note: options.note }) };
    const brought = await client.post<UsageBrought>('/api/usage/reports', body);
    const rejects = upload.rejects.map(({ line, column, reason }) => `  line ${line}${column === null ? '' : `, ${column}`}: ${reason}`);
    const left = upload.rejected > rejects.length ? [`  and ${upload.rejected - rejects.length} more`] : [];
    answer(io, options.json, { ...brought, from, to, rejects: upload.rejects }, [brought.sentence, ...rejects, ...left, ''].join('\n'));
    return 0;
  });

async function withMap(client: ServerClient, upload: Upload, map: readonly string[]): Promise<Upload> {
  if (map.length === 0) return upload;
  const said = new Map(
    map.map((entry) => {
      const at = entry.lastIndexOf('=');
      if (at < 1) throw new ServerRefused('bad-map', `"${entry}" is not COLUMN=FIELD. Write for example --map "Work mail=email".`);
      const [column, field] = [entry.slice(0, at).trim(), entry.slice(at + 1).trim()];
      if (!upload.mapping.some((one) => one.column === column))
        throw new ServerRefused(
          'bad-map',
          `--map names the column "${column}", which is not there. Columns: ${upload.mapping.map((one) => one.column).join(', ')}.`,
        );
      return [column, field];
    }),
  );
  const fields = new Set(said.values());
  const body: MappingChange = {
    mapping: upload.mapping.map(({ column, field }) => ({
      column,
      field: said.get(column) ?? (field !== null && fields.has(field) ? null : field),
    })),
  };
  return client.put<Upload>(`/api/uploads/${encodeURIComponent(upload.id)}/mapping`, body);
}
