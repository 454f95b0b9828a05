import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { z } from 'zod';
import type { MismatchRow } from '../api.ts';
import { endLabels } from '../core/job-view.ts';
import { actorLabels, statusLabels } from '../core/labels.ts';
import { costOf, matchRate, type SeatPrice } from '../core/mismatch-report.ts';
import { minutesWithout } from '../core/rematch.ts';
import { reportChangeLabels } from '../core/report-words.ts';
import { type ReportTable, reportChanges } from '../core/status.ts';
import type { Clock } from '../jobs/clock.ts';
import { changesBetween, lookAtMismatch, repairsAlone, sliceReport, twoRuns } from '../jobs/look-at-mismatch.ts';
import { ReportTooLong } from '../jobs/write-report.ts';
import { type Table, type TableCell, writeTable } from '../jobs/write-table.ts';
import { transaction } from '../store/database.ts';
import {
  listMismatch,
  type MismatchPerson,
  type MismatchPosition,
  mismatchTrend,
  type ReportedRepair,
  reportedRepairs,
  saveReview,
} from '../store/mismatch-report.ts';
import { doneReconciliations, type StoredReconciliation } from '../store/reconciliation.ts';
import { readSettings } from '../store/setting.ts';
import type { Workspace } from '../store/workspace.ts';
import type { Handlers } from './endpoint.ts';
import { RequestRefused } from './problem.ts';
import { tableTypes } from './usage.ts';

type ReportEndpoint =
  | 'getMismatchReport'
  | 'listMismatch'
  | 'listReportChanges'
  | 'listReportedRepairs'
  | 'getReportTable'
  | 'reviewReport';

const dayMs = 86_400_000;
const position = z.tuple([z.string(), z.string(), z.string()]);

/** A cursor carries its sort, so that it cannot be used under another one. */
const writeCursor = (sort: string, { value, key }: MismatchPosition) =>
  Buffer.from(JSON.stringify([sort, value, key])).toString('base64url');

function readCursor(sort: string, isName: boolean, cursor: string): MismatchPosition {
  try {
    const [made, value, key] = position.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    if (made !== sort) throw new Error('made under another sort');
    if (!isName && Number.isNaN(Date.parse(value))) throw new Error('not a moment');
    return { value, key };
  } catch (error) {
    throw new RequestRefused(400, 'The cursor does not belong to this list. Begin at the first page.', { cause: error });
  }
}

const cents = (amount: number): number => Math.round(amount * 100) / 100;

function toRow(person: MismatchPerson, price: SeatPrice | null, now: string): MismatchRow {
  const days = Math.max(0, Date.parse(now) - Date.parse(person.since)) / dayMs;
  const cost = costOf(price, person.kinds, days);
  return {
    key: person.key,
    name: person.name,
    email: person.email,
    crmEmail: person.crmEmail,
    reason: person.reason,
    label: person.label,
    sentence: person.sentence,
    nextStep: person.nextStep,
    actor: person.actor,
    rootCause: person.rootCause,
    beingRepaired: person.isBeingRepaired,
    team: person.team,
    manager: person.manager,
    crm: person.crm,
    since: person.since,
    days: Math.floor(days),
    cost: cost && cents(cost.soFar),
  };
}

const resultOf = ({ ended }: ReportedRepair): string => {
  const label = ended === null ? 'under way' : endLabels[ended];
  return `${label[0]!.toUpperCase()}${label.slice(1)}`;
};

async function* each<Item>(items: Iterable<Item>, cellsOf: (item: Item) => TableCell[]): AsyncGenerator<TableCell[]> {
  for (const item of items) yield cellsOf(item);
}

export function mismatchReportRoutes({
  pool,
  workspace,
  clock,
}: {
  readonly pool: pg.Pool;
  readonly workspace: Workspace;
  readonly clock: Clock;
}): Pick<Handlers, ReportEndpoint> {
  const now = () => clock.now().toISOString();
  const shown = ({ id, number, asOf, createdAt }: StoredReconciliation) => ({ id, number, at: asOf ?? createdAt });

  async function* peopleCells(
    filter: Parameters<typeof listMismatch>[2],
    sorted: Pick<Parameters<typeof listMismatch>[3], 'sort' | 'order'>,
  ) {
    const { settings } = await readSettings(pool, workspace);
    const at = now();
    for (let after: MismatchPosition | null = null; ; ) {
      const page: Awaited<ReturnType<typeof listMismatch>> = await listMismatch(pool, workspace, filter, {
        ...sorted,
        after,
        limit: 5_000,
      });
      for (const person of page.rows) {
        const row = toRow(person, settings.seatPrice, at);
        yield [
          row.name,
          row.email,
          person.licenseId,
          row.crmEmail,
          row.label,
          row.nextStep,
          actorLabels[row.actor],
          row.rootCause,
          row.team || null,
          row.manager || null,
          row.crm || null,
          new Date(`${row.since.slice(0, 10)}T00:00:00Z`),
          row.days,
          row.cost,
          row.cost === null ? null : (settings.seatPrice?.currency ?? null),
          row.beingRepaired ? 'yes' : 'no',
        ] satisfies TableCell[];
      }
      after = page.next;
      if (after === null) return;
    }
  }

  type Asked = Parameters<Handlers['getReportTable']>[0]['query'];
  const tables: Readonly<Record<ReportTable, (query: Asked, actorId: string) => Promise<Table>>> = {
    async people({ sort, order, ...filter }) {
      return {
        columns: [
          'name',
          'license_email',
          'license_id',
          'crm_email',
          'reason',
          'next_step',
          'who_acts',
          'root_cause',
          'team',
          'manager',
          'crm',
          'not_matched_since',
          'days',
          'cost_so_far',
          'currency',
          'being_repaired',
        ],
        rows: peopleCells(filter, { sort, order }),
      };
    },
    async groups({ by, team, manager, crm }) {
      const { slices, settings } = await sliceReport(pool, workspace, { team, manager, crm }, now());
      return {
        columns: [
          by,
          'licenses',
          'matched',
          'not_matched',
          'match_rate',
          'first_not_matched_since',
          'cost_per_month',
          'cost_so_far',
          'currency',
        ],
        rows: each(slices(by), (slice) => [
          slice.label || null,
          slice.licenses,
          slice.matched,
          slice.notMatched,
          slice.rate,
          slice.since === null ? null : new Date(`${slice.since.slice(0, 10)}T00:00:00Z`),
          slice.cost && cents(slice.cost.perMonth),
          slice.cost && cents(slice.cost.soFar),
          settings.seatPrice?.currency ?? null,
        ]),
      };
    },
    async changes(query, actorId) {
      const runs = await twoRuns(pool, workspace, query, actorId);
      const { rows } = runs ? await changesBetween(pool, workspace, runs, query) : { rows: [] };
      return {
        columns: [
          'name',
          'license_email',
          'team',
          'manager',
          'change',
          'status_before',
          'reason_before',
          'status_after',
          'reason_after',
          'run_before',
          'run_after',
        ],
        rows: each(rows, ({ name, email, team, manager, change, before, after }) => [
          name,
          email,
          team || null,
          manager || null,
          reportChangeLabels[change],
          before && statusLabels[before.status],
          before?.label ?? null,
          after && statusLabels[after.status],
          after?.label ?? null,
          runs!.from.number,
          runs!.to.number,
        ]),
      };
    },
    async repairs({ team, manager }) {
      const at = now();
      return {
        columns: [
          'name',
          'license_id',
          'email_before',
          'email_after',
          'result',
          'cause',
          'approved_by',
          'last_change',
          'plan',
          'minutes_without_license',
          'minutes_without_access',
        ],
        rows: each(repairsAlone(await reportedRepairs(pool, workspace, { team, manager })), (repair) => {
          const minutes = minutesWithout(repair, at);
          return [
            repair.name,
            repair.licenseId,
            repair.oldEmail,
            repair.newEmail,
            resultOf(repair),
            repair.cause,
            repair.by,
            new Date(`${repair.changedAt.slice(0, 10)}T00:00:00Z`),
            repair.planNumber,
            minutes?.license ?? null,
            minutes?.access ?? null,
          ];
        }),
      };
    },
    async trend({ team, manager, crm }) {
      return {
        columns: ['run', 'day', 'matched', 'not_matched', 'match_rate'],
        rows: each(await mismatchTrend(pool, workspace, { team, manager, crm }, 10_000), ({ number, at, matched, notMatched }) => [
          number,
          new Date(`${at.slice(0, 10)}T00:00:00Z`),
          matched,
          notMatched,
          matchRate(matched, notMatched),
        ]),
      };
    },
  };

  return {
    getMismatchReport: ({ query, actor }) => lookAtMismatch(pool, workspace, query, actor.id, now()),
    async listMismatch({ query }) {
      const { sort, order, cursor, limit, ...filter } = query;
      const sorted = `${sort} ${order}`;
      const after = cursor === undefined ? null : readCursor(sorted, sort === 'name', cursor);
      const [page, { settings }] = await Promise.all([
        listMismatch(pool, workspace, filter, { sort, order, after, limit }),
        readSettings(pool, workspace),
      ]);
      const at = now();
      return {
        rows: page.rows.map((person) => toRow(person, settings.seatPrice, at)),
        total: page.total,
        next: page.next && writeCursor(sorted, page.next),
      };
    },
    async listReportChanges({ query, actor }) {
      const runs = await twoRuns(pool, workspace, query, actor.id);
      const labels = { ...reportChangeLabels };
      if (!runs) {
        const none = Object.fromEntries(reportChanges.map((change) => [change, 0])) as Record<(typeof reportChanges)[number], number>;
        return { from: null, to: null, counts: none, labels, total: 0, rows: [] };
      }
      const { rows, counts } = await changesBetween(pool, workspace, runs, query);
      return {
        from: shown(runs.from),
        to: shown(runs.to),
        counts,
        labels,
        total: rows.length,
        rows: rows.slice(0, query.limit).map(({ key, name, email, team, manager, change, before, after }) => ({
          key,
          name,
          email,
          team,
          manager,
          change,
          before,
          after,
        })),
      };
    },
    async listReportedRepairs({ query }) {
      const at = now();
      const repairs = repairsAlone(await reportedRepairs(pool, workspace, query));
      return {
        total: repairs.length,
        rows: repairs.slice(0, query.limit).map((repair) => {
          const minutes = minutesWithout(repair, at);
          return {
            key: repair.key,
            name: repair.name,
            oldEmail: repair.oldEmail,
            newEmail: repair.newEmail,
            result: resultOf(repair),
            cause: repair.cause,
            by: repair.by,
            at: repair.changedAt,
            planId: repair.planId,
            planNumber: repair.planNumber,
            minutesWithoutLicense: minutes?.license ?? null,
            minutesWithoutAccess: minutes?.access ?? null,
          };
        }),
      };
    },
    async getReportTable({ params, query, actor, response }) {
      const table = await tables[params.table](query, actor.id);
      const pieces = writeTable(params.format, table);
      const first = await pieces.next().catch((error: unknown) => {
        throw error instanceof ReportTooLong ? new RequestRefused(422, error.message, { cause: error }) : error;
      });
      response.attachment(`seatmatch-report-${params.table}-${now().slice(0, 10)}.${params.format}`).type(tableTypes[params.format]);
      if (!first.done) response.write(first.value);
      await pipeline(Readable.from(pieces), response);
    },
    async reviewReport({ body, actor }) {
      const [latest] = await doneReconciliations(pool, workspace, 1);
      if (!latest || body.run > latest.number)
        throw new RequestRefused(422, 'Nothing was compared with this number yet. Load the report again.');
      await transaction(pool, (client) => saveReview(client, workspace, { actor: actor.id, run: body.run, at: now() }));
    },
  };
}
