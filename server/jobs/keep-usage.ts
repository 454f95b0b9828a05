import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type pg from 'pg';
import { FileRefused } from '../../connectors/errors.ts';
import { type Period, periodFault } from '../core/read-period.ts';
import { usageMetrics } from '../core/status.ts';
import { joinUsage, useOf } from '../core/usage.ts';
import { writeAudit } from '../store/audit.ts';
import { type Queryable, type Scope, transaction } from '../store/database.ts';
import { formerEmails } from '../store/finding.ts';
import { deleteUpload, findUpload, tellUpload } from '../store/upload.ts';
import {
  currentUsageReports,
  findUsageReport,
  insertUsageReport,
  lockUsage,
  type NewUsageRow,
  setUsageKeys,
  tellUsage,
  undoUsageReport,
  usageHolders,
  usagePeople,
} from '../store/usage.ts';
import { ActionRefused } from './plan-desk.ts';
import { notOnThisDisk, type Uploads, uploadPath } from './receive-file.ts';
import { type Recognition, usageKind } from './recognize-file.ts';

const count = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`;

export interface UsageKept {
  readonly id: string;
  readonly sentence: string;
  readonly strangers: number;
  readonly rejected: number;
  readonly replaced: boolean;
}

/**
 * Keeps an upload that is a usage report as one, for its period, and joins it with the license list; the upload itself goes. A report of the
 * same period is replaced. Throws ActionRefused.
 * @param now ISO 8601
 */
export async function keepUsage(
  { pool, workspace: scope, openers, directory }: Pick<Uploads, 'pool' | 'workspace' | 'openers' | 'directory'>,
  asked: Period & { readonly upload: string; readonly note?: string | undefined; readonly actor: string; readonly now: string },
): Promise<UsageKept> {
  const { from, to, actor, now } = asked;
  const upload = await findUpload<Recognition>(pool, scope, asked.upload);
  if (!upload) throw new ActionRefused('not-found', 'This file is not here any more. Bring it again.');
  if (upload.recognition.kind !== usageKind)
    throw new ActionRefused(
      'not-possible',
      `${upload.name} is not a usage report. Export it in Sales Navigator under Admin, Usage Reporting.`,
    );
  const fault = periodFault(asked, now.slice(0, 10));
  if (fault !== null) throw new ActionRefused('not-possible', fault);
  const path = uploadPath(directory, upload.id);
  if (!existsSync(path)) throw new ActionRefused('not-possible', notOnThisDisk(upload.name));
  const map = upload.mapping && Object.fromEntries(upload.mapping.map(({ column, field }) => [column, field ?? 'ignore']));
  const { file, rows, rejects } = await readFile();
  const measured = usageMetrics.filter(
    (metric) =>
      file.mapping.some(({ field }) => field === metric) ||
      (metric === 'inMailAcceptance' && rows.some(({ values }) => values[metric] !== null)),
  );

  async function readFile() {
    try {
      const opened = await openers.openUsageFile(path, {
        name: upload!.name,
        map: map ?? undefined,
        exportedAt: upload!.modifiedAt,
        hash: true,
      });
      return { file: opened, ...opened.readRows() };
    } catch (error) {
      if (error instanceof FileRefused) throw new ActionRefused('not-possible', error.sentence, { cause: error });
      throw error;
    }
  }

  const id = randomUUID();
  const kept = await transaction(pool, async (client) => {
    await lockUsage(client, scope);
    const keys = joinUsage(rows, ...(await peopleOf(client, scope)));
    const all = rows.map((row, n): NewUsageRow => ({ ...row, key: keys[n]!, use: useOf(row.values) }));
    const replaced = await insertUsageReport(
      client,
      scope,
      {
        id,
        name: upload.name,
        sha256: file.csv.sha256!,
        from,
        to,
        metrics: measured,
        rejects: rejects.slice(0, 1_000).map(({ line, column, reason }) => ({ line, column, reason })),
        note: asked.note ?? null,
        broughtBy: actor,
        broughtAt: now,
      },
      all,
    );
    await writeAudit(client, scope.workspaceId, {
      actor,
      action: 'usage report brought',
      subject: id,
      detail: { name: upload.name, from, to, rows: all.length, replaced },
    });
    await deleteUpload(client, scope, upload.id);
    await tellUpload(client, scope, upload.id);
    await tellUsage(client, scope, id);
    return { strangers: keys.filter((key) => key === null).length, replaced: replaced !== null };
  });
  await rm(path, { force: true });
  return {
    id,
    ...kept,
    rejected: rejects.length,
    sentence: [
      `${count(rows.length, 'person', 'people')} from ${from} to ${to}.`,
      kept.replaced ? 'It takes the place of the report of the same days that was here; undo brings that one back.' : '',
      kept.strangers === 0
        ? ''
        : `${count(kept.strangers, 'person of it is', 'people of it are')} not in the newest license list; they are shown all the same.`,
      rejects.length === 0 ? '' : `${count(rejects.length, 'row', 'rows')} could not be used.`,
    ]
      .filter((sentence) => sentence !== '')
      .join(' '),
  };
}

const peopleOf = async (db: Queryable, scope: Scope) => [await usageHolders(db, scope), await formerEmails(db, scope)] as const;

/** Joins every current report with the license list of the newest comparison. */
export async function joinUsageAnew(pool: pg.Pool, scope: Scope): Promise<void> {
  await transaction(pool, async (client) => {
    await lockUsage(client, scope);
    const reports = await currentUsageReports(client, scope);
    if (reports.length === 0) return;
    const [holders, former] = await peopleOf(client, scope);
    for (const { id } of reports) await joinAnew(client, scope, id, holders, former);
    await tellUsage(client, scope, scope.contractId);
  });
}

async function joinAnew(client: pg.ClientBase, scope: Scope, id: string, ...people: Awaited<ReturnType<typeof peopleOf>>): Promise<void> {
  const rows = await usagePeople(client, scope, id);
  const keys = joinUsage(rows, ...people);
  const changed = rows.flatMap(({ line, key }, n) => (key === keys[n] ? [] : [{ line, key: keys[n]! }]));
  if (changed.length > 0) await setUsageKeys(client, scope, id, changed);
}

/** Takes a current report away; returns what stands there now, in a sentence. Throws ActionRefused. */
export async function undoUsage(pool: pg.Pool, scope: Scope, id: string, actor: string, now: string): Promise<string> {
  return transaction(pool, async (client) => {
    await lockUsage(client, scope);
    const report = await findUsageReport(client, scope, id);
    if (report === null) throw new ActionRefused('not-found', 'This usage report is not here.');
    const back = await undoUsageReport(client, scope, id, actor, now);
    if (back === undefined)
      throw new ActionRefused(
        'not-possible',
        'This usage report was undone already, or a newer one of the same days stands in its place. Undo that one first.',
      );
    if (back !== null) await joinAnew(client, scope, back, ...(await peopleOf(client, scope)));
    await writeAudit(client, scope.workspaceId, { actor, action: 'usage report undone', subject: id, detail: { back } });
    await tellUsage(client, scope, id);
    return back === null
      ? `The usage report ${report.name} is gone.`
      : `The usage report ${report.name} is gone, and the one before it of the same days is back.`;
  });
}
