import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FileOffers, Overview, People, Person, Reconciliation, ReconciliationRow } from '../../../server/api.ts';
import { reportColumns } from '../../../server/core/findings-csv.ts';
import { crmCsv, licensesCsv, startTestServer, type TestServer, testPeople } from '../running-server.ts';

const nobody = '00000000-0000-4000-8000-000000000000';
const before = testPeople(40, (index) => index < 4);
const after = testPeople(40, (index) => index >= 2 && index < 6);
const again = testPeople(40, (index) => index === 0);

let server: TestServer;
let runs: { id: string; state: string }[];
beforeAll(async () => {
  server = await startTestServer();
  await server.ok('changeSettings', { body: { domainAliases: [{ old: 'old-acme.example', current: 'acme.example' }] } });
  runs = [];
  for (const people of [before, after, again]) {
    runs.push(await server.compare(licensesCsv(people), crmCsv(people), { adminCenterCount: 40 }));
  }
});
afterAll(() => server?.stop());

describe('one comparison after the other', () => {
  test('ends done, with the numbers and the proof of both reads', async () => {
    expect(runs.map(({ state }) => state)).toEqual(['done', 'done', 'done']);
    const run = await server.ok<Reconciliation>('getReconciliation', { params: { id: runs[0]!.id } });
    expect(run).toMatchObject({
      number: 1,
      crmName: 'Salesforce',
      createdBy: 'Admin',
      headline: { seatsThatSync: 36, seats: 40, notMatched: 4 },
      changes: { before: null, new: 0, repaired: 0, cameBack: 0 },
      rejects: { licenses: 0, crm: 0 },
    });
    expect(run.proofs?.licenses).toMatchObject({ kind: 'file', received: 40, expected: 40, source: 'licenses.csv' });
    expect(run.proofs?.licenses.sha256).toMatch(/^[0-9a-f]{64}$/u);
  });

  test('says who is new, repaired and came back', async () => {
    const second = await server.ok<Reconciliation>('getReconciliation', { params: { id: runs[1]!.id } });
    expect(second.changes).toMatchObject({ before: { id: runs[0]!.id }, new: 2, repaired: 2, cameBack: 0 });
    const overview = await server.ok<Overview>('getOverview');
    expect(overview.changes).toMatchObject({ before: { id: runs[1]!.id }, new: 0, repaired: 4, cameBack: 1 });
    expect(overview.changes?.keys).toMatchObject({ new: [], cameBack: ['license:LIC-0001'] });
    const repaired = await server.ok<People>('listPeople', { query: { change: 'repaired' } });
    expect(repaired.rows.map(({ key }) => key).sort()).toEqual(overview.changes?.keys.repaired.toSorted());
    expect(repaired.total).toBe(4);
  });

  test('the overview holds the latest numbers, one list of things to do, and the trend', async () => {
    const overview = await server.ok<Overview>('getOverview');
    expect(overview.headline).toEqual({ seatsThatSync: 39, seats: 40 });
    expect(overview.byStatus).toEqual([
      { status: 'not-matched', count: 1 },
      { status: 'matched', count: 39 },
    ]);
    expect(overview.trend.map(({ number, notMatched }) => [number, notMatched])).toEqual([
      [1, 4],
      [2, 4],
      [3, 1],
    ]);
    expect(overview.toDo.length).toBeGreaterThan(0);
    for (const { href, count } of overview.toDo.filter(({ href }) => href.startsWith('/people'))) {
      const listed = await server.ok<People>('listPeople', { query: Object.fromEntries(new URL(href, server.url).searchParams) });
      expect(listed.total, href).toBe(count);
    }
  });

  test('a person has an explanation and a timeline of what was said before', async () => {
    const person = await server.ok<Person>('getPerson', { params: { key: 'license:LIC-0001' } });
    expect(person.finding).toMatchObject({
      status: 'not-matched',
      reason: 'email-differs',
      change: 'came-back',
      targetEmail: 'anna.ahlund0@acme.example',
    });
    expect(person.explanation?.ladder.some(({ answer }) => answer === 'yes')).toBe(true);
    expect(person.timeline.map(({ status, to }) => [status, to === null])).toEqual([
      ['not-matched', true],
      ['matched', false],
      ['not-matched', false],
    ]);
    expect(person.finding.since).toBe(person.timeline[0]!.from);
    expect((await server.refused('getPerson', { params: { key: 'license:LIC-9999' } })).status).toBe(404);
  });

  test('the list of reconciliations is paged, newest first', async () => {
    const first = await server.ok<{ rows: ReconciliationRow[]; next: string }>('listReconciliations', { query: { limit: '2' } });
    expect(first.rows.map(({ number }) => number)).toEqual([3, 2]);
    const second = await server.ok<{ rows: ReconciliationRow[]; next: null }>('listReconciliations', {
      query: { limit: '2', cursor: first.next },
    });
    expect(second.rows.map(({ number }) => number)).toEqual([1]);
    expect(second.next).toBeNull();
    expect((await server.refused('listReconciliations', { query: { cursor: 'x' } })).status).toBe(400);
  });

  test('the same files can be compared again, with the decisions of now', async () => {
    const exception = await server.ok<{ id: string }>('createException', {
      body: { licenseId: 'LIC-0001', reason: 'on leave', until: '2099-01-31' },
    });
    const { id } = await server.ok<{ id: string }>('repeatReconciliation', { params: { id: runs[2]!.id } });
    expect(await server.settled(id)).toMatchObject({ state: 'done' });
    const person = await server.ok<Person>('getPerson', { params: { key: 'license:LIC-0001' } });
    expect(person.finding.status).toBe('excepted');
    expect(person.exception).toMatchObject({ id: exception.id, reason: 'on leave', until: '2099-01-31', author: 'Admin' });
  });
});

describe('what can be downloaded', () => {
  test('the report of an earlier run says what that run said', async () => {
    const csv = await server.ok<string>('getReport', { params: { id: runs[0]!.id, format: 'csv' } });
    const [header, ...lines] = csv.trimEnd().split('\n');
    expect(header).toBe(reportColumns.join(','));
    expect(lines).toHaveLength(40);
    expect(lines.filter((line) => line.startsWith('not-matched,email-differs'))).toHaveLength(4);
  });

  test('JSON, JSON lines and Excel carry the same people', async () => {
    const params = (format: string) => ({ params: { id: runs[0]!.id, format } });
    const whole = JSON.parse(await server.ok<string>('getReport', params('json'))) as { findings: { key: string; explanation: object }[] };
    const lines = (await server.ok<string>('getReport', params('jsonl')))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { key: string });
    expect(whole.findings).toHaveLength(40);
    expect(whole.findings[0]).toHaveProperty('explanation.ladder');
    expect(lines).toEqual(whole.findings);
    const workbook = await server.fetch(`/api/reconciliations/${runs[0]!.id}/report.xlsx`);
    expect(workbook.headers.get('content-disposition')).toMatch(/seatmatch-report-.*\.xlsx/u);
    expect(new Uint8Array(await workbook.arrayBuffer()).subarray(0, 2)).toEqual(new Uint8Array([0x50, 0x4b]));
    expect((await server.refused('getReport', params('pdf'))).status).toBe(400);
  });

  test("LinkedIn's files are listed with a sentence and downloaded by name", async () => {
    const { id } = runs[1]!;
    const { files, refusal } = await server.ok<FileOffers>('listFiles', { params: { id } });
    expect(refusal).toBeNull();
    const uploads = files.filter(({ forLinkedIn }) => forLinkedIn);
    expect(uploads.reduce((sum, { rows }) => sum + rows, 0)).toBe(4);
    const text = await server.ok<string>('getFile', { params: { id, name: uploads[0]!.name } });
    expect(text).toContain('existing_email_address');
    expect(text).toContain('@old-acme.example');
    expect((await server.refused('getFile', { params: { id, name: 'other.csv' } })).status).toBe(404);
  });

  test('rows that could not be used come with file, line, column and reason', async () => {
    const licenses = `${licensesCsv(testPeople(3))}"LIC-9","too","few"\n`;
    const run = await server.compare(licenses, crmCsv(testPeople(3)), { answers: { oddRun: 'release' } });
    expect(run.state).toBe('done');
    const rejects = (await server.ok<string>('getRejects', { params: { id: run.id } })).trimEnd().split('\r\n');
    expect(rejects[0]).toBe('file,line,column,reason');
    expect(rejects[1]).toMatch(/^licenses\.csv,5,/u);
    expect(await server.ok<Reconciliation>('getReconciliation', { params: { id: run.id } })).toMatchObject({
      rejects: { licenses: 1, crm: 0 },
    });
  });
});

describe('what is refused', () => {
  test('a comparison of files that are not there, of the wrong side, or of two sides exchanged', async () => {
    const licenses = await server.upload('licenses', licensesCsv(before));
    const crm = await server.upload('crm', crmCsv(before));
    expect((await server.refused('createReconciliation', { body: { licenses: nobody, crm } })).detail).toContain('license side');
    expect((await server.refused('createReconciliation', { body: { licenses: crm, crm: licenses } })).detail).toContain('Exchange');
    expect((await server.refused('createReconciliation', { body: { licenses } })).status).toBe(400);
    expect((await server.refused('createReconciliation', { body: { licenses, crm, colour: 'red' } })).status).toBe(400);
  });

  test('anything about a comparison that does not exist', async () => {
    for (const name of ['getReconciliation', 'repeatReconciliation', 'getRejects', 'listFiles'] as const) {
      expect((await server.refused(name, { params: { id: nobody } })).status).toBe(404);
      expect((await server.refused(name, { params: { id: 'x' } })).status).toBe(400);
    }
    const answer = { params: { id: runs[0]!.id }, body: { answer: 'release' } };
    expect((await server.refused('answerReconciliation', answer)).status).toBe(409);
  });
});
