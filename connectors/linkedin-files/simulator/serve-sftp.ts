/**
 * The SFTP folders of an Admin Center on a local port: `exports` holds LinkedIn's exports and results, `uploads` takes files. LinkedIn
 * documents neither names nor times, so what is here is the connector's default: an upload is worked through once it has its own name, its
 * result lies beside the exports, and an export is sent whenever it would differ from the last one.
 */
import type { AddressInfo } from 'node:net';
import { posix } from 'node:path';
import ssh2, { type Sftp } from 'ssh2';
import type { AdminCenter } from './admin-center.ts';
import { uploadFile } from './bulk-upload.ts';
import { exportUsers } from './export-users.ts';
import { type HostKey, hostKeyOf } from './host-key.ts';

export const sftpFolders = { inbox: 'exports', outbox: 'uploads' } as const;

export interface SftpSimulatorOptions {
  /** Brings the clock to where it should be. */
  readonly center: () => AdminCenter;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly username: string;
  readonly password: string;
  /** Default 0: any free one. */
  readonly port?: number;
}

export interface SftpSimulator extends Pick<HostKey, 'fingerprint'> {
  readonly port: number;
  close(): Promise<void>;
}

interface StoredFile {
  bytes: Buffer;
  readonly modifiedAt: number;
}

// Node finds no names in this package.
const { Server, utils } = ssh2;
const { OPEN_MODE, STATUS_CODE } = utils.sftp;
const unfinished = /\.(?:part|tmp|filepart)$/iu;
/** What is read and written is far below it. */
const largestBytes = 64 * 2 ** 20;

/** Starts an SFTP server on 127.0.0.1. */
export async function serveSftp(options: SftpSimulatorOptions): Promise<SftpSimulator> {
  const { now, username, password } = options;
  const key = hostKeyOf('Seatmatch: the SFTP server of the simulators');
  const folders: Readonly<Record<string, Map<string, StoredFile>>> = { [sftpFolders.inbox]: new Map(), [sftpFolders.outbox]: new Map() };
  const inbox = folders[sftpFolders.inbox]!;
  let lastExport: Buffer | null = null;
  const open = new Set<{ end(): void }>();

  function sendExport(): void {
    const bytes = Buffer.from(exportUsers(options.center()).csv);
    if (lastExport?.equals(bytes)) return;
    lastExport = bytes;
    const at = new Date(now())
      .toISOString()
      .replace(/\.\d+Z$/, '')
      .replaceAll(':', '');
    inbox.set(`users-${at}.csv`, { bytes, modifiedAt: now() });
  }

  /** A file that has its own name now. */
  function workThrough(name: string, { bytes }: StoredFile): void {
    if (unfinished.test(name)) return;
    const { result } = uploadFile(options.center(), name, bytes);
    inbox.set(`${name.replace(/\.csv$/iu, '')}-result.csv`, { bytes: Buffer.from(result), modifiedAt: now() });
  }

  /** Null: no such place. */
  function placeOf(path: string): { readonly folder: string; readonly name: string } | null {
    const [folder = '', name = '', ...deeper] = posix.resolve('/', path).slice(1).split('/');
    return deeper.length === 0 && (folder === '' || Object.hasOwn(folders, folder)) ? { folder, name } : null;
  }

  function serve(sftp: Sftp): void {
    const handles = new Map<
      number,
      { readonly folder: string; readonly name: string; file: StoredFile | null; listed: boolean; isWritten: boolean }
    >();
    let number = 0;
    const take = (handle: Buffer) => (handle.length === 4 ? handles.get(handle.readUInt32BE()) : undefined);
    const give = (id: number, folder: string, name: string, file: StoredFile | null, isWritten = false): void => {
      const handle = Buffer.alloc(4);
      handle.writeUInt32BE(++number);
      handles.set(number, { folder, name, file, listed: false, isWritten });
      sftp.handle(id, handle);
    };
    const stat = (id: number, path: string): void => {
      const place = placeOf(path);
      const file = place === null ? undefined : folders[place.folder]?.get(place.name);
      if (place === null || (place.name !== '' && file === undefined)) sftp.status(id, STATUS_CODE.NO_SUCH_FILE);
      else sftp.attrs(id, attributesOf(file ?? null));
    };
    sftp
      .on('REALPATH', (id, path) => sftp.name(id, [{ filename: posix.resolve('/', path), longname: '', attrs: {} }]))
      .on('STAT', stat)
      .on('LSTAT', stat)
      .on('OPENDIR', (id, path) => {
        const place = placeOf(path);
        if (place === null || place.name !== '') return sftp.status(id, STATUS_CODE.NO_SUCH_FILE);
        if (place.folder === sftpFolders.inbox) sendExport();
        give(id, place.folder, '', null);
      })
      .on('READDIR', (id, handle) => {
        const one = take(handle);
        if (one === undefined || one.file !== null) return sftp.status(id, STATUS_CODE.FAILURE);
        if (one.listed) return sftp.status(id, STATUS_CODE.EOF);
        one.listed = true;
        const entries: readonly (readonly [string, StoredFile | null])[] =
          one.folder === '' ? Object.keys(folders).map((name) => [name, null]) : [...folders[one.folder]!];
        if (entries.length === 0) return sftp.status(id, STATUS_CODE.EOF);
        sftp.name(
          id,
          entries.map(([filename, file]) => ({
            filename,
            // Clients read the kind of an entry off its first sign.
            longname: `${file === null ? 'drwxr-xr-x' : '-rw-r--r--'} 1 linkedin linkedin ${file?.bytes.length ?? 0} ${filename}`,
            attrs: attributesOf(file),
          })),
        );
      })
      .on('OPEN', (id, path, flags) => {
        const place = placeOf(path);
        if (place === null || place.folder === '' || place.name === '') return sftp.status(id, STATUS_CODE.NO_SUCH_FILE);
        const there = folders[place.folder]!.get(place.name);
        if ((flags & OPEN_MODE.WRITE) === 0)
          return there === undefined ? sftp.status(id, STATUS_CODE.NO_SUCH_FILE) : give(id, place.folder, place.name, there);
        // LinkedIn's own folder; and nothing is overwritten.
        if (place.folder !== sftpFolders.outbox) return sftp.status(id, STATUS_CODE.PERMISSION_DENIED);
        if (there !== undefined || (flags & OPEN_MODE.CREAT) === 0) return sftp.status(id, STATUS_CODE.FAILURE);
        const file = { bytes: Buffer.alloc(0), modifiedAt: now() };
        folders[place.folder]!.set(place.name, file);
        give(id, place.folder, place.name, file, true);
      })
      .on('FSTAT', (id, handle) => {
        const one = take(handle);
        if (one === undefined) sftp.status(id, STATUS_CODE.FAILURE);
        else sftp.attrs(id, attributesOf(one.file));
      })
      // Rights of a file mean nothing here.
      .on('FSETSTAT', (id) => sftp.status(id, STATUS_CODE.OK))
      .on('READ', (id, handle, offset, length) => {
        const file = take(handle)?.file;
        if (!file) return sftp.status(id, STATUS_CODE.FAILURE);
        if (offset >= file.bytes.length) return sftp.status(id, STATUS_CODE.EOF);
        sftp.data(id, file.bytes.subarray(offset, offset + length));
      })
      .on('WRITE', (id, handle, offset, bytes) => {
        const one = take(handle);
        if (!one?.file || !one.isWritten || offset + bytes.length > largestBytes) return sftp.status(id, STATUS_CODE.FAILURE);
        const whole = Buffer.alloc(Math.max(one.file.bytes.length, offset + bytes.length));
        one.file.bytes.copy(whole);
        bytes.copy(whole, offset);
        one.file.bytes = whole;
        sftp.status(id, STATUS_CODE.OK);
      })
      .on('CLOSE', (id, handle) => {
        const one = take(handle);
        if (one === undefined) return sftp.status(id, STATUS_CODE.FAILURE);
        handles.delete(handle.readUInt32BE());
        if (one.file !== null && one.isWritten) workThrough(one.name, one.file);
        sftp.status(id, STATUS_CODE.OK);
      })
      .on('RENAME', (id, from, to) => {
        const [old, next] = [placeOf(from), placeOf(to)];
        const file = old === null ? undefined : folders[old.folder]?.get(old.name);
        if (old === null || next === null || next.name === '' || file === undefined) return sftp.status(id, STATUS_CODE.NO_SUCH_FILE);
        if (old.folder !== sftpFolders.outbox || next.folder !== sftpFolders.outbox) return sftp.status(id, STATUS_CODE.PERMISSION_DENIED);
        const outbox = folders[sftpFolders.outbox]!;
        if (outbox.has(next.name)) return sftp.status(id, STATUS_CODE.FAILURE);
        outbox.delete(old.name);
        outbox.set(next.name, file);
        workThrough(next.name, file);
        sftp.status(id, STATUS_CODE.OK);
      });
  }

  const server = new Server({ hostKeys: [key.privateKey] }, (client) => {
    open.add(client);
    client.on('close', () => void open.delete(client));
    // Whoever leaves in the middle.
    client.on('error', () => {});
    client.on('authentication', (attempt) => {
      if (attempt.method === 'password' && attempt.username === username && attempt.password === password) attempt.accept();
      else attempt.reject(['password']);
    });
    client.on('session', (accept) => accept().on('sftp', (begin) => serve(begin())));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  sendExport();
  return {
    port: (server.address() as AddressInfo).port,
    fingerprint: key.fingerprint,
    async close() {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      for (const client of open) client.end();
      await closed;
    },
  };
}

const attributesOf = (file: StoredFile | null) => {
  const at = Math.floor((file?.modifiedAt ?? 0) / 1_000);
  return { mode: file === null ? 0o040755 : 0o100644, uid: 0, gid: 0, size: file?.bytes.length ?? 0, atime: at, mtime: at };
};
