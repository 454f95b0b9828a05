import type pg from 'pg';
import type { PersonCheck, Schedule } from '../api.ts';
import { dueTimesAfter } from '../core/due-times.ts';
import { findPair, pairInWords, preparePair, type SourceParts } from '../jobs/compare-sources.ts';
import { endAlarm } from '../jobs/raise-alarm.ts';
import { type ReadCron, readCron, timeZoneFault } from '../jobs/read-cron.ts';
import { requestReconciliation } from '../jobs/run-reconciliation.ts';
import { runScheduleNow } from '../jobs/run-schedule.ts';
import { usableConnection } from '../jobs/start-comparison.ts';
import { makeFolder } from '../jobs/watched-folder.ts';
import { transaction } from '../store/database.ts';
import type { Engine } from '../store/engine.ts';
import { spansOf } from '../store/finding.ts';
import { notify } from '../store/notify.ts';
import { latestRun } from '../store/reconciliation.ts';
import {
  deleteSchedule,
  findSchedule,
  insertSchedule,
  listSchedules,
  listTicks,
  type ScheduleSources,
  type ScheduleTerms,
  type StoredSchedule,
  updateSchedule,
} from '../store/schedule.ts';
import type { Workspace } from '../store/workspace.ts';
import type { Handlers } from './endpoint.ts';
import { notFound, RequestRefused } from './problem.ts';

export interface ScheduleRoutes extends SourceParts {
  readonly pool: pg.Pool;
  readonly engine: Engine;
  readonly workspace: Workspace;
}

type ScheduleEndpoint =
  | 'listSchedules'
  | 'createSchedule'
  | 'previewSchedule'
  | 'getSchedule'
  | 'changeSchedule'
  | 'deleteSchedule'
  | 'runSchedule'
  | 'checkPerson'
  | 'comparePanel';

const shownRuns = 10;
const previewed = 5;

function usableCron(terms: Pick<ScheduleTerms, 'cron' | 'timeZone'>): ReadCron {
  const cron = readCron(terms.cron);
  if ('refusal' in cron) throw new RequestRefused(422, cron.refusal);
  const fault = timeZoneFault(terms.timeZone);
  if (fault !== null) throw new RequestRefused(422, fault);
  return cron;
}

export function scheduleRoutes(parts: ScheduleRoutes): Pick<Handlers, ScheduleEndpoint> {
  const { pool, engine, workspace, folders } = parts;
  const tell = (db: pg.ClientBase, id: string) =>
    notify(db, { workspace: workspace.workspaceId, contract: workspace.contractId, kind: 'schedule', id });

  async function find(id: string): Promise<StoredSchedule> {
    const schedule = await findSchedule(pool, workspace, id);
    if (!schedule) throw notFound('This schedule');
    return schedule;
  }

  async function show(schedule: StoredSchedule): Promise<Schedule> {
    const { workspaceId: _, contractId: __, countsFrom: ___, version: ____, ...told } = schedule;
    const cron = readCron(schedule.cron);
    const next = 'refusal' in cron || !schedule.enabled ? null : (dueTimesAfter(cron, schedule.timeZone, Date.now()).next().value ?? null);
    const ticks = await listTicks(pool, workspace, schedule.id, shownRuns);
    return {
      ...told,
      words: 'refusal' in cron ? schedule.cron : cron.words,
      next: next === null ? null : new Date(next).toISOString(),
      runs: ticks.map(({ scheduleId: _, ...tick }) => tick),
    };
  }

  /** A schedule is saved only if it can run: the times are understood, and the folders and connections are there. */
  async function check(terms: ScheduleTerms): Promise<void> {
    usableCron(terms);
    const { sources } = terms;
    if (sources.kind === 'folders') for (const folder of [sources.licenses, sources.crm]) await makeFolder(folders.base, folder);
    if (sources.kind !== 'connection') return;
    await usableConnection(parts, sources.crm, 'crm');
    if (sources.licenses.kind === 'connection') await usableConnection(parts, sources.licenses.id, 'licenses');
    if (sources.licenses.kind === 'folder') await makeFolder(folders.base, sources.licenses.folder);
  }

  /** A schedule that watches folders or reads a live system knows best where the newest lists are. */
  async function newestSources(): Promise<ScheduleSources> {
    const watching = (await listSchedules(pool, workspace)).filter(({ sources }) => sources.kind !== 'uploads');
    return (watching.find(({ enabled }) => enabled) ?? watching[0])?.sources ?? { kind: 'uploads' };
  }

  async function compareNewest(actor: string): Promise<PersonCheck> {
    const pair = await findPair(parts, await newestSources(), { actor, now: new Date(), maxAgeDays: null });
    const prepared = await preparePair(parts, pair, actor);
    const id = await requestReconciliation(pool, engine, workspace, prepared.run, prepared.replacesDemo);
    return { id, sentence: pairInWords(pair) };
  }

  return {
    async listSchedules() {
      const rows = await listSchedules(pool, workspace);
      return { rows: await Promise.all(rows.map(show)), watchDir: folders.base };
    },
    async createSchedule({ body, actor }) {
      await check(body);
      const id = await transaction(pool, async (client) => {
        const made = await insertSchedule(client, workspace, actor.name, body, new Date());
        await tell(client, made);
        return made;
      });
      return show(await find(id));
    },
    async previewSchedule({ query }) {
      const cron = usableCron(query);
      const next = dueTimesAfter(cron, query.timeZone, Date.now()).take(previewed);
      return { words: cron.words, next: [...next].map((due) => new Date(due).toISOString()) };
    },
    async getSchedule({ params }) {
      return show(await find(params.id));
    },
    async changeSchedule({ params, body, actor }) {
      const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as Partial<ScheduleTerms>;
      const terms = { ...(await find(params.id)), ...given };
      await check(terms);
      await transaction(pool, async (client) => {
        if (!(await updateSchedule(client, workspace, actor.name, params.id, terms, new Date()))) throw notFound('This schedule');
        if (!terms.enabled) await endAlarm(client, engine, workspace, 'no-run', params.id);
        await tell(client, params.id);
      });
      return show(await find(params.id));
    },
    async deleteSchedule({ params, actor }) {
      await transaction(pool, async (client) => {
        if (!(await deleteSchedule(client, workspace, actor.name, params.id))) throw notFound('This schedule');
        await endAlarm(client, engine, workspace, 'no-run', params.id);
        await tell(client, params.id);
      });
    },
    async runSchedule({ params, actor }) {
      const schedule = await find(params.id);
      await runScheduleNow(pool, engine, schedule, actor.name, new Date());
      return show(schedule);
    },
    async checkPerson({ params, actor }) {
      const run = await latestRun(pool, workspace);
      if (!run || (await spansOf(pool, workspace, run, params.key)).length === 0) throw notFound('This person');
      return compareNewest(actor.name);
    },
    comparePanel: ({ actor }) => compareNewest(actor.name),
  };
}
