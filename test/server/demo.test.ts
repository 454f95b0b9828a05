import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FileOffers, Overview, People } from '../../server/api.ts';
import { startTestServer, type TestServer } from './running-server.ts';

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
