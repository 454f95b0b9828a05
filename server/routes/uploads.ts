import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Request } from 'express';
import type { Upload } from '../api.ts';
import type { Clock } from '../jobs/clock.ts';
import { FileNotKept, notOnThisDisk, receiveFile, tooLarge, type Uploads, uploadPath } from '../jobs/receive-file.ts';
import { type Recognition, recognizeFile, usageKind } from '../jobs/recognize-file.ts';
import { writeAudit } from '../store/audit.ts';
import { transaction } from '../store/database.ts';
import { deleteUpload, findUpload, type StoredUpload, tellUpload, updateUploadMapping } from '../store/upload.ts';
import type { Handlers } from './endpoint.ts';
import { notFound, RequestRefused } from './problem.ts';

const statuses = { 'too-large': 413, unusable: 422, 'disk-full': 507 } as const satisfies Record<FileNotKept['reason'], number>;

async function uploadOf(uploads: Uploads, id: string): Promise<StoredUpload<Recognition>> {
  const upload = await findUpload<Recognition>(uploads.pool, uploads.workspace, id);
  if (!upload) throw notFound('This file');
  return upload;
}

function toUpload(upload: StoredUpload<Recognition>): Upload {
  const { side, kind, crm, crmName, rows, rejected, rejects, mapping, fields, missing, warnings, preview, period } = upload.recognition;
  const questions: Upload['questions'] =
    period === undefined
      ? [{ id: 'exported-at', sentence: 'When did you download it?', suggested: upload.modifiedAt }]
      : [
          { id: 'period-from', sentence: 'First day of the report', suggested: period.from },
          { id: 'period-to', sentence: 'Last day of the report', suggested: period.to },
        ];
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
    period: period ?? null,
    uploadedAt: upload.uploadedAt,
  };
}

/** Keeps the body of a request as a file, and says its id; what is refused is said as the API says it. */
export async function takeUpload(uploads: Uploads, request: Request, told: Parameters<typeof receiveFile>[2]): Promise<string> {
  if (request.is('multipart/form-data')) {
    throw new RequestRefused(415, 'Send the file itself as the body (application/octet-stream), not as a form.');
  }
  try {
    if (Number(request.headers['content-length'] ?? 0) > uploads.largestBytes) throw tooLarge(uploads.largestBytes);
    return await receiveFile(uploads, request, told);
  } catch (error) {
    if (error instanceof FileNotKept) throw new RequestRefused(statuses[error.reason], error.message, { cause: error });
    throw error;
  }
}

export function uploadRoutes(
  uploads: Uploads & { readonly clock: Clock },
): Pick<Handlers, 'createUpload' | 'getUpload' | 'mapUpload' | 'deleteUpload'> {
  const { pool, workspace, directory, clock } = uploads;
  return {
    async createUpload({ query, actor, request }) {
      const id = await takeUpload(uploads, request, {
        name: query.name,
        side: query.side ?? null,
        modifiedAt: query.modifiedAt === undefined ? clock.now().toISOString() : clock.at(query.modifiedAt),
        actor: actor.name,
      });
      return toUpload(await uploadOf(uploads, id));
    },
    async getUpload({ params }) {
      return toUpload(await uploadOf(uploads, params.id));
    },
    async mapUpload({ params, body }) {
      const upload = await uploadOf(uploads, params.id);
      const map = Object.fromEntries(
        body.mapping.filter(({ column }) => column !== '').map(({ column, field }) => [column, field ?? 'ignore']),
      );
      const path = uploadPath(directory, upload.id);
      if (!existsSync(path)) throw new RequestRefused(409, notOnThisDisk(upload.name));
      const recognition = await recognizeFile(uploads.openers, path, {
        name: upload.name,
        side: body.side ?? (upload.recognition.kind === usageKind ? 'usage' : upload.recognition.side),
        map,
        exportedAt: upload.modifiedAt,
      });
      if ('refusal' in recognition) throw new RequestRefused(422, recognition.refusal);
      await transaction(pool, async (client) => {
        await updateUploadMapping(client, workspace, upload.id, body.mapping, recognition);
        await tellUpload(client, workspace, upload.id);
      });
      return toUpload(await uploadOf(uploads, upload.id));
    },
    async deleteUpload({ params, actor }) {
      const outcome = await transaction(pool, async (client) => {
        const deleted = await deleteUpload(client, workspace, params.id);
        if (deleted === 'deleted') {
          await writeAudit(client, workspace.workspaceId, { actor: actor.name, action: 'file deleted', subject: params.id });
          await tellUpload(client, workspace, params.id);
        }
        return deleted;
      });
      if (outcome === 'unknown') throw notFound('This file');
      if (outcome === 'in-use') {
        throw new RequestRefused(409, 'A comparison was made from this file, so it is kept as its proof.');
      }
      await rm(uploadPath(directory, params.id), { force: true });
    },
  };
}
