import { once } from 'node:events';
import http from 'node:http';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Endpoint, endpoints, type Link, openApiDocument, type Upload } from '../../../server/api.ts';
import { pruneIdempotencyKeys } from '../../../server/store/idempotency-key.ts';
import { type Processes, type ServerProcess, startProcesses } from '../child-process-server.ts';
import { clientOf, licensesCsv, type TestClient, testPeople } from '../running-server.ts';

vi.setConfig({ testTimeout: 120_000 });

let processes: Processes;
let first: ServerProcess;
let second: ServerProcess;
let db: pg.Client;
beforeAll(async () => {
  processes = await startProcesses();
  [first, second] = await Promise.all([processes.startServer(), processes.startServer()]);
  if (processes.database === 'embedded') throw new Error('The test wants a database of its own.');
  db = new pg.Client({ connectionString: processes.database.appUrl });
  await db.connect();
});
afterAll(async () => {
  await db?.end();
  await processes?.stop();
});

const body = { licenseId: 'LIC-1', crmUserId: 'CRM-1' };
const keyed = (key: string, more: object = {}) => ({ body, headers: { 'Idempotency-Key': key }, ...more });
const linksMade = async () => (await db.query<{ count: number }>('select count(*)::integer as count from link')).rows[0]!.count;
const at = (client: TestClient) => clientOf((client as ServerProcess).url, first.cookie);

/** An upload whose second half waits. */
function beginUpload(client: ServerProcess, key: string, text: string) {
  const half = text.length / 2;
  const request = http.request(`${client.url}/api/uploads?name=licenses.csv&side=licenses`, {
    method: 'POST',
    headers: {
      cookie: first.cookie,
      'content-type': 'application/octet-stream',
      'content-length': String(Buffer.byteLength(text)),
      'idempotency-key': key,
    },
  });
  request.write(text.slice(0, half));
  const answered = once(request, 'response').then(async ([response]: http.IncomingMessage[]) => {
    let answer = '';
    for await (const chunk of response!.setEncoding('utf8')) answer += chunk;
    return { status: response!.statusCode!, retryAfter: response!.headers['retry-after'], body: JSON.parse(answer) };
  });
  return {
    answered,
    finish: () => {
      request.end(text.slice(half));
      return answered;
    },
    cut: () => request.destroy(),
  };
}
const isRunning = (key: string) => async () =>
  (await db.query('select status from idempotency_key where key = $1', [key])).rows.map(({ status }) => status);

const list = licensesCsv(testPeople(4));

describe('a request with an Idempotency-Key', () => {
  test('that is repeated gets the same answer, byte for byte, at any process, and is carried out once', async () => {
    const before = await linksMade();
    const link = await first.ok<Link>('createLink', keyed('"same"'));
    expect(await first.ok('createLink', keyed('"same"'))).toEqual(link);
    expect(await at(second).ok('createLink', keyed('"same"'))).toEqual(link);
    // The draft's quotation marks, or none.
    expect(await first.ok('createLink', keyed('same'))).toEqual(link);
    // Order and spaces of the JSON do not make another request.
    const { licenseId, crmUserId } = body;
    expect(await first.ok('createLink', keyed('same', { body: { crmUserId, licenseId } }))).toEqual(link);
    expect(await linksMade()).toBe(before + 1);
    const raw = await Promise.all(
      [first, second].map(async ({ url }) => {
        const response = await fetch(`${url}/api/links`, {
          method: 'POST',
          headers: { cookie: first.cookie, 'content-type': 'application/json', 'idempotency-key': 'same' },
          body: JSON.stringify(body),
        });
        return [response.status, response.headers.get('content-type'), await response.text()];
      }),
    );
    expect(raw[0]).toEqual(raw[1]);
  });

  test('and one without it: without a key the same body is another request', async () => {
    const one = await first.ok<Link>('createLink', { body });
    expect((await first.ok<Link>('createLink', { body })).id).not.toBe(one.id);
  });

  test('is refused when the key was used for another body or another address', async () => {
    await first.ok('createLink', keyed('once'));
    const other = { ...body, crmUserId: 'CRM-2' };
    expect(await first.refused('createLink', keyed('once', { body: other }))).toMatchObject({
      status: 422,
      detail: expect.stringContaining('another request'),
    });
    const exception = { licenseId: 'LIC-1', reason: 'on leave', until: '2099-12-31' };
    expect((await second.refused('createException', keyed('once', { body: exception }))).status).toBe(422);
  });

  test.each([['""'], ['"half'], ['a b'], ['a,b'], [`"${'x'.repeat(256)}"`]])('%s is no key', async (key) => {
    expect((await first.refused('createLink', keyed(key))).status).toBe(400);
  });

  test('that was refused changed nothing: corrected, or sent again when things stand otherwise, it runs', async () => {
    const past = { licenseId: 'LIC-9', reason: 'on leave', until: '2020-01-01' };
    const key = { headers: { 'Idempotency-Key': 'refused' } };
    expect((await first.refused('createException', { ...key, body: past })).status).toBe(400);
    await first.ok('createException', { ...key, body: { ...past, until: '2099-12-31' } });
  });

  test('that runs at this moment is not run again beside it, in this process or another', async () => {
    const upload = beginUpload(first, 'running', list);
    await expect.poll(isRunning('running')).toEqual([null]);
    for (const server of [first, second]) {
      expect(await beginUpload(server, 'running', list).finish()).toMatchObject({ status: 409, retryAfter: '1' });
    }
    const { status, body: made } = await upload.finish();
    expect(status).toBe(201);
    expect(await beginUpload(second, 'running', list).finish()).toEqual({ status: 201, retryAfter: undefined, body: made });
    const files = await db.query('select from upload where upload_id = $1', [(made as Upload).id]);
    expect(files.rowCount).toBe(1);
  });

  test('of a file is another request when the file has another length', async () => {
    await beginUpload(first, 'file', list).finish();
    expect((await beginUpload(first, 'file', licensesCsv(testPeople(5))).finish()).status).toBe(422);
  });

  test('whose sender leaves in the middle can be sent again', async () => {
    const upload = beginUpload(first, 'left', list);
    upload.answered.catch(() => {});
    await expect.poll(isRunning('left')).toEqual([null]);
    upload.cut();
    await expect.poll(isRunning('left')).toEqual([]);
    expect((await beginUpload(second, 'left', list).finish()).status).toBe(201);
  });

  test('that a kill -9 cut off can be sent again at once, and only as it was', async () => {
    const doomed = await processes.startServer();
    const upload = beginUpload(doomed, 'cut-off', list);
    upload.answered.catch(() => {});
    await expect.poll(isRunning('cut-off')).toEqual([null]);
    await doomed.kill();
    // The database notices within moments that the process is gone.
    await expect.poll(async () => (await beginUpload(first, 'cut-off', `${list}\n`).finish()).status).toBe(422);
    expect((await beginUpload(first, 'cut-off', list).finish()).status).toBe(201);
  });

  test('that was answered before a kill -9 gets its answer from the next process', async () => {
    const doomed = await processes.startServer();
    const link = await doomed.ok<Link>('createLink', keyed('answered'));
    const [next] = await Promise.all([processes.startServer(), doomed.kill()]);
    expect(await at(next).ok('createLink', keyed('answered'))).toEqual(link);
  });

  // Each of them holds a lock: were it a connection of the pool, they would wait for one another for ever.
  test('runs beside many others', async () => {
    const links = await Promise.all(
      Array.from({ length: 40 }, (_, n) => first.ok<Link>('createLink', keyed(`many-${n}`, { body: { ...body, licenseId: `LIC-M${n}` } }))),
    );
    expect(new Set(links.map(({ id }) => id)).size).toBe(40);
  });

  test('is forgotten after a day', async () => {
    const link = await first.ok<Link>('createLink', keyed('old'));
    await db.query("update idempotency_key set created_at = now() - interval '25 hours' where key = 'old'");
    await first.ok('createLink', keyed('young'));
    await pruneIdempotencyKeys(db);
    expect((await first.ok<Link>('createLink', keyed('old'))).id).not.toBe(link.id);
    expect((await db.query("select from idempotency_key where key = 'young'")).rowCount).toBe(1);
  });
});

test('the description of the API names the header on every POST of somebody signed in whose answer may be kept', () => {
  const { paths } = openApiDocument('1.0.0');
  for (const endpoint of Object.values(endpoints) as Endpoint[]) {
    const operation = paths?.[endpoint.path.replaceAll(/:(\w+)/gu, '{$1}')]?.[endpoint.method];
    const headers = operation?.parameters?.filter((parameter) => 'in' in parameter && parameter.in === 'header') ?? [];
    expect(headers.length, endpoint.path).toBe(endpoint.method === 'post' && !endpoint.open && !endpoint.media && !endpoint.secret ? 1 : 0);
  }
});
