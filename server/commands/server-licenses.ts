import { mkdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Licenses, NewUserFiles } from '../api.ts';
import { answer, type CommandIo, type ExitCode, orRefuse } from './command-io.ts';
import { openServer, type ServerOptions, ServerRefused } from './server-client.ts';

/**
 * `seatmatch licenses`: the licenses of a server's newest comparison in numbers, what to buy or return, and whom to look at. With `addTo`
 * the files that add CRM users without a license go into that folder.
 */
export const licensesCommand = (
  options: ServerOptions & { readonly json?: boolean | undefined; readonly addTo?: string | undefined },
  io: CommandIo,
): Promise<ExitCode> =>
  orRefuse(io, options.json, async () => {
    const client = await openServer(options);
    const licenses = await client.get<Licenses>('/api/licenses');
    if (options.addTo === undefined) {
      answer(io, options.json, { licenses }, licensesText(licenses));
      return 0;
    }
    const offered = await client.get<NewUserFiles>('/api/licenses/new-users');
    const files = offered.files.map(({ name, rows }) => ({ file: path.join(options.addTo!, name), name, rows }));
    for (const { file } of files)
      if (await stat(file).catch(() => null))
        throw new ServerRefused('exists', `${file} is there already. Upload it, or choose another folder.`);
    await mkdir(options.addTo, { recursive: true });
    for (const { file, name } of files)
      await writeFile(file, await client.text(`/api/licenses/new-users/${encodeURIComponent(name)}`), { flag: 'wx' });
    const { refusal, notAdded, sentence, closedBy } = offered;
    answer(
      io,
      options.json,
      { files: files.map(({ file, rows }) => ({ file, rows })), refusal, notAdded },
      refusal === null
        ? [
            sentence,
            ...files.map(({ file, rows }) => `  ${file}  ${rows} ${rows === 1 ? 'row' : 'rows'}`),
            ...notAdded.map((one) => `  not added: ${one.name || one.email}. ${one.sentence} ${one.nextStep}`),
            closedBy,
            '',
          ].join('\n')
        : `${refusal}\n`,
    );
    return refusal === null ? 0 : 1;
  });

const licensesText = ({ asOf, numbers, notCounted, advice, lists, withoutLicense }: Licenses): string =>
  asOf === null
    ? 'Nothing was compared yet.\n'
    : [
        ...numbers.map(({ label, value, sentence }) => `${String(value ?? '?').padStart(7)}  ${label}: ${sentence}`),
        notCounted.sentence,
        advice.sentence,
        ...advice.steps.map(({ sentence }) => `  ${sentence}`),
        withoutLicense.sentence,
        ...lists.map(({ sentence }) => sentence),
        '',
      ].join('\n');
