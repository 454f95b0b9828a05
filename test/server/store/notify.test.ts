import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Listener, type Notice, notify, startListening } from '../../../server/store/notify.ts';
import { createFirstWorkspace } from '../../../server/store/workspace.ts';
import { createTestDatabase, type TestDatabase } from '../../postgres.ts';

describe('notices', () => {
  let database: TestDatabase;
  let client: pg.Client;
  let listener: Listener;
  let notices: Notice[];
  let errors: string[];
  let reconnections: number;
  let workspace: string;

  beforeEach(async () => {
    database = await createTestDatabase();
    client = new pg.Client({ connectionString: database.appUrl });
    await client.connect();
    workspace = (await createFirstWorkspace(client, { workspace: 'Test', contract: 'Sales Navigator' })).workspaceId;
    notices = [];
    errors = [];
    reconnections = 0;
    listener = await startListening(database.appUrl, { onError: (error) => errors.push(error.message) });
    listener.subscribe(
      (notice) => notices.push(notice),
      () => {
        reconnections++;
      },
    );
  });

  afterEach(async () => {
    await listener.stop();
    await client.end();
  });

  test('reach every subscriber when their transaction commits', async () => {
    const second: Notice[] = [];
    listener.subscribe((notice) => second.push(notice));
    await client.query('begin');
    await notify(client, { workspace, kind: 'plan', id: '1' });
    expect(notices).toEqual([]);
    await client.query('commit');
    await expect.poll(() => notices).toEqual([{ workspace, kind: 'plan', id: '1' }]);
    expect(second).toEqual(notices);
  });

  test('of a transaction that rolled back never arrive', async () => {
    await client.query('begin');
    await notify(client, { workspace, kind: 'plan', id: 'rolled back' });
    await client.query('rollback');
    await notify(client, { workspace, kind: 'plan', id: 'after it' });
    await expect.poll(() => notices).toEqual([{ workspace, kind: 'plan', id: 'after it' }]);
  });

  test('arrive again by themselves after the listening connection was cut', async () => {
    const admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
    await admin.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'seatmatch listener' and datname = current_database()",
    );
    await admin.end();
    await expect.poll(() => reconnections, { timeout: 10_000 }).toBe(1);
    expect(errors).toHaveLength(1);
    await notify(client, { workspace, kind: 'plan', id: '2' });
    await expect.poll(() => notices).toEqual([{ workspace, kind: 'plan', id: '2' }]);
  });

  test('that are not ours are passed over', async () => {
    await client.query("select pg_notify('seatmatch', 'hello'), pg_notify('seatmatch', '[1]')");
    await notify(client, { workspace, kind: 'plan', id: '3' });
    await expect.poll(() => notices).toEqual([{ workspace, kind: 'plan', id: '3' }]);
  });

  test('no longer reach who has left', async () => {
    const leaver: Notice[] = [];
    const leave = listener.subscribe((notice) => leaver.push(notice));
    leave();
    await notify(client, { workspace, kind: 'plan', id: '4' });
    await expect.poll(() => notices).toHaveLength(1);
    expect(leaver).toEqual([]);
  });
});
