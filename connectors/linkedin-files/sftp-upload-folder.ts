import { randomUUID } from 'node:crypto';
import { posix } from 'node:path';
import type { DeliveredExport, UploadFolder } from '../connector.ts';
import { RequestFailed } from '../errors.ts';
import { openAccountFile } from './connector.ts';
import { filesLike, readWhole, type SftpFolders, unfinishedName } from './sftp-folders.ts';
import { type SftpSession, withSftp } from './sftp-session.ts';

export interface NewestExport extends DeliveredExport {
  readonly name: string;
}

/** Newer files that are no list of users (results, usage reports) are passed over; more of them than this are a full house. */
const mostLooks = 20;

/** The newest list of users in the inbox, whole. Throws RequestFailed where there is none, or it is still being written. */
export const newestExport = (folders: SftpFolders, request: string, signal?: AbortSignal): Promise<NewestExport> =>
  withSftp(folders.sftp, request, signal, async (session) => {
    const files = await filesLike(session, folders, folders.exports ?? '*.csv');
    for (const file of files.slice(0, mostLooks)) {
      const bytes = await readWhole(session, folders, file, request, signal);
      const { kind } = await openAccountFile(bytes, { name: file.name });
      if (kind === 'users') return { name: file.name, bytes, usersShown: null, asOf: new Date(file.modifiedAt).toISOString() };
    }
    throw new RequestFailed('not-found', request, {
      sentence: `There is no export of users in ${folders.inbox}. In Admin Center choose Users, then Manage users via CSV, and send it there.`,
    });
  });

/**
 * The folders into which upload files go, and in which LinkedIn's results and exports lie. Nothing on the server is overwritten or deleted: a
 * file of ours gets its name once it is whole. An export cannot be asked for: the newest one is given, with the time that the server shows.
 */
export function sftpUploadFolder(options: SftpFolders): UploadFolder {
  const { sftp, outbox, results = '{name}-result.csv' } = options;

  async function hand(session: SftpSession, name: string, bytes: Uint8Array): Promise<void> {
    const place = posix.join(outbox, name);
    if ((await session.list(outbox)).some((file) => file.name === name)) {
      // An earlier try came this far.
      if (Buffer.compare(await session.read(place), bytes) === 0) return;
      throw new RequestFailed('conflict', 'upload', { sentence: `${place} is there already, with other rows. Nothing was sent.` });
    }
    const unfinished = posix.join(outbox, unfinishedName(options, name, randomUUID().slice(0, 8)));
    await session.create(unfinished, bytes);
    await session.rename(unfinished, place);
  }

  async function look(name: string, signal: AbortSignal | undefined): Promise<Buffer | null> {
    return withSftp(sftp, 'result', signal, async (session) => {
      const pattern = results.replace('{name}', () => name.replace(/\.csv$/i, ''));
      const file = (await filesLike(session, options, pattern)).find((one) => one.name !== name);
      return file === undefined ? null : readWhole(session, options, file, 'result', signal);
    });
  }

  return {
    async hand(name, bytes, { signal } = {}) {
      if (posix.basename(name) !== name || name.startsWith('.')) throw new TypeError(`${name} is no name of a file.`);
      await withSftp(sftp, 'upload', signal, (session) => hand(session, name, bytes));
    },
    resultOf: (name, { signal } = {}) =>
      look(name, signal).catch((error: unknown) => {
        // Away for a moment, or still being written: the next look tells.
        if (error instanceof RequestFailed && (error.code === 'unavailable' || error.code === 'timeout')) return null;
        throw error;
      }),
    newestExport: ({ signal } = {}) =>
      newestExport(options, 'export', signal).catch((error: unknown) => {
        if (error instanceof RequestFailed && error.code === 'not-found') return null;
        throw error;
      }),
  };
}
