/** Where files lie on LinkedIn's SFTP server, and which of them may be taken: all of it settings, because LinkedIn documents none of it. */
import { posix } from 'node:path';
import { z } from 'zod';
import { RequestFailed } from '../errors.ts';
import { pause } from '../rate-limit.ts';
import type { RemoteFile, SftpAccess, SftpSession } from './sftp-session.ts';

/** The connection in a configuration file. `secret` is what stands there for a secret. */
export const linkedInFilesSettings = <Secret extends z.ZodType>(secret: Secret) =>
  z.strictObject({
    type: z.literal('linkedin-files'),
    /** Folders on the server: where LinkedIn puts exports and results, and where uploads go. */
    inbox: z.string().min(1),
    outbox: z.string().min(1),
    sftp: z
      .strictObject({
        host: z.string().min(1),
        port: z.int().min(1).max(65_535).default(2_705),
        username: z.string().min(1),
        privateKey: secret.exactOptional(),
        passphrase: secret.exactOptional(),
        password: secret.exactOptional(),
        hostKey: z
          .string()
          .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, "is the server's fingerprint as ssh-keygen -lf writes it: SHA256: and 43 characters"),
        hostKeyAlgorithms: z.array(z.string().min(1)).min(1).exactOptional(),
      })
      .refine(({ privateKey, password }) => (privateKey === undefined) !== (password === undefined), {
        path: ['privateKey'],
        error: 'is needed, or else a password; not both',
      }),
    options: z
      .strictObject({
        /** `*` stands for anything. */
        exports: z.string().min(1).exactOptional(),
        /** `{name}` stands for the upload's own name without `.csv`. */
        results: z.string().includes('{name}', 'names the upload by {name}').exactOptional(),
        /** Behind the name of a file that is still being written, by them or by us. */
        unfinished: z.array(z.string().min(1)).min(1).exactOptional(),
      })
      .default({}),
  });

export interface SftpFolders {
  readonly sftp: SftpAccess;
  readonly inbox: string;
  readonly outbox: string;
  /** Default `*.csv`. */
  readonly exports?: string;
  /** Default `{name}-result.csv`. */
  readonly results?: string;
  /** Default `.part`, `.tmp`, `.filepart`; the first is the one that we write. */
  readonly unfinished?: readonly string[];
  /** Between two looks at a file, which must not differ; default 2,000. */
  readonly settleMs?: number;
  /** Resolves after so many milliseconds; default by a timer. */
  readonly wait?: (ms: number, signal?: AbortSignal) => Promise<void>;
}

const usualUnfinished = ['.part', '.tmp', '.filepart'] as const;
/** A users export of the largest contract is a tenth of it. */
const largestBytes = 200_000_000;

export const unfinishedName = ({ unfinished = usualUnfinished }: SftpFolders, name: string, mark: string): string =>
  `${name}.${mark}${unfinished[0]}`;

/** Files of the inbox that a pattern names, newest first; on the same second by name, which usually carries a date. */
export async function filesLike(session: SftpSession, folders: SftpFolders, pattern: string): Promise<readonly RemoteFile[]> {
  const { inbox, unfinished = usualUnfinished } = folders;
  const like = new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`, 'iu');
  const isWanted = ({ name }: RemoteFile): boolean =>
    !name.startsWith('.') && like.test(name) && !unfinished.some((end) => name.endsWith(end));
  const files = await session.list(inbox);
  return files.filter(isWanted).toSorted((a, b) => b.modifiedAt - a.modifiedAt || (a.name < b.name ? 1 : -1));
}

/**
 * The bytes of a file that nobody writes to any more: the same size and time at two looks and after it was read, all of its bytes, and a
 * line break at its end. Throws RequestFailed `unavailable` where it is still being written: nothing older is taken instead.
 */
export async function readWhole(
  session: SftpSession,
  folders: SftpFolders,
  file: RemoteFile,
  request: string,
  signal: AbortSignal | undefined,
): Promise<Buffer> {
  const { inbox, settleMs = 2_000, wait = pause } = folders;
  if (file.size > largestBytes) throw new RequestFailed('invalid-response', request);
  const again = async (): Promise<RemoteFile | undefined> => (await session.list(inbox)).find(({ name }) => name === file.name);
  await wait(settleMs, signal);
  if (!isSame(file, await again())) throw stillWritten(file, request);
  const bytes = await session.read(posix.join(inbox, file.name));
  if (!isSame(file, await again()) || bytes.length !== file.size) throw stillWritten(file, request);
  if (bytes.at(-1) !== 10 && bytes.at(-1) !== 13) throw stillWritten(file, request);
  return bytes;
}

const isSame = (a: RemoteFile, b: RemoteFile | undefined): boolean => b !== undefined && a.size === b.size && a.modifiedAt === b.modifiedAt;

const stillWritten = ({ name }: RemoteFile, request: string): RequestFailed =>
  new RequestFailed('unavailable', request, {
    sentence: `${name} is still being written, or was cut off. Nothing was taken; try again in a minute.`,
  });
