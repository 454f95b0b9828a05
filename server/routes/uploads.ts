import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type pg from 'pg';
import type { Upload } from '../api.ts';
import { type FileOpeners, type Recognition, recognizeFile } from '../jobs/recognize-file.ts';
import { writeAudit } from '../store/audit.ts';
import { deleteUpload, findUpload, insertUpload, type StoredUpload, updateUploadMapping } from '../store/upload.ts';
import type { Workspace } from '../store/workspace.ts';
import type { Handlers } from './endpoint.ts';
import { notFound, RequestRefused } from './problem.ts';

export interface Uploads {
  readonly pool: pg.Pool;
  readonly workspace: Workspace;
  readonly openers: FileOpeners;
  /** Directory of the files, each named by its id. */
  readonly directory: string;
  readonly largestBytes: number;
}

export const uploadPath = (directory: string, id: string) => join(directory, `${id}.csv`);

/**
 * Streams a file to disk, recognises it and keeps it. A refused file leaves nothing behind.
 * The demo's own two files come this way as well.
 */
export async function receiveUpload(
  uploads: Uploads,
  body: Readable,
  told: { name: string; side: 'licenses' | 'crm' | null; modifiedAt: string; actor: string },
): Promise<Upload> {
  const { pool, workspace, openers, directory } = uploads;
  const id = randomUUID();
  const part = join(directory, `${id}.part`);
  const path = uploadPath(directory, id);
  try {
    const bytes = await writeBody(body, part, uploads.largestBytes);
    await rename(part, path);
    const recognition = await recognizeFile(openers, path, { name: told.name, side: told.side, exportedAt: told.modifiedAt });
    if ('refusal' in recognition) throw new RequestRefused(422, recognition.refusal);
    await insertUpload(pool, workspace.workspaceId, {
      id,
      name: told.name,
      bytes,
      modifiedAt: told.modifiedAt,
      recognition,
      uploadedBy: told.actor,
    });
    await writeAudit(pool, workspace.workspaceId, {
      actor: told.actor,
      action: 'file brought',
      subject: id,
      detail: { name: told.name, bytes },
    });
  } catch (error) {
    await Promise.all([rm(part, { force: true }), rm(path, { force: true })]);
    throw error;
  }
  return toUpload(await uploadOf(uploads, id));
}

async function writeBody(body: Readable, path: string, largestBytes: number): Promise<number> {
  let bytes = 0;
  try {
    await using file = await open(path, 'wx');
    // Not a pipeline: that would cut the connection on which the refusal has to travel.
    for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > largestBytes) throw tooLarge(largestBytes);
      await file.appendFile(chunk);
    }
    await file.sync();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') {
      throw new RequestRefused(507, 'The disk of the server is full. Make room, then bring the file again.', { cause: error });
    }
    throw error;
  }
  return bytes;
}

const tooLarge = (largestBytes: number) =>
  new RequestRefused(
    413,
    `The file is larger than ${Math.floor(largestBytes / 1_000_000)} MB. Export fewer columns, or raise SEATMATCH_UPLOAD_MB.`,
  );

async function uploadOf(uploads: Uploads, id: string): Promise<StoredUpload<Recognition>> {
  const upload = await findUpload<Recognition>(uploads.pool, uploads.workspace.workspaceId, id);
  if (!upload) throw notFound('This file');
  return upload;
}

function toUpload(upload: StoredUpload<Recognition>): Upload {
  const { side, kind, crm, crmName, rows, rejected, rejects, mapping, fields, missing, warnings, preview } = upload.recognition;
  const questions: Upload['questions'] = [{ id: 'exported-at', sentence: 'When did you download it?', suggested: upload.modifiedAt }];
  if (side === 'licenses') {
    questions.unshift({ id: 'admin-center-count', sentence: 'How many users does Admin Center show?', suggested: null });
  }
  if (side === 'crm' && crmName === null) questions.push({ id: 'crm-name', sentence: 'What is your CRM called?', suggested: null });
  return {
    id: upload.id,
    name: upload.name,
    bytes: upload.bytes,
    side,
    kind,
    crm,
    crmName,
    rows,
    rejected,
    rejects: [...rejects],
    mapping: [...mapping],
    fields: [...fields],
    missing,
    warnings: [...warnings],
    preview: preview.map((cells) => [...cells]),
    questions,
    uploadedAt: upload.uploadedAt,
  };
}

export function uploadRoutes(uploads: Uploads): Pick<Handlers, 'createUpload' | 'getUpload' | 'mapUpload' | 'deleteUpload'> {
  const { pool, workspace, directory } = uploads;
  return {
    async createUpload({ query, actor, request }) {
      if (request.is('multipart/form-data')) {
        throw new RequestRefused(415, 'Send the file itself as the body (application/octet-stream), not as a form.');
      }
      if (Number(request.headers['content-length'] ?? 0) > uploads.largestBytes) throw tooLarge(uploads.largestBytes);
      return receiveUpload(uploads, request, {
        name: query.name,
        side: query.side ?? null,
        modifiedAt: query.modifiedAt ?? new Date().toISOString(),
        actor: actor.name,
      });
    },
    async getUpload({ params }) {
      return toUpload(await uploadOf(uploads, params.id));
    },
    async mapUpload({ params, body }) {
      const upload = await uploadOf(uploads, params.id);
      const map = Object.fromEntries(
        body.mapping.filter(({ column }) => column !== '').map(({ column, field }) => [column, field ?? 'ignore']),
      );
      const recognition = await recognizeFile(uploads.openers, uploadPath(directory, upload.id), {
        name: upload.name,
        side: body.side ?? upload.recognition.side,
        map,
        exportedAt: upload.modifiedAt,
      });
      if ('refusal' in recognition) throw new RequestRefused(422, recognition.refusal);
      await updateUploadMapping(pool, workspace.workspaceId, upload.id, body.mapping, recognition);
      return toUpload(await uploadOf(uploads, upload.id));
    },
    async deleteUpload({ params, actor }) {
      const outcome = await deleteUpload(pool, workspace.workspaceId, params.id);
      if (outcome === 'unknown') throw notFound('This file');
      if (outcome === 'in-use') {
        throw new RequestRefused(409, 'A comparison was made from this file, so it is kept as its proof.');
      }
      await rm(uploadPath(directory, params.id), { force: true });
      await writeAudit(pool, workspace.workspaceId, { actor: actor.name, action: 'file deleted', subject: params.id });
    },
  };
}
