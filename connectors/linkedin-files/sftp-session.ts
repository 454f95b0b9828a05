/** One connection to an SFTP server whose host key is pinned: lists, reads, and writes files that are not there yet. Deletes nothing. */
import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import SftpClient from 'ssh2-sftp-client';
import { RequestFailed, type RequestFailure } from '../errors.ts';

export interface SftpAccess {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  /** One of the two. */
  readonly privateKey?: string | undefined;
  readonly password?: string | undefined;
  readonly passphrase?: string | undefined;
  /** `SHA256:…`, as `ssh-keygen -lf` writes it. */
  readonly hostKey: string;
  /** Kinds of host keys that may be agreed on; default the current ones, without the SHA-1 signatures of `ssh-rsa` and `ssh-dss`. */
  readonly hostKeyAlgorithms?: readonly string[] | undefined;
  /** For each step; default 30,000. */
  readonly timeoutMs?: number | undefined;
}

export interface RemoteFile {
  readonly name: string;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
}

export interface SftpSession {
  /** Regular files: a link could lead anywhere. */
  list(folder: string): Promise<readonly RemoteFile[]>;
  read(path: string): Promise<Buffer>;
  /** Fails with `conflict` where something is there. */
  create(path: string, bytes: Uint8Array): Promise<void>;
  /** The same. */
  rename(from: string, to: string): Promise<void>;
}

/**
 * Connects, does the work and disconnects, whatever happens. Every failure is a RequestFailed, or the signal's reason; an error of the
 * work's own passes through.
 * @param request what it is for, in our words
 */
export async function withSftp<Result>(
  access: SftpAccess,
  request: string,
  signal: AbortSignal | undefined,
  work: (session: SftpSession) => Promise<Result>,
): Promise<Result> {
  signal?.throwIfAborted();
  const { host, port, timeoutMs = 30_000 } = access;
  // The socket is ours, so that a server that says nothing is left when the time is up: the client's own end() waits for its answer.
  const socket = connect({ host, port, noDelay: true });
  // The package says what happens by console.log where nobody listens; what matters rejects the step under way.
  const client = new SftpClient('seatmatch', { error() {}, end() {}, close() {} });
  let shown: string | null = null;

  async function step<Value>(act: () => Promise<Value>, mayHaveArrived = false): Promise<Value> {
    const late = AbortSignal.timeout(timeoutMs);
    const ends = signal ? AbortSignal.any([signal, late]) : late;
    const ended = Promise.withResolvers<never>();
    const end = (): void => {
      socket.destroy();
      ended.reject(signal?.aborted ? signal.reason : new RequestFailed('timeout', request, { mayHaveArrived }));
    };
    ends.addEventListener('abort', end, { once: true });
    try {
      return await Promise.race([act(), ended.promise]);
    } catch (cause) {
      if (signal?.aborted || cause instanceof RequestFailed) throw cause;
      throw failureOf(cause);
    } finally {
      ends.removeEventListener('abort', end);
    }

    function failureOf(cause: unknown): RequestFailed {
      if (shown !== null && shown !== access.hostKey) return otherHost(access, shown, request);
      const code = codeOf(cause);
      const facts = { mayHaveArrived: mayHaveArrived && (code === 'unavailable' || code === 'timeout') };
      return new RequestFailed(code, request, { ...facts, sentence: sentenceOf(code, access) }, { cause });
    }
  }

  try {
    await step(() =>
      client.connect({
        sock: socket,
        username: access.username,
        ...(access.password === undefined ? {} : { password: access.password }),
        ...(access.privateKey === undefined ? {} : { privateKey: access.privateKey }),
        ...(access.passphrase === undefined ? {} : { passphrase: access.passphrase }),
        readyTimeout: timeoutMs,
        hostVerifier(key) {
          shown = fingerprintOf(key);
          return shown === access.hostKey;
        },
        algorithms: { serverHostKey: access.hostKeyAlgorithms ?? currentHostKeys },
      }),
    );
    return await work({
      async list(folder) {
        const entries = await step(() => client.list(folder));
        return entries.filter(({ type }) => type === '-').map(({ name, size, modifyTime }) => ({ name, size, modifiedAt: modifyTime }));
      },
      read: (path) => step(() => client.get(path)),
      create: async (path, bytes) => void (await step(() => client.put(Buffer.from(bytes), path, { writeStreamOptions: { flags: 'wx' } }))),
      rename: async (from, to) => void (await step(() => client.rename(from, to), true)),
    });
  } finally {
    socket.destroy();
  }
}

/** What OpenSSH offers today. */
const currentHostKeys = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
];

const fingerprintOf = (key: Buffer): string => `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;

const otherHost = ({ host, port, hostKey }: SftpAccess, shown: string, request: string): RequestFailed =>
  new RequestFailed('forbidden', request, {
    sentence: `${host}:${port} shows the host key ${shown}, and the connection is pinned to ${hostKey}. Nothing was sent. Ask LinkedIn whether its key has changed; only then write the new one as hostKey.`,
  });

/** The package's errors carry a code of the network, or of SFTP (2 no such file, 3 permission denied, 4 failure), or nothing but a text. */
function codeOf(cause: unknown): RequestFailure {
  const { code, message } = cause as { readonly code?: unknown; readonly message?: string };
  if (/authentication methods failed|privateKey|passphrase/i.test(message ?? '')) return 'unauthorized';
  if (code === 2 || code === 'ENOENT' || code === 'ERR_NOT_EXIST') return 'not-found';
  if (code === 3 || code === 'EACCES') return 'forbidden';
  if (code === 4 || code === 11) return 'conflict';
  if (/^Timed out/i.test(message ?? '')) return 'timeout';
  return 'unavailable';
}

function sentenceOf(code: RequestFailure, { host, port, username }: SftpAccess): string | null {
  const where = `${host}:${port}`;
  switch (code) {
    case 'unauthorized':
      return `${where} does not let ${username} in. Check the user name, and that the public key of this connection is registered there.`;
    case 'not-found':
      return `${where} has no such folder. Check inbox and outbox of the connection.`;
    case 'forbidden':
      return `${where} does not let ${username} read or write there. Check inbox and outbox of the connection, and the rights of that user.`;
    case 'unavailable':
      return `${where} cannot be reached by SFTP. Check host and port and the network, or try again later.`;
    default:
      return null;
  }
}
