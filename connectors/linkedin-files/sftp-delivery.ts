import { randomUUID } from 'node:crypto';
import { posix } from 'node:path';
import type { DeliveredExport, UploadDelivery } from '../connector.ts';
import { RequestFailed } from '../errors.ts';
import { pause } from '../rate-limit.ts';
import { openAccountFile } from './connector.ts';
import { filesLike, readWhole, type SftpFolders, unfinishedName } from './sftp-folders.ts';
import { type SftpSession, withSftp } from './sftp-session.ts';

export interface SftpDeliveryOptions extends SftpFolders {
  /** Until a result is there; default 3,600,000: LinkedIn says nowhere how long it takes. */
  readonly resultWithinMs?: number;
  /** Between two looks for it; default 30,000. */
  readonly lookEveryMs?: number;
}

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
 * Hands upload files to LinkedIn over SFTP and brings its results and exports back. Nothing on the server is overwritten or deleted: a
 * file of ours gets its name once it is whole, and one that is there already is only waited for. An export cannot be asked for: the newest
 * one is given, with the time that the server shows.
 */
export function sftpDelivery(options: SftpDeliveryOptions): UploadDelivery {
  const { sftp, outbox, results = '{name}-result.csv', resultWithinMs = 3_600_000, lookEveryMs = 30_000, wait = pause } = options;

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

  async function resultOf(name: string, signal: AbortSignal | undefined): Promise<Uint8Array> {
    for (let waited = 0; ; waited += lookEveryMs) {
      const result = await look(name, signal).catch((error: unknown) => {
        // Away for a moment, or still being written: the next look tells.
        if (error instanceof RequestFailed && (error.code === 'unavailable' || error.code === 'timeout') && waited < resultWithinMs)
          return null;
        throw error;
      });
      if (result !== null) return result;
      if (waited >= resultWithinMs) throw new RequestFailed('timeout', 'result');
      await wait(lookEveryMs, signal);
    }
  }

  return {
    async upload(name, bytes, { signal } = {}) {
      if (posix.basename(name) !== name || name.startsWith('.')) throw new TypeError(`${name} is no name of a file.`);
      await withSftp(sftp, 'upload', signal, (session) => hand(session, name, bytes));
      try {
        return { result: await resultOf(name, signal) };
      } catch (error) {
        if (!(error instanceof RequestFailed)) throw error;
        // The file is with LinkedIn by now, whatever became of its result.
        const { code, request, sentence } = error;
        throw new RequestFailed(code, request, { sentence, mayHaveArrived: true }, { cause: error });
      }
    },
    exportUsers: (_who, { signal } = {}) => newestExport(options, 'export', signal),
    // A file tells nothing of what is free.
    facts: async () => null,
  };
}
