import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { sftpUploadFolder } from '../../../connectors/linkedin-files/sftp-upload-folder.ts';
import { oracleOf } from '../../../connectors/linkedin-files/simulator/oracle.ts';
import type { Simulator } from '../../../connectors/linkedin-files/simulator.ts';
import type { Job, Plan, Rematch } from '../../../server/api.ts';
import { linkedinPlanTools } from '../../../server/commands/linkedin-plan-tools.ts';
import { openDeliveries } from '../../../server/commands/open-deliveries.ts';
import { readConfig } from '../../../server/config.ts';
import { mayStillAnswer } from '../../../server/core/read-export.ts';
import { folderDelivery } from '../../../server/jobs/files-delivery.ts';
import { type SftpServer, serveSftp } from '../../connectors/linkedin-files/serve-sftp.ts';
import { fullPlan } from '../core/example-plan.ts';
import { startCenterOf, tellOfCompany } from '../delivered-company.ts';
import { crmCsv, startTestServer, type TestServer, testPeople } from '../running-server.ts';

// A whole server, its first comparison, and files that are looked at twice before they are believed.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

const people = testPeople(8, (index) => index < 2);

let directory: string;
let sftp: SftpServer;
/** What people do by hand in Admin Center. */
let center: Simulator;
let server: TestServer;
/** A removal is planned on a list from after the last write: before anything is written, both can be. */
let email: Plan;
let full: Plan;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'seatmatch-folder-'));
  sftp = await serveSftp();
  center = await startCenterOf(people);
  const file = path.join(directory, 'seatmatch.config.json');
  const access = { ...sftp.access, privateKey: '${' + 'SFTP_KEY}' };
  const connection = {
    name: 'navigator-files',
    type: 'linkedin-files',
    inbox: path.join(sftp.folder, 'in'),
    outbox: path.join(sftp.folder, 'out'),
    sftp: access,
  };
  await writeFile(file, JSON.stringify({ connections: [connection] }));
  server = await startTestServer({
    files: { connection: 'navigator-files', file, environment: { SFTP_KEY: sftp.access.privateKey } },
  });
  await tellOfCompany(server);
  await server.compare(center.exportByHand().csv, crmCsv(people), { adminCenterCount: 8 });
  [email, full] = [await drafted('email-first', 0), await drafted('full', 1)];
});
afterAll(async () => {
  await server?.stop();
  await center?.close();
  await sftp?.close();
  await rm(directory, { recursive: true, force: true });
});

const here = (...names: string[]): string => path.join(sftp.folder, ...names);
const waiting = (): string[] => readdirSync(here('out')).filter((name) => name.endsWith('.csv'));
let uploads = 0;

/** LinkedIn comes by: takes the files that lie there, and answers. */
function linkedInComesBy(): void {
  for (const name of waiting()) {
    const { result } = center.uploadByHand(name, readFileSync(here('out', name)));
    uploads += 1;
    writeFileSync(here('in', name.replace('.csv', '-result.csv')), result);
    rmSync(here('out', name));
  }
}
/** Somebody has Admin Center send a new export. */
const sendExport = (): void => writeFileSync(here('in', 'users.csv'), center.exportByHand().csv);

const rematchOf = async ({ id }: Pick<Plan, 'id'>): Promise<Rematch> =>
  (await server.ok<{ rows: Rematch[] }>('listRematches', { query: { planId: id } })).rows[0]!;
const stepOf = async (plan: Pick<Plan, 'id'>): Promise<string> => {
  const { step, ended } = await rematchOf(plan);
  return ended ?? step;
};

async function drafted(mode: 'email-first' | 'full', index: number): Promise<Plan> {
  const { id } = await server.ok<{ id: string }>('createPlan', { body: { mode, licenseIds: [`LIC-${people[index]!.id}`] } });
  return server.ok<Plan>('getPlan', { params: { id } });
}
const approve = ({ id, seal }: Plan) => server.ok('approvePlan', { params: { id }, body: { seal } });

test('an email goes into LinkedIn’s folder by itself, once, and is proven by what LinkedIn sends back when it likes', async () => {
  await approve(email);
  const plan = email;
  await expect.poll(waiting, { timeout: 30_000 }).toHaveLength(1);
  expect(await server.ok<Job>('getJob', { params: { id: plan.id } })).toMatchObject({ delivered: true });
  linkedInComesBy();
  await expect.poll(() => stepOf(plan), { timeout: 60_000 }).toBe('wait');
  expect([uploads, waiting()]).toEqual([1, []]);
  const { proofs } = await server.ok<Job>('getJob', { params: { id: plan.id } });
  expect(proofs.filter(({ kind }) => kind === 'result')).toHaveLength(1);
});

test('a license goes only after somebody brought a list of everybody, and comes back by itself', async () => {
  await approve(full);
  const plan = full;
  await expect.poll(waiting, { timeout: 30_000 }).toHaveLength(1);
  linkedInComesBy();
  await expect.poll(() => stepOf(plan), { timeout: 60_000 }).toBe('ask-person');
  const answer = { answer: 'confirmed', reason: 'Said so on the phone.' };
  await server.ok('answerRematch', { params: { id: (await rematchOf(plan)).id }, body: answer });
  await server.ok('planSitting', { params: { id: plan.id }, body: { plannedFor: null } });
  const { tasks } = await server.ok<Job>('getJob', { params: { id: plan.id } });
  expect(tasks.find(({ kind }) => kind === 'license-off')!.waitingFor).toContain('Removals need a newer one');
  expect([waiting(), oracleOf(center.center).withoutLicense]).toEqual([[], []]);
  await server.ok('bringProofAnywhere', { query: { name: 'users.csv', adminCenterCount: '8' }, raw: center.exportByHand().csv });
  await expect.poll(() => waiting().filter((name) => name.startsWith('license-off')), { timeout: 30_000 }).toHaveLength(1);
  linkedInComesBy();
  sendExport();
  await expect.poll(() => waiting().filter((name) => name.startsWith('license-on')), { timeout: 60_000 }).toHaveLength(1);
  expect(oracleOf(center.center).withoutLicense).toHaveLength(1);
  linkedInComesBy();
  sendExport();
  await expect.poll(() => stepOf(plan), { timeout: 60_000 }).toBe('onboarding');
  expect(oracleOf(center.center)).toMatchObject({ withoutLicense: [], sharedEmails: [], overwritten: [] });
  expect([uploads, waiting()]).toEqual([4, []]);
});

test('a file that LinkedIn took and says nothing of is looked for, and sent once more only when its time is over', async () => {
  const folder = sftpUploadFolder({ sftp: sftp.access, inbox: here('in'), outbox: here('out'), wait: async () => {} });
  const delivery = folderDelivery(folder, linkedinPlanTools, () => new Date());
  const options = { signal: new AbortController().signal };
  const { files, idColumn } = fullPlan(1);
  for (const { name, kind, rows } of files) {
    const file = { name, kind, rows, idColumn };
    expect(await delivery.carryOut(file, options)).toEqual({ kind: 'lies-there' });
    expect(waiting()).toEqual([name]);
    rmSync(here('out', name));
    expect(await delivery.lookFor!(file, options)).toEqual({ kind: 'lies-there' });
    expect(waiting()).toEqual([]);
    const log = [{ state: 'said-to-be-uploaded', at: '2026-11-23T10:00:00.000Z', by: 'Automatic delivery' } as const];
    const isAwaited = (time: string) => mayStillAnswer(kind, { log }, `2026-11-23T${time}:00.000Z`);
    expect([isAwaited('10:14'), isAwaited('10:15'), isAwaited('11:00')]).toEqual([true, kind === 'license-off', false]);
  }
  expect(mayStillAnswer('license-on', { log: [] }, '2026-11-23T10:00:00.000Z')).toBe(false);
});

test('a connection that takes no files, and two ways for files, are said in one sentence before anything starts', () => {
  const file = path.join(directory, 'users.json');
  writeFileSync(file, JSON.stringify({ connections: [{ name: 'scim', type: 'linkedin-scim', auth: { token: '${' + 'T}' } }] }));
  const files = { connection: 'scim', file, environment: { T: 'secret' } };
  expect(() => openDeliveries({ delivery: null, scim: null, files }, () => new Date())).toThrow(
    /takes no upload files: it needs one of type linkedin-files/u,
  );
  const variables = { SEATMATCH_FILES_CONNECTION: 'x', SEATMATCH_DELIVERY_URL: 'https://delivery.example', SEATMATCH_DELIVERY_TOKEN: 't' };
  expect(() => readConfig(variables)).toThrow(/Files go one way/u);
});
