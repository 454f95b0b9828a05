import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { FileOffers, Overview, People } from '../../server/api.ts';
import { crmCsv, licensesCsv, startTestServer, type TestServer, testPeople } from './running-server.ts';

// Whole servers start here, several in a test: a busy machine takes its time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let demo: TestServer;
beforeAll(async () => {
  demo = await startTestServer({ demo: true });
});
afterAll(() => demo?.stop());

describe('the demo company', () => {
  test('has a history, a list of things to do, and says that it is made up', async () => {
    const overview = await demo.ok<Overview>('getOverview');
    expect(overview.trend.length).toBeGreaterThan(1);
    expect(overview.trend.map(({ at }) => at)).toEqual(overview.trend.map(({ at }) => at).toSorted());
    expect(overview.banners.map(({ kind }) => kind)).toEqual(['demo']);
    expect(overview.toDo.length).toBeGreaterThan(0);
    for (const { href, count } of overview.toDo.filter((one) => one.href.startsWith('/people'))) {
      const { searchParams } = new URL(href, demo.url);
      expect((await demo.ok<People>('listPeople', { query: Object.fromEntries(searchParams) })).total, href).toBe(count);
    }
  });

  test("makes LinkedIn's files", async () => {
    const { latest } = await demo.ok<Overview>('getOverview');
    const { files, refusal } = await demo.ok<FileOffers>('listFiles', { params: { id: latest!.id } });
    expect(refusal).toBeNull();
    expect(files.some(({ forLinkedIn }) => forLinkedIn)).toBe(true);
    for (const { name } of files) expect(await demo.ok<string>('getFile', { params: { id: latest!.id, name } })).toContain('@');
  });

  test('goes when somebody brings their own two files, with its settings, and does not come back', async () => {
    const own = await startTestServer({ demo: true });
    const { latest } = await own.ok<Overview>('getOverview');
    const { id } = await own.ok<{ id: string }>('repeatReconciliation', { params: { id: latest!.id } });
    expect(await own.settled(id)).toMatchObject({ state: 'done' });
    expect((await own.ok<Overview>('getOverview')).banners.map(({ kind }) => kind)).toEqual(['demo']);

    const people = testPeople(3);
    expect(await own.compare(licensesCsv(people), crmCsv(people))).toMatchObject({ state: 'done' });
    expect(await own.ok<Overview>('getOverview')).toMatchObject({
      headline: { seats: 3, seatsThatSync: 3 },
      banners: [],
      latest: { number: 1 },
    });
    expect(await own.ok('getSettings')).toMatchObject({ companyDomains: [], domainAliases: [], changed: [] });
    const again = await startTestServer({ demo: true, dataDir: own.dataDir }, own.database);
    expect((await again.ok<People>('listPeople')).total).toBe(3);
    await again.stop();
    await own.stop();
  });

  test('is made once, and made again only when its making was cut short', async () => {
    const { latest } = await demo.ok<Overview>('getOverview');
    const second = await startTestServer({ demo: true, dataDir: demo.dataDir }, demo.database);
    expect((await second.ok<Overview>('getOverview')).latest!.id).toBe(latest!.id);
    await second.stop();

    const db = new pg.Client({ connectionString: demo.database.url });
    await db.connect();
    await db.query('alter table audit disable trigger audit_append_only');
    await db.query("delete from audit where action = 'demo made'");
    await db.query('alter table audit enable trigger audit_append_only');
    await db.end();
    const third = await startTestServer({ demo: true, dataDir: demo.dataDir }, demo.database);
    const again = await third.ok<Overview>('getOverview');
    expect(again.latest!.id).not.toBe(latest!.id);
    expect(again.latest!.number).toBe(again.trend.length);
    await third.stop();
  });
});
