import { createHash, randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type pg from 'pg';
import { writeAudit } from '../store/audit.ts';
import { type Scope, transaction } from '../store/database.ts';
import { insertUpload, tellUpload } from '../store/upload.ts';
import { type BroughtAs, type FileOpeners, recognizeFile } from './recognize-file.ts';

export interface Uploads {
  readonly pool: pg.Pool;
  readonly workspace: Scope;
  readonly openers: FileOpeners;
  /** Directory of the files, each named by its id. */
  readonly directory: string;
  readonly largestBytes: number;
  /** Whose file this is; the demo knows its own, whoever brings them. */
  readonly ownerOf: (sha256: string, actor: string) => string;
}

/** A file that is not kept: the message is for the person who brought it. */
export class FileNotKept extends Error {
  override readonly name = 'FileNotKept';
  readonly reason: 'too-large' | 'disk-full' | 'unusable';
  constructor(reason: FileNotKept['reason'], sentence: string, options?: ErrorOptions) {
    super(sentence, options);
    this.reason = reason;
  }
}

/** Why a file that is known cannot be read: it lies on the disk of another machine. */
export const notOnThisDisk = (name: string): string =>
  `${name} is not on the disk of the process that wants to read it. All processes of one database need the same directory of files ` +
  '(SEATMATCH_DATA): share it between them, then try again.';

export const uploadPath = (directory: string, id: string) => join(directory, `${id}.csv`);

/**
 * Streams a file to disk, recognises it and keeps it; returns its id. A refused file leaves nothing behind.
 * The demo's own two files and those of watched folders come this way as well.
 * @throws FileNotKept
 */
export async function receiveFile(
  uploads: Uploads,
  body: Readable,
  told: { name: string; side: BroughtAs | null; modifiedAt: string; actor: string },
): Promise<string> {
  const { pool, workspace, openers, directory } = uploads;
  const id = randomUUID();
  const part = join(directory, `${id}.part`);
  const path = uploadPath(directory, id);
  try {
    const { bytes, sha256 } = await writeBody(body, part, uploads.largestBytes);
    await rename(part, path);
    const recognition = await recognizeFile(openers, path, { name: told.name, side: told.side, exportedAt: told.modifiedAt });
    if ('refusal' in recognition) throw new FileNotKept('unusable', recognition.refusal);
    const { name, modifiedAt, actor } = told;
    await transaction(pool, async (client) => {
      await insertUpload(client, workspace, {
        id,
        name,
        bytes,
        sha256,
        modifiedAt,
        recognition,
        uploadedBy: uploads.ownerOf(sha256, actor),
      });
      await writeAudit(client, workspace.workspaceId, { actor, action: 'file brought', subject: id, detail: { name, bytes } });
      await tellUpload(client, workspace, id);
    });
  } catch (error) {
    await Promise.all([rm(part, { force: true }), rm(path, { force: true })]);
    throw error;
  }
  return id;
}

async function writeBody(body: Readable, path: string, largestBytes: number): Promise<{ bytes: number; sha256: string }> {
  let bytes = 0;
  const hash = createHash('sha256');
  try {
    await using file = await open(path, 'wx');
    // Not a pipeline: that would cut the connection on which the refusal has to travel.
    for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > largestBytes) throw tooLarge(largestBytes);
      hash.update(chunk);
      await file.appendFile(chunk);
    }
    await file.sync();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') {
      throw new FileNotKept('disk-full', 'The disk of the server is full. Make room, then bring the file again.', { cause: error });
    }
    throw error;
  }
  return { bytes, sha256: hash.digest('hex') };
}

export const tooLarge = (largestBytes: number) =>
  new FileNotKept(
    'too-large',
    `The file is larger than ${Math.floor(largestBytes / 1_000_000)} MB. Export fewer columns, or raise SEATMATCH_UPLOAD_MB.`,
  );
