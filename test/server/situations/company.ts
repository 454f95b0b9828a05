import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { type AdminCenter, hourMs, makeAdminCenter, type Settings } from '../../../connectors/linkedin-files/simulator/admin-center.ts';
import { uploadFile } from '../../../connectors/linkedin-files/simulator/bulk-upload.ts';
import { advanceTo } from '../../../connectors/linkedin-files/simulator/clock.ts';
import { type Command, carryOut } from '../../../connectors/linkedin-files/simulator/commands.ts';
import { exportUsers } from '../../../connectors/linkedin-files/simulator/export-users.ts';
import { licensesOf, peopleOfExport } from '../../../connectors/linkedin-files/simulator/seed-people.ts';
import type { FindingRow, Job, Person, Plan, ProofOutcome, Rematch } from '../../../server/api.ts';
import { createApp } from '../../../server/app.ts';
import { listen } from '../../../server/commands/listen.ts';
import { mailDesk } from '../../../server/commands/mail-desk.ts';
import { startBackend } from '../../../server/commands/start-backend.ts';
import { openDesks, queueDefinitions, workQueues } from '../../../server/commands/work-queues.ts';
import type { Config } from '../../../server/config.ts';
import type { Clock } from '../../../server/jobs/clock.ts';
import { answerOf } from '../../../server/jobs/steer-plan.ts';
import { startEventFeed } from '../../../server/store/event.ts';
import { openIdempotencyKeys } from '../../../server/store/idempotency-key.ts';
import { startListening } from '../../../server/store/notify.ts';
import { createSignInCode, ensureUser } from '../../../server/store/session.ts';
import { createTestDatabase } from '../../postgres.ts';
import { signInTo, type TestClient } from '../running-server.ts';

/** Everything that the companies of one file share: the database, the engine with its workers, and a clock that can be set ahead. */
export interface Town {
  readonly open: (situation: Situation) => Promise<Company>;
  readonly stop: () => Promise<void>;
}

/** The two files as the vendors write them, and what the contract is told. */
export interface Situation {
  readonly name: string;
  readonly licenses: string;
  readonly crm: string;
  readonly settings?: object;
  readonly linkedin?: Partial<Settings>;
}

export async function openTown(): Promise<Town> {
  const database = await createTestDatabase();
  const dataDir = await mkdtemp(path.join(tmpdir(), 'seatmatch-situations-'));
  const faults: unknown[] = [];
  const logError = (error: unknown) => void faults.push(error);
  let aheadMs = 0;
  const clock: Clock = {
    now: () => new Date(Date.now() + aheadMs),
    at: (moment) => new Date(Date.parse(moment) + aheadMs).toISOString(),
    machineTime: (moment) => new Date(moment.getTime() - aheadMs),
  };
  const config: Config = {
    port: 0,
    host: '127.0.0.1',
    healthPort: null,
    dataDir,
    database: { appUrl: database.appUrl, ownerUrl: database.url },
    demo: false,
    largestUploadBytes: 1_000_000,
    publicUrl: null,
    loopbackWebhooks: false,
    smtp: null,
    watchDir: path.join(dataDir, 'watched'),
    delivery: null,
    configFile: null,
    secretKey: null,
    scim: null,
    files: null,
  };
  const backend = { ...(await startBackend({ config, embedded: 'own', queues: queueDefinitions, log: () => {}, logError })), clock };
  const { pool, engine, databaseUrl, uploads, connectionFailed } = backend;
  const notices = await startListening(databaseUrl, { onError: connectionFailed });
  const events = await startEventFeed(pool, notices, connectionFailed);
  const idempotencyKeys = openIdempotencyKeys(pool, databaseUrl, connectionFailed);
  const mail = mailDesk(config, { pool, engine, key: null, ownUrl: 'http://127.0.0.1', logError });
  const desks = { ...openDesks(backend), mail };
  await workQueues(backend, desks);
  const closers: (() => Promise<void>)[] = [];

  return {
    async open(situation) {
      aheadMs = 0;
      const workspace = { workspaceId: randomUUID(), contractId: randomUUID(), name: situation.name, contractName: 'Sales Navigator' };
      await pool.query('insert into workspace (workspace_id, name) values ($1, $2)', [workspace.workspaceId, workspace.name]);
      await pool.query('insert into contract (workspace_id, contract_id, name) values ($1, $2, $3)', [
        workspace.workspaceId,
        workspace.contractId,
        workspace.contractName,
      ]);
      const admin = await ensureUser(pool, workspace.workspaceId, 'Admin');
      const server = await listen({ port: 0, host: '127.0.0.1' });
      closers.push(() => server.close());
      server.serve(
        createApp({
          pool,
          engine,
          events,
          idempotencyKeys,
          workspace,
          connections: backend.connections,
          version: '0.0.0',
          demoUser: null,
          demoActor: null,
          adminCenter: null,
          leaveDemo: () => {},
          clock,
          uploads: { ...uploads, workspace },
          openers: uploads.openers,
          folders: desks.folders,
          offerTools: desks.plans.tools,
          planDesk: desks.plans,
          mail: { from: null, baseUrl: server.url },
          publicUrl: null,
          loopbackWebhooks: false,
          onAnswer: answerOf(desks.plans),
          consoleDirectory: dataDir,
          explorerFile: path.join(dataDir, 'none.js'),
          logError,
        }),
      );
      const code = await createSignInCode(pool, workspace.workspaceId, admin.id, new Date(Date.now() + hourMs));
      const client = await signInTo(server.url, `${server.url}/#code=${code}`);
      if (situation.settings) await client.ok('changeSettings', { body: situation.settings });
      return companyOf(situation, client, {
        now: () => clock.now(),
        advance: (hours) => {
          aheadMs += hours * hourMs;
        },
      });
    },
    async stop() {
      for (const close of closers) await close();
      await idempotencyKeys.stop();
      await events.stop();
      await notices.stop();
      await backend.stop();
      await rm(dataDir, { recursive: true, force: true });
      expect(faults).toEqual([]);
    },
  };
}

interface Time {
  now(): Date;
  advance(hours: number): void;
}

/** One company with its Admin Center and its CRM, and the people who carry files between them and the product. */
export interface Company extends Omit<TestClient, 'upload'> {
  readonly center: AdminCenter;
  /** What the CRM exports from now on. */
  setCrm(csv: string): void;
  /** Brings both lists, compares them, and waits until it is done. */
  compareNow(more?: object): Promise<{ id: string; state: string }>;
  /** A license holder as the product shows them. */
  shown(licenseId: string): Promise<FindingRow>;
  /** Label, sentence and next step: what a person reads last. */
  words(licenseId: string): Promise<readonly [label: string, sentence: string, nextStep: string]>;
  draft(body: object): Promise<Plan>;
  approve(plan: Plan): Promise<Plan>;
  job(plan: Plan): Promise<Job>;
  /** Downloads the open file, uploads it in Admin Center, and says so. Returns LinkedIn's result file. */
  upload(plan: Plan): Promise<string>;
  /** LinkedIn's result file, or a whole export as of now. */
  prove(plan: Plan, result?: string): Promise<ProofOutcome>;
  /** Carries every email file, one after the other, each with its result. */
  carryEmails(plan: Plan): Promise<void>;
  rematches(plan: Plan): Promise<Rematch[]>;
  /** An admin in Admin Center, a person with their invitation, or the CRM. */
  act(command: Command): void;
  /** Days pass for everybody. */
  pass(hours: number): void;
  /** Asks again until there is an answer. */
  until<Value>(ask: () => Promise<Value | null>): Promise<Value>;
}

function companyOf({ licenses, crm, linkedin }: Situation, client: TestClient, time: Time): Company {
  const people = peopleOfExport(licenses);
  const column = (csv: string): string[] => {
    const [header = '', ...rows] = csv.trimEnd().split('\n');
    const place = header.split(',').indexOf('Email');
    return rows.map((row) => row.split(',')[place]!.replaceAll('"', ''));
  };
  const center = makeAdminCenter({
    now: new Date(time.now().getTime() - hourMs).toISOString(),
    people,
    crmEmails: column(crm),
    settings: { licenses: licensesOf(people, 5), ...linkedin },
  });
  let crmCsv = crm;
  const keepTime = (): void => advanceTo(center, Math.max(time.now().getTime(), center.now + 1));

  const company: Company = {
    ...client,
    center,
    setCrm(csv) {
      crmCsv = csv;
      carryOut(center, { do: 'set-crm-emails', emails: column(csv) });
    },
    async compareNow(more = {}) {
      keepTime();
      const { csv, shown, asOf } = exportUsers(center);
      return client.compare(csv, crmCsv, {
        adminCenterCount: shown,
        exportedAt: asOf,
        crmExportedAt: asOf,
        answers: { oddRun: 'release' },
        ...more,
      });
    },
    async shown(licenseId) {
      const { finding } = await client.ok<Person>('getPerson', { params: { key: `license:${licenseId}` } });
      return finding;
    },
    async words(licenseId) {
      const { label, sentence, nextStep } = await company.shown(licenseId);
      return [label, sentence, nextStep];
    },
    async draft(body) {
      const { id } = await client.ok<{ id: string }>('createPlan', { body });
      return client.ok<Plan>('getPlan', { params: { id } });
    },
    approve: ({ id, seal }) => client.ok<Plan>('approvePlan', { params: { id }, body: { seal } }),
    job: ({ id }) => client.ok<Job>('getJob', { params: { id } }),
    async upload(plan) {
      const { name } = (await company.job(plan)).tasks.find((task) => task.isOpen)!;
      const text = await client.ok<string>('downloadFile', { params: { id: plan.id, name } });
      keepTime();
      const { result } = uploadFile(center, name, new TextEncoder().encode(text));
      await client.ok('sayOfFile', { params: { id: plan.id, name }, body: { said: 'uploaded' } });
      return new TextDecoder().decode(result);
    },
    async prove(plan, result) {
      const bring = (raw: string, query: Record<string, string>) =>
        client.ok<ProofOutcome>('bringProof', { params: { id: plan.id }, query: { name: 'proof.csv', ...query }, raw });
      if (result !== undefined) return bring(result, {});
      time.advance(1 / 60);
      keepTime();
      const { csv, shown, asOf } = exportUsers(center);
      return bring(csv, { exportedAt: asOf, adminCenterCount: String(shown) });
    },
    async carryEmails(plan) {
      for (const [index] of plan.files.filter(({ sitting }) => sitting === null).entries()) {
        if (index > 0) await client.ok<Job>('makeFile', { params: { id: plan.id } });
        await company.prove(plan, await company.upload(plan));
      }
    },
    rematches: async (plan) => (await client.ok<{ rows: Rematch[] }>('listRematches', { query: { planId: plan.id } })).rows,
    act(command) {
      keepTime();
      expect(carryOut(center, command)).toBeNull();
    },
    pass(hours) {
      time.advance(hours);
      keepTime();
    },
    async until(ask) {
      for (;;) {
        const value = await ask();
        if (value !== null) return value;
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    },
  };
  return company;
}
