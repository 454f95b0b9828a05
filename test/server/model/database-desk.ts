import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { openUserFile } from '../../../connectors/crm-csv/connector.ts';
import { readDirectoryFile } from '../../../connectors/directory-csv/connector.ts';
import { RequestFailed } from '../../../connectors/errors.ts';
import { openAccountFile } from '../../../connectors/linkedin-files/connector.ts';
import { openUsageFile } from '../../../connectors/linkedin-files/usage-report.ts';
import { compareFiles } from '../../../server/commands/compare-files.ts';
import { comparisonResult } from '../../../server/commands/comparison-result.ts';
import { linkedinPlanDesk } from '../../../server/commands/linkedin-plan-tools.ts';
import { queueDefinitions } from '../../../server/commands/work-queues.ts';
import { fileOut } from '../../../server/core/plan-progress.ts';
import { approvePlan } from '../../../server/jobs/approve-plan.ts';
import { changePlan } from '../../../server/jobs/change-plan.ts';
import { deliver } from '../../../server/jobs/deliver-files.ts';
import type { Delivery } from '../../../server/jobs/delivery.ts';
import { draftPlan } from '../../../server/jobs/draft-plan.ts';
import { downloadFile, makeGiveBackFile, makeNextFile, sayOfFile } from '../../../server/jobs/hand-out-files.ts';
import { followRun, learnQueue, workLearning } from '../../../server/jobs/learn-from-run.ts';
import { ActionRefused, type PlanDesk } from '../../../server/jobs/plan-desk.ts';
import { receiveFile, type Uploads, uploadPath } from '../../../server/jobs/receive-file.ts';
import { type Compare, workReconciliations } from '../../../server/jobs/run-reconciliation.ts';
import { startComparison } from '../../../server/jobs/start-comparison.ts';
import { answerFor, cancelPlan, pausePlan, planSitting, resumePlan, steerPerson } from '../../../server/jobs/steer-plan.ts';
import { readBrought, takeProofAnywhere } from '../../../server/jobs/take-read.ts';
import { openPool, type Scope } from '../../../server/store/database.ts';
import { prepareEngine, startEngine } from '../../../server/store/engine.ts';
import { encodeFinding } from '../../../server/store/finding.ts';
import { findPlan, type StoredPlan } from '../../../server/store/plan.ts';
import { findReconciliation } from '../../../server/store/reconciliation.ts';
import { rematchesOfPlan } from '../../../server/store/rematch.ts';
import { writeSettings } from '../../../server/store/setting.ts';
import { createTestDatabase } from '../../postgres.ts';
import type { BroughtExport, Desk } from './desk.ts';
import type { Contract } from './memory-desk.ts';

const by = 'ada@acme.example';

export interface Jobs {
  /** A contract of its own, whose time is `clock`'s; one at a time. */
  deskFor(contract: Contract, clock: () => string, scim: Delivery | null): Promise<Desk>;
  stop(): Promise<void>;
}

/** The server's jobs on a database, without the pages: comparisons, plans and what plans learn from comparisons. */
export async function startJobs(): Promise<Jobs> {
  const faults: unknown[] = [];
  const fail = (fault: unknown): void => void faults.push(fault);
  const database = await createTestDatabase();
  await prepareEngine(database.url, queueDefinitions);
  const pool = openPool(database.appUrl, fail);
  const engine = await startEngine({ url: database.appUrl, onError: fail });
  const directory = await mkdtemp(path.join(tmpdir(), 'seatmatch-model-'));
  const stopping = new AbortController();
  let time = (): string => '';
  const plans = linkedinPlanDesk({ pool, engine, now: () => new Date(time()), deliveries: {}, carries: async () => null });
  const pathOfUpload = (id: string): string => uploadPath(directory, id);
  const withIt: Parameters<typeof workReconciliations>[1]['withIt'] = (client, scope, run) => followRun(client, engine, scope, run, time());
  await workReconciliations(engine, { pool, compare: compareHere, pathOfUpload, withIt, logError: fail }, stopping.signal);
  await workLearning(engine, plans, pathOfUpload, fail);

  return {
    async deskFor(contract, clock, scim) {
      time = clock;
      const scope: Scope = { workspaceId: randomUUID(), contractId: randomUUID() };
      await pool.query(
        `with made as (insert into workspace (workspace_id, name) values ($1, 'Acme') returning workspace_id)
         insert into contract (workspace_id, contract_id, name) select workspace_id, $2, 'Sales Navigator' from made`,
        [scope.workspaceId, scope.contractId],
      );
      const uploads: Uploads = {
        pool,
        workspace: scope,
        openers: { openAccountFile, openUserFile, readDirectoryFile, openUsageFile },
        directory,
        largestBytes: 1_000_000,
        ownerOf: (_, actor) => actor,
      };
      const desk = databaseDesk({ ...plans, deliveries: scim === null ? {} : { scim } }, uploads, contract);
      await desk.tellSettings();
      return { ...desk, plan: (wish, read, crm) => desk.plan(wish, read, crm, () => comparedTo(engine, uploads, read, crm)) };
    },
    async stop() {
      stopping.abort();
      await engine.stop({ timeoutMs: 5_000 });
      await pool.end();
      await rm(directory, { recursive: true, force: true });
      if (faults.length > 0) throw new AggregateError(faults, 'Jobs had faults.');
    },
  };
}

/** A server compares in a thread; starting one costs more than a handful of people. */
const compareHere: Compare = (request) => {
  let files: Awaited<ReturnType<typeof compareFiles>> | null = null;
  async function* findings() {
    const { licenses, crm } = request;
    if (!('path' in licenses && 'path' in crm)) throw new Error('The model has files alone.');
    const sides = { licenses: { ...licenses, hash: true }, crm: { ...crm, hash: true } };
    files = await compareFiles({ ...sides, settings: request.settings });
    await files.close();
    const { reconciliation } = files;
    yield Array.from({ length: reconciliation.length }, (_, row) => encodeFinding(reconciliation.at(row), reconciliation.explain(row)));
  }
  return { findings: findings(), result: () => comparisonResult(files!, request) };
};

const noConnections = () => Promise.reject(new Error('The model has files alone.'));

/** Brings both lists and waits until they are compared and every plan has learned from them. */
async function comparedTo(
  engine: Parameters<typeof startComparison>[0]['engine'],
  uploads: Uploads,
  { csv, asOf, shown }: BroughtExport,
  crm: string,
): Promise<void> {
  const { pool, workspace } = uploads;
  const brought = async (side: 'licenses' | 'crm', text: string) => ({
    upload: await receiveFile(uploads, Readable.from([Buffer.from(text)]), { name: `${side}.csv`, side, modifiedAt: asOf, actor: by }),
  });
  const asked = {
    licenses: await brought('licenses', csv),
    crm: await brought('crm', crm),
    exportedAt: asOf,
    crmExportedAt: asOf,
    answers: { oddRun: 'release', sandbox: 'release' },
    ...(shown === null ? {} : { adminCenterCount: shown }),
  } as const;
  const id = await startComparison(
    { pool, engine, workspace, demoActor: null, leaveDemo: () => {}, connections: noConnections },
    asked,
    by,
  );
  for (;;) {
    const run = await findReconciliation(pool, workspace, id);
    const { rowCount } = await pool.query(
      `select from pgboss.job where name = $1 and state in ('created', 'retry', 'active') and data->>'reconciliationId' = $2`,
      [learnQueue.name, id],
    );
    if (run?.state === 'done' && rowCount === 0) return;
    if (run?.state === 'refused' || run?.state === 'held') throw new Error(run.refusal ?? run.question?.sentence);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Nobody but this test looks over a limit of 25 %: stories are about a handful of people. */
const override = (at: string) => ({
  codes: ['limit' as const],
  reason: 'A handful of people.',
  by,
  byFullAdmin: true,
  at,
  until: '2027-12-31T00:00:00.000Z',
});

function databaseDesk(desk: PlanDesk, { pool, workspace: scope }: Pick<Uploads, 'pool' | 'workspace'>, contract: Contract) {
  let current: string | null = null;
  const clock = (): string => desk.now().toISOString();
  const stored = async (): Promise<StoredPlan | null> => (current === null ? null : findPlan(pool, scope, current));
  const peopleOf = (plan: StoredPlan) => rematchesOfPlan(pool, scope, plan.id);

  /** Why it was refused; null where it was done. */
  async function tried(act: () => Promise<unknown>): Promise<string | null> {
    try {
      await act();
      return null;
    } catch (error) {
      if (error instanceof ActionRefused) return error.sentence;
      throw error;
    }
  }
  const run = async (act: (plan: StoredPlan) => Promise<unknown>): Promise<string | null> => {
    const plan = await stored();
    return plan === null ? 'There is no plan.' : tried(() => act(plan));
  };
  const tell = async (settings: Parameters<typeof writeSettings>[3]): Promise<void> => {
    await writeSettings(pool, scope, by, settings);
    // It was said when the story says, not when the test runs.
    await pool.query('update setting set changed_at = $2 where workspace_id = $1 and name = any($3)', [
      scope.workspaceId,
      clock(),
      Object.keys(settings),
    ]);
  };

  return {
    async tellSettings(): Promise<void> {
      const { ledger, domainAliases, freeLicenses } = contract;
      const assignments = ledger && { month: '2026-11', limit: ledger.limit, used: ledger.used };
      await tell({ domainAliases, freeLicenses, assignments, scimRemoval: { canary: 'somebody', confirmedOn: '2026-11-01' } });
    },
    async plan(
      { mode, route, licenseIds }: Parameters<Desk['plan']>[0],
      _read: BroughtExport,
      _crm: string,
      compare: () => Promise<void>,
    ): Promise<string | null> {
      if ((await stored())?.state === 'running') return 'A plan is under way.';
      await compare();
      let id = '';
      const notDrafted = await tried(async () => {
        id = await draftPlan(
          desk,
          scope,
          {
            mode,
            route,
            licenseIds: licenseIds.length === 0 ? null : licenseIds,
            guided: [],
            rootCause: null,
            leaveOut: [],
            assignee: by,
            backup: null,
            override: override(clock()),
            auto: false,
          },
          by,
        );
      });
      if (notDrafted !== null) return notDrafted;
      const draft = (await findPlan(pool, scope, id))!;
      const [trip] = draft.origin.trips;
      const refusal = trip === undefined ? await tried(() => approvePlan(desk, scope, id, draft.seal, by)) : trip.sentence;
      if (refusal === null) current = id;
      else await cancelPlan(desk, scope, id, by);
      return refusal;
    },
    async view() {
      const plan = await stored();
      if (plan === null) return null;
      const people = (await peopleOf(plan)).map(({ state }) => state);
      return { plan: plan.plan, progress: plan.progress, state: plan.state, isPaused: plan.paused, people };
    },
    next: () => run(({ id }) => makeNextFile(desk, scope, id, by)),
    giveBack: () =>
      run(async ({ id, state }) => {
        if (state === 'running') await makeGiveBackFile(desk, scope, id, by);
      }),
    async download() {
      const out = fileOut((await stored())?.progress ?? { planId: '', seal: '', files: [], heldBack: [] });
      let text = '';
      const refusal = await run(async ({ id }) => {
        if (out !== null) text = await downloadFile(desk, scope, id, out.name, by);
      });
      // Whoever was held back is not in it any more.
      const file = fileOut((await stored())?.progress ?? { planId: '', seal: '', files: [], heldBack: [] });
      return refusal === null && file !== null ? { file, text } : null;
    },
    say: (said: 'uploaded' | 'discarded') =>
      run(async ({ id, progress }) => {
        const out = fileOut(progress);
        if (out === null) throw new ActionRefused('not-now', 'No file is out.');
        await sayOfFile(desk, scope, id, out.name, said, by);
      }),
    bringResult: (bytes: Uint8Array) =>
      run(async () => {
        const brought = await readBrought(desk, 'result.csv', bytes, clock());
        await takeProofAnywhere(desk, scope, { brought, sha256: 'ab', adminCenterCount: null }, by);
      }),
    bringExport: ({ csv, asOf, shown }: BroughtExport) =>
      run(async () => {
        const brought = await readBrought(desk, 'export.csv', Buffer.from(csv), asOf);
        await takeProofAnywhere(desk, scope, { brought, sha256: 'ab', adminCenterCount: shown }, by);
      }),
    startSitting: () => run(({ id }) => planSitting(desk, scope, id, null, by)),
    steerPlan: (action: 'pause' | 'resume' | 'cancel') =>
      run(async ({ id }) => {
        if (action === 'pause') return pausePlan(desk, scope, id, by);
        if (action === 'resume') return resumePlan(desk, scope, id, by);
        const sentence = await cancelPlan(desk, scope, id, by);
        if (sentence !== null) throw new ActionRefused('not-now', sentence);
      }),
    steerPerson: (licenseId: string, action: 'pause' | 'resume' | 'cancel') =>
      run(async (plan) => {
        const one = (await peopleOf(plan)).find(({ state }) => state.licenseId === licenseId);
        if (one !== undefined) await steerPerson(desk, scope, one.id, action, by);
      }),
    tellAssignments: async (used: number) => {
      const { ledger } = contract;
      if (ledger !== null) await tell({ assignments: { month: '2026-11', limit: ledger.limit, used } });
    },
    answer: (licenseId: string, answer: Parameters<Desk['answer']>[1]) =>
      run(async (plan) => {
        const one = (await peopleOf(plan)).find(({ state }) => state.licenseId === licenseId);
        if (one?.state.step !== 'ask-person') throw new ActionRefused('not-now', 'Nobody asked them.');
        await answerFor(desk, scope, one.id, answer, by, 'Told me on the phone.');
      }),
    async carryOut(isKilled: boolean): Promise<void> {
      const { scim } = desk.deliveries;
      const plan = await stored();
      if (scim === undefined || plan === null) return;
      const killed = new Error('Killed.');
      const mortal: Delivery = {
        ...scim,
        async carryOut(file, options) {
          const carried = await scim.carryOut(file, options);
          if (isKilled) throw killed;
          return carried;
        },
      };
      await deliver({ ...desk, deliveries: { scim: mortal } }, scope, plan.id, new AbortController().signal).catch((error: unknown) => {
        // The job comes again.
        if (error !== killed && !(error instanceof RequestFailed)) throw error;
      });
    },
    async tick(): Promise<void> {
      await run(({ id }) => changePlan(desk, scope, id, 'Seatmatch', async () => {}));
    },
  };
}
