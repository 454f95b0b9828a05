/**
 * What reading a file needs of the machine, Node's way. The two-file page runs in a browser and is built with a file of its own in this
 * one's place, so that `csv.ts` is the same in both.
 */

import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { FileRefused } from './errors.ts';

export { isUtf8 };

/** A file's bytes where there was room for them; one line feed may stand after `size`. */
export interface BytesRead {
  readonly raw: Uint8Array;
  readonly size: number;
  /** ISO 8601; null for bytes that came without a file. */
  readonly modifiedAt: string | null;
}

const readChunk = 2 ** 28;

/** What a file is called, without its folder. */
export const fileName = (path: string): string => basename(path);

/** SHA-256, hex. */
export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Text of UTF-8, in place: these bytes are shared, and TextDecoder would want a copy. */
export const utf8Text = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString();

/** One character a byte. */
export const latin1Text = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1');

/** Whether a NUL stands among the first `size` bytes. */
export const holdsNul = (bytes: Uint8Array, size: number): boolean => Buffer.from(bytes.buffer, bytes.byteOffset, size).includes(0);

/** Lets the event loop run. */
export const nextTurn = (): Promise<void> => setImmediate();

/** Reads a whole file into the room that `allocate` gives. Throws FileRefused `unreadable` and `cut-off`. */
export async function readWhole(path: string, name: string, allocate: (size: number) => Uint8Array): Promise<BytesRead> {
  try {
    await using file = await open(path);
    const stat = await file.stat();
    if (!stat.isFile()) {
      const bytes = await readFile(path);
      const raw = allocate(bytes.length);
      raw.set(bytes);
      return { raw, size: bytes.length, modifiedAt: null };
    }
    const { size } = stat;
    const raw = allocate(size);
    let at = 0;
    while (at < size) {
      const { bytesRead } = await file.read(raw, at, Math.min(readChunk, size - at), at);
      if (bytesRead === 0)
        throw new FileRefused('cut-off', name, 'The file became shorter while it was read. Wait until it is written, then try again.');
      at += bytesRead;
    }
    return { raw, size, modifiedAt: stat.mtime.toISOString() };
  } catch (cause) {
    if (cause instanceof FileRefused) throw cause;
    const code = cause instanceof Error && 'code' in cause ? cause.code : null;
    const why =
      code === 'ENOENT'
        ? 'There is no such file.'
        : code === 'EISDIR'
          ? 'This is a folder, not a file.'
          : `The file cannot be read (${code}).`;
    throw new FileRefused('unreadable', name, `${why} Check the path.`, { cause });
  }
}
