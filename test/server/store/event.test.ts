import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openPool } from '../../../server/store/database.ts';
import { eventBounds, eventsAfter, pruneEvents, type StoredEvent, startEventFeed } from '../../../server/store/event.ts';
import { type Listener, notify, startListening } from '../../../server/store/notify.ts';
import { createFirstWorkspace } from '../../../server/store/workspace.ts';
import { createTestDatabase, type TestDatabase } from '../../postgres.ts';

let database: TestDatabase;
let pool: pg.Pool;
let workspace: string;
let clients: pg.Client[];
const fail = (error: Error) => {
  throw error;
};

beforeEach(async () => {
  database = await createTestDatabase();
  pool = openPool(database.appUrl, fail);
  workspace = (await createFirstWorkspace(pool, { workspace: 'Test', contract: 'Sales Navigator' })).workspaceId;
  clients = [];
});
afterEach(async () => {
  for (const client of clients) await client.end();
  await pool.end();
});

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: database.appUrl });
  await client.connect();
  clients.push(client);
  return client;
}

const tell = (db: Parameters<typeof notify>[0], id: string) => notify(db, { workspace, kind: 'plan', id });
const refs = (events: readonly StoredEvent[]) => events.map(({ ref }) => ref);
const allRefs = async () => refs(await eventsAfter(pool, 0));

describe('ids of events', () => {
  test('follow the order of commits, not that of the statements: what is committed late comes after what was read before', async () => {
    const [slow, quick] = [await connect(), await connect()];
    await slow.query('begin');
    await tell(slow, 'began first');
    await quick.query('begin');
    await tell(quick, 'began second');
    await quick.query('commit');
    const seen = await eventsAfter(pool, 0);
    expect(refs(seen)).toEqual(['began second']);
    await slow.query('commit');
    expect(refs(await eventsAfter(pool, seen.at(-1)!.id))).toEqual(['began first']);
  });

  test('make a reader see every event of many writers once, in the same order as everybody else', async () => {
    const writers = await Promise.all(Array.from({ length: 8 }, connect));
    let writing = true;
    const read: StoredEvent[] = [];
    const reading = (async () => {
      for (;;) {
        const last = !writing;
        read.push(...(await eventsAfter(pool, read.at(-1)?.id ?? 0)));
        if (last) return;
      }
    })();
    await Promise.all(
      writers.map(async (writer, n) => {
        for (let turn = 0; turn < 30; turn++) {
          await writer.query('begin');
          await tell(writer, `${n}.${turn} a`);
          // Transactions overlap in every order, and some do not come about.
          await writer.query('select pg_sleep(random() / 200)');
          await tell(writer, `${n}.${turn} b`);
          await writer.query(turn % 5 === 4 ? 'rollback' : 'commit');
        }
      }),
    );
    writing = false;
    await reading;
    expect(read).toHaveLength(8 * 24 * 2);
    expect(new Set(refs(read)).size).toBe(read.length);
    expect(refs(read)).toEqual(await allRefs());
    // What one transaction told stands together: nobody sees half of it.
    for (let i = 0; i < read.length; i += 2) expect(read[i + 1]!.ref).toBe(read[i]!.ref.replace(/a$/u, 'b'));
  });

  test('hold nobody up: a long transaction that has told of something lets others commit theirs', async () => {
    const long = await connect();
    await long.query('begin');
    await tell(long, 'long');
    for (const id of ['1', '2', '3']) await tell(pool, id);
    expect(await allRefs()).toEqual(['1', '2', '3']);
    await long.query('rollback');
    expect(await allRefs()).toEqual(['1', '2', '3']);
  });
});

describe('forgetting', () => {
  test('leaves the last day, the last ten thousand, and always the newest', async () => {
    await pool.query("insert into event (workspace_id, kind, ref) select $1, 'plan', n::text from generate_series(1, 10005) n", [
      workspace,
    ]);
    await pruneEvents(pool);
    const { rows } = await pool.query('select count(*)::integer as count, min(ref::integer) as first from event');
    expect(rows).toEqual([{ count: 10_000, first: 6 }]);

    const { newest } = await eventBounds(pool);
    await pool.query("update event set at = now() - interval '25 hours' where event_id <= $1", [newest - 3]);
    await pruneEvents(pool);
    expect(await allRefs()).toEqual(['10003', '10004', '10005']);

    await pool.query("update event set at = now() - interval '25 hours'");
    await pruneEvents(pool);
    expect(await allRefs()).toEqual(['10005']);
    expect(await eventBounds(pool)).toEqual({ oldest: newest, newest });
  });

  test('of nothing changes nothing', async () => {
    await pruneEvents(pool);
    expect(await eventBounds(pool)).toEqual({ oldest: null, newest: 0 });
  });
});

describe('the feed of a process', () => {
  let listener: Listener;
  let stop: () => void;
  const errors: string[] = [];
  beforeEach(async () => {
    listener = await startListening(database.appUrl, { onError: (error) => errors.push(error.message) });
  });
  afterEach(async () => {
    stop();
    await listener.stop();
  });

  async function follow(): Promise<StoredEvent[]> {
    const feed = await startEventFeed(pool, listener, fail);
    stop = feed.stop;
    const seen: StoredEvent[] = [];
    feed.follow(
      (event) => seen.push(event),
      () => {},
    );
    return seen;
  }

  test('brings thousands of events of one transaction, in order', async () => {
    await tell(pool, 'before');
    const seen = await follow();
    const client = await connect();
    await client.query('begin');
    await client.query("insert into event (workspace_id, kind, ref) select $1, 'rematch', n::text from generate_series(1, 2500) n", [
      workspace,
    ]);
    await tell(client, 'last');
    await client.query('commit');
    await expect.poll(() => seen.length, { timeout: 10_000 }).toBe(2501);
    expect(refs(seen)).toEqual([...Array.from({ length: 2500 }, (_, n) => String(n + 1)), 'last']);
  });

  test('brings what was told while its listening connection was cut', async () => {
    const seen = await follow();
    const admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
    // The listener reconnects after 100 ms at the earliest: by then the event is there, and its notice is gone.
    await admin.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'seatmatch listener' and datname = current_database()",
    );
    await tell(pool, 'meanwhile');
    await admin.end();
    await expect.poll(() => refs(seen), { timeout: 10_000 }).toEqual(['meanwhile']);
    expect(errors).not.toEqual([]);
  });
});
