import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Link } from '../../../server/api.ts';
import { notify } from '../../../server/store/notify.ts';
import { type Processes, type ServerProcess, startProcesses } from '../child-process-server.ts';
import { type Follower, followEvents } from '../event-stream.ts';
import { clientOf, crmCsv, licensesCsv, startTestServer, type TestClient, type TestServer, testPeople } from '../running-server.ts';

vi.setConfig({ testTimeout: 120_000 });

const followers: Follower[] = [];
async function follow(...given: Parameters<typeof followEvents>): Promise<Follower> {
  const follower = await followEvents(...given);
  followers.push(follower);
  return follower;
}
afterEach(async () => {
  for (const follower of followers.splice(0)) await follower.leave();
});

let made = 0;
/** One event: a link's. */
async function link(client: TestClient): Promise<string> {
  const body = { licenseId: `LIC-${++made}`, crmUserId: `CRM-${made}` };
  return (await client.ok<Link>('createLink', { body })).id;
}
const ids = ({ events }: Follower) => events.map(({ id }) => id);

describe('the events of one server', () => {
  let server: TestServer;
  let db: pg.Client;
  let workspace: string;
  beforeAll(async () => {
    server = await startTestServer();
    db = new pg.Client({ connectionString: server.database.appUrl });
    await db.connect();
    workspace = (await db.query<{ workspace_id: string }>('select workspace_id from workspace')).rows[0]!.workspace_id;
  });
  afterAll(async () => {
    await db?.end();
    await server?.stop();
  });

  test('tell a page what to read again, each thing by its kind', async () => {
    const page = await follow(server);
    await server.ok('changeSettings', { body: { idpName: 'Okta' } });
    const answer = { licenseId: 'LIC-1', verdict: 'matched', on: '2026-01-15' };
    await server.ok('createObservedAnswer', { body: answer });
    const people = testPeople(3);
    const { id } = await server.compare(licensesCsv(people), crmCsv(people));
    await expect.poll(() => page.events.filter((event) => event.id === id).length).toBeGreaterThan(1);
    const kinds = new Set(page.events.map(({ kind }) => kind));
    expect([...kinds]).toEqual(['settings', 'decision', 'upload', 'reconciliation', 'invitation']);
  });

  test('of another workspace stay there', async () => {
    const page = await follow(server);
    const other = '00000000-0000-4000-8000-000000000001';
    await db.query("insert into workspace (workspace_id, name) values ($1, 'Other')", [other]);
    await notify(db, { workspace: other, kind: 'plan', id: 'theirs' });
    await notify(db, { workspace, kind: 'plan', id: 'ours' });
    await expect.poll(() => ids(page)).toContain('ours');
    expect(ids(page)).not.toContain('theirs');
    const back = await follow(server, '0');
    await expect.poll(() => ids(back)).toContain('ours');
    expect(ids(back)).not.toContain('theirs');
  });

  test('that a page missed come when it is back, in order and once, also what is committed while it comes back', async () => {
    const before = await follow(server);
    const seen = [await link(server)];
    await expect.poll(() => ids(before)).toEqual(seen);
    await before.leave();
    const missed = [await link(server), await link(server), await link(server)];
    const [back, meanwhile] = await Promise.all([follow(server, before.lastId()), link(server)]);
    const later = await link(server);
    await expect.poll(() => ids(back)).toEqual([...missed, meanwhile, later]);
    expect(back.events.map(({ eventId }) => Number(eventId))).toEqual(
      back.events.map(({ eventId }) => Number(eventId)).sort((a, b) => a - b),
    );
  });

  test('are not missed by a page that has seen none yet: it was told from where it reads', async () => {
    const idle = await follow(server);
    expect(idle.lastId()).toMatch(/^\d+$/u);
    await idle.leave();
    const missed = await link(server);
    const back = await follow(server, idle.lastId());
    await expect.poll(() => ids(back)).toEqual([missed]);
  });

  test('can be read on from an id in the address, for a page that opens the stream anew', async () => {
    const after = (await follow(server)).lastId();
    const missed = await link(server);
    const leaving = new AbortController();
    const response = await server.fetch(`/api/events?after=${after}`, { signal: leaving.signal });
    let text = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      if (text.includes(missed)) break;
    }
    leaving.abort();
  });

  test.each([
    ['an id that is none', 'yesterday'],
    ['an id of another database, which has come further', '999999999'],
  ])('begin with "read everything" for %s', async (_, lastId) => {
    const page = await follow(server, lastId);
    // What happens before is part of everything.
    await expect.poll(() => ids(page)).toEqual(['all']);
    const later = await link(server);
    await expect.poll(() => ids(page)).toEqual(['all', later]);
    expect(page.events[0]!.kind).toBe('everything');
  });

  test('begin with "read everything" when what was missed is forgotten, and not when it was nothing', async () => {
    const page = await follow(server);
    const [first, second] = [await link(server), await link(server)];
    await expect.poll(() => ids(page)).toEqual([first, second]);
    const [afterFirst, afterSecond] = page.events.map(({ eventId }) => eventId);
    await db.query('delete from event where event_id < $1', [afterSecond]);
    const knows = await follow(server, afterFirst!);
    await expect.poll(() => ids(knows)).toEqual([second]);
    const third = await link(server);
    await expect.poll(() => ids(knows)).toEqual([second, third]);
    await db.query('delete from event where event_id <= $1', [afterSecond]);
    const lost = await follow(server, afterFirst!);
    await expect.poll(() => lost.events.map(({ kind }) => kind)).toEqual(['everything']);
    const upToDate = await follow(server, lost.lastId());
    const fourth = await link(server);
    await expect.poll(() => ids(upToDate)).toEqual([fourth]);
  });

  test('take one listening connection of the process, however many pages follow', async () => {
    await Promise.all(Array.from({ length: 5 }, () => follow(server)));
    const { rows } = await db.query(
      "select count(*)::integer as count from pg_stat_activity where application_name = 'seatmatch listener' and datname = current_database()",
    );
    expect(rows).toEqual([{ count: 1 }]);
  });
});

describe('the events of two server processes on one database', () => {
  let processes: Processes;
  let first: ServerProcess;
  let second: ServerProcess;
  beforeAll(async () => {
    processes = await startProcesses();
    [first, second] = await Promise.all([processes.startServer(), processes.startServer()]);
  });
  afterAll(() => processes?.stop());

  test('reach the pages of both in the same order, whichever did the work', async () => {
    const pages = [await follow(first), await follow(second)];
    const told = await Promise.all([first, second, first, second, first, second].map(link));
    for (const page of pages) await expect.poll(() => ids(page).toSorted()).toEqual(told.toSorted());
    expect(pages[0]!.events).toEqual(pages[1]!.events);
  });

  test('go on at the other server when the first is killed: nothing is lost, nothing comes twice', async () => {
    const page = await follow(first);
    const told = [await link(first), await link(second)];
    await expect.poll(() => ids(page)).toEqual(told);
    // Some of these reach the page, some do not.
    const rest = [link(second), link(second), link(second)];
    await first.kill();
    const missed = await Promise.all(rest);
    await page.leave();
    const back = await follow(clientOf(second.url, first.cookie), page.lastId());
    const later = await link(second);
    await expect.poll(() => ids(back)).toContain(later);
    const all = [...ids(page), ...ids(back)];
    expect(all.slice(0, 2)).toEqual(told);
    expect(all.at(-1)).toBe(later);
    expect(all.slice(2, -1).toSorted()).toEqual(missed.toSorted());
  });
});
