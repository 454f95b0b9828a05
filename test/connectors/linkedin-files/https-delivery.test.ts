import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import type { UploadDelivery } from '../../../connectors/connector.ts';
import { RequestFailed } from '../../../connectors/errors.ts';
import { type HttpsDeliveryOptions, httpsDelivery } from '../../../connectors/linkedin-files/https-delivery.ts';
import type { Settings } from '../../../connectors/linkedin-files/simulator/admin-center.ts';
import { type Simulator, startSimulator } from '../../../connectors/linkedin-files/simulator.ts';
import { build, bytesOf, emailChange, licenseChange, passed, plus, readBack, readExport, who } from './simulator/build.ts';

const change = emailChange(['ann@old.example', 'ann@new.example', 'E1']);
const running: Simulator[] = [];

async function start(settings: Partial<Settings> = {}): Promise<Simulator> {
  const simulator = await startSimulator({ center: build(settings) });
  running.push(simulator);
  return simulator;
}

afterEach(async () => {
  for (const simulator of running.splice(0)) await simulator.close();
});

const deliveryTo = (simulator: Simulator, options: Partial<HttpsDeliveryOptions> = {}): UploadDelivery =>
  httpsDelivery({
    baseUrl: simulator.url,
    token: () => simulator.token,
    retries: { firstMs: 1, maxMs: 50 },
    lookEveryMs: 1,
    timeoutMs: 10_000,
    ...options,
  });

/** How a request failed; anything but a RequestFailed is a fault of ours. */
async function failureOf(asked: Promise<unknown>): Promise<RequestFailed> {
  const error = await asked.then(
    () => expect.fail('It did not fail.'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof RequestFailed)) throw error;
  return error;
}

let simulator: Simulator;
let delivery: UploadDelivery;
beforeEach(async () => {
  simulator = await start();
  delivery = deliveryTo(simulator);
});

const emails = () => simulator.center.people.map(({ profileEmail }) => profileEmail);
const uploads = () => simulator.center.uploads.length;

describe('delivery over HTTPS', () => {
  it('hands a file over and brings LinkedIn’s result for its rows back', async () => {
    const { result } = await delivery.upload('email-change-a.csv', bytesOf(change));
    expect((await readBack(result, change)).rows).toEqual([{ outcome: 'done' }]);
    expect(simulator.center.uploads).toMatchObject([{ name: 'email-change-a.csv', applied: 1 }]);
  });

  it('brings everybody, with the number of users Admin Center shows and the time they are from', async () => {
    const { bytes, usersShown, asOf } = await delivery.exportUsers('all');
    expect(usersShown).toBe(4);
    expect(asOf).toBe(new Date(simulator.center.now).toISOString());
    expect(await readExport(bytes, usersShown!)).toMatchObject({ kind: 'full-export', complete: true });
  });

  it('brings only the people asked for, and a header alone where nobody is there', async () => {
    const asked = await delivery.exportUsers({ emails: ['bo@old.example', 'nobody@old.example'] });
    expect(asked.usersShown).toBe(1);
    expect([...(await readExport(asked.bytes)).byEmail.keys()]).toEqual(['bo@old.example']);
    const nobody = await delivery.exportUsers({ emails: [] });
    expect(nobody.usersShown).toBe(0);
    expect(Buffer.from(nobody.bytes).toString().split('\r\n')).toHaveLength(2);
  });

  it('tells what there is to assign; what is not limited is not known', async () => {
    expect(await delivery.facts()).toEqual({ freeLicenses: 97, assignmentsLeft: null });
    simulator.act({ do: 'settings', settings: { monthlyAssignments: 5 } });
    simulator.act({ do: 'take-licenses', type: plus, count: 90 });
    expect(await delivery.facts()).toEqual({ freeLicenses: 7, assignmentsLeft: 5 });
    expect(await deliveryTo(simulator, { paths: { licenses: null } }).facts()).toBeNull();
  });

  it('waits for a result that is not ready', async () => {
    simulator.fault({ kind: 'not-ready', times: 3 });
    const { result } = await delivery.upload('a.csv', bytesOf(change));
    expect((await readBack(result, change)).rows).toEqual([{ outcome: 'done' }]);
  });

  it('waits for an upload that LinkedIn works through later', async () => {
    simulator.act({ do: 'settings', settings: { uploadMinutes: 20 } });
    const delivered = delivery.upload('a.csv', bytesOf(change));
    await passed(simulator, ({ at, request }) => at === 'answered' && request === 'upload');
    expect(emails()).toContain('ann@old.example');
    simulator.act({ do: 'advance', hours: 1 });
    expect((await readBack((await delivered).result, change)).rows).toEqual([{ outcome: 'done' }]);
  });

  it('gives up on a result that does not come, and says that the file may have arrived', async () => {
    simulator.act({ do: 'settings', settings: { uploadMinutes: 20 } });
    const failure = await failureOf(deliveryTo(simulator, { resultWithinMs: 5 }).upload('a.csv', bytesOf(change)));
    expect(failure).toMatchObject({ code: 'timeout', mayHaveArrived: true });
    simulator.act({ do: 'advance', hours: 1 });
    expect(emails()).toContain('ann@new.example');
  });

  it('finds its way by paths that were set', async () => {
    const paths = { uploads: 'uploads?tenant=a', exports: './exports' };
    expect((await deliveryTo(simulator, { paths }).exportUsers('all')).usersShown).toBe(4);
    const { result } = await deliveryTo(simulator, { paths }).upload('a & b.csv', bytesOf(change));
    expect(result.length).toBeGreaterThan(0);
    expect(simulator.center.uploads[0]?.name).toBe('a & b.csv');
  });

  it('delivers 10,000 rows and brings 10,000 people back', async () => {
    const people = Array.from({ length: 10_000 }, (_, n) => ({ profileEmail: `p${n}@old.example`, license: 'activated' as const }));
    const large = await startSimulator({ center: build({ licenses: { [plus]: 10_000 } }, people) });
    running.push(large);
    const rows = people.map(({ profileEmail }, n) => [profileEmail, `p${n}@new.example`] as const);
    await deliveryTo(large).upload('large.csv', bytesOf(emailChange(...rows)));
    expect(large.center.uploads).toMatchObject([{ rows: 10_000, applied: 10_000 }]);
    expect((await deliveryTo(large).exportUsers('all')).usersShown).toBe(10_000);
  });
});

describe('a read', () => {
  test.for([
    ['503', { kind: 'status', status: 503 }],
    ['429 with Retry-After', { kind: 'status', status: 429, retryAfter: '0' }],
    ['429 without', { kind: 'status', status: 429 }],
    ['a connection that breaks', { kind: 'drop', at: 'received' }],
    ['a body that is cut', { kind: 'cut-body' }],
    ['a web page', { kind: 'web-page' }],
  ] as const)('is repeated after %s until it is whole', async ([, fault]) => {
    simulator.fault({ ...fault, on: 'export', times: 2 });
    expect((await delivery.exportUsers('all')).usersShown).toBe(4);
  });

  test.for([
    ['unauthorized', { kind: 'status', status: 401 }],
    ['forbidden', { kind: 'status', status: 403 }],
    ['not-found', { kind: 'status', status: 404 }],
    ['conflict', { kind: 'status', status: 409 }],
    ['rejected', { kind: 'status', status: 400 }],
    ['rate-limited', { kind: 'status', status: 429 }],
    ['unavailable', { kind: 'status', status: 500 }],
    ['unavailable', { kind: 'drop', at: 'applied' }],
    ['unavailable', { kind: 'cut-body' }],
    ['invalid-response', { kind: 'web-page' }],
    ['timeout', { kind: 'status', status: 408 }],
  ] as const)('fails as %s when it meets %j every time', async ([code, fault]) => {
    simulator.fault({ ...fault, on: 'export', times: 9 });
    expect(await failureOf(delivery.exportUsers('all'))).toMatchObject({ code, request: 'export', mayHaveArrived: false });
  });

  it('is given up after so many attempts', async () => {
    simulator.fault({ kind: 'status', status: 503, times: 99 });
    await failureOf(deliveryTo(simulator, { retries: { attempts: 3, firstMs: 1 } }).facts());
    expect((await simulator.momentsAfter(0)).filter(({ at }) => at === 'received')).toHaveLength(3);
  });

  it('leaves a Retry-After that is longer than the longest pause to its caller', async () => {
    simulator.fault({ kind: 'status', status: 429, retryAfter: '3600' });
    expect(await failureOf(delivery.exportUsers('all'))).toMatchObject({ code: 'rate-limited', retryAfterMs: 3_600_000 });
  });

  it('that hangs runs out of time, and of patience when its caller stops it', async () => {
    simulator.fault({ kind: 'hang', at: 'received', times: 9 });
    const impatient = deliveryTo(simulator, { timeoutMs: 20, retries: { attempts: 1 } });
    expect(await failureOf(impatient.exportUsers('all'))).toMatchObject({ code: 'timeout' });
    const stop = new AbortController();
    const asked = delivery.exportUsers('all', { signal: stop.signal });
    const reason = new Error('The process stops.');
    await simulator.momentsAfter(1);
    stop.abort(reason);
    await expect(asked).rejects.toBe(reason);
  });

  it('ends its pause when its caller stops it', async () => {
    simulator.fault({ kind: 'status', status: 429, retryAfter: '20' });
    const stop = new AbortController();
    const asked = deliveryTo(simulator, { retries: { maxMs: 60_000 } }).exportUsers('all', { signal: stop.signal });
    await simulator.momentsAfter(0);
    stop.abort(new Error('The process stops.'));
    await expect(asked).rejects.toThrow('The process stops.');
  });

  it('larger than allowed is no answer', async () => {
    const failure = await failureOf(deliveryTo(simulator, { largestBytes: 100, retries: { attempts: 1 } }).exportUsers('all'));
    expect(failure.code).toBe('invalid-response');
  });

  it('that is stale or short is told from a whole one by its time or its count', async () => {
    simulator.act({ do: 'advance', hours: 1 });
    await delivery.upload('a.csv', bytesOf(change));
    simulator.fault({ kind: 'stale-read', admits: true });
    expect(Date.parse((await delivery.exportUsers('all')).asOf)).toBeLessThan(simulator.center.uploads[0]!.at);
    simulator.fault({ kind: 'lost-rows', rows: 1 });
    const short = await delivery.exportUsers('all');
    expect((await readExport(short.bytes, short.usersShown!)).complete).toBe(false);
  });
});

describe('an upload', () => {
  it('is repeated where it was turned away before anything was done', async () => {
    simulator.fault({ kind: 'status', status: 429, on: 'upload', times: 2 });
    await delivery.upload('a.csv', bytesOf(change));
    expect(uploads()).toBe(1);
  });

  test.for([
    ['a server that fails', { kind: 'status', status: 503 }, 'unavailable', 0],
    ['a connection that breaks before', { kind: 'drop', at: 'received' }, 'unavailable', 0],
    ['a connection that breaks after', { kind: 'drop', at: 'applied' }, 'unavailable', 1],
    ['an answer that is cut', { kind: 'cut-body' }, 'unavailable', 1],
    ['a web page', { kind: 'web-page' }, 'invalid-response', 0],
  ] as const)('is never repeated after %s: it may have arrived', async ([, fault, code, arrived]) => {
    simulator.fault({ ...fault, on: 'upload' });
    expect(await failureOf(delivery.upload('a.csv', bytesOf(change)))).toMatchObject({ code, request: 'upload', mayHaveArrived: true });
    expect(uploads()).toBe(arrived);
  });

  it('that got no answer in time may have arrived, and did', async () => {
    simulator.fault({ kind: 'hang', at: 'applied', on: 'upload' });
    const failure = await failureOf(deliveryTo(simulator, { timeoutMs: 200 }).upload('a.csv', bytesOf(change)));
    expect(failure).toMatchObject({ code: 'timeout', mayHaveArrived: true });
    expect(emails()).toContain('ann@new.example');
  });

  test.for([
    ['forbidden', 403],
    ['rejected', 413],
    ['conflict', 409],
  ] as const)('that is %s did not arrive', async ([code, status]) => {
    simulator.fault({ kind: 'status', status, on: 'upload' });
    expect(await failureOf(delivery.upload('a.csv', bytesOf(change)))).toMatchObject({ code, mayHaveArrived: false });
  });

  it('to nobody did not arrive', async () => {
    await simulator.close();
    const failure = await failureOf(deliveryTo(simulator, { retries: { attempts: 2, firstMs: 1 } }).upload('a.csv', bytesOf(change)));
    expect(failure).toMatchObject({ code: 'unavailable', mayHaveArrived: false });
  });

  it('whose result cannot be brought has arrived all the same', async () => {
    simulator.fault({ kind: 'status', status: 503, on: 'result', times: 9 });
    const failure = await failureOf(delivery.upload('a.csv', bytesOf(change)));
    expect(failure).toMatchObject({ code: 'unavailable', request: 'result', mayHaveArrived: true });
    expect(emails()).toContain('ann@new.example');
  });

  it('brings a half-applied result back like any other', async () => {
    const rows = emailChange(['ann@old.example', 'ann@new.example'], ['bo@old.example', 'bo@new.example']);
    simulator.act({ do: 'settings', settings: { batchRows: 1 } });
    simulator.fault({ kind: 'critical-stop', afterBatches: 1 });
    const stopped = await readBack((await delivery.upload('a.csv', bytesOf(rows))).result, rows);
    expect(stopped.critical).toContain('stopped');
    simulator.fault({ kind: 'refuse-rows', emails: ['bo@old.example'] });
    const refused = await readBack((await delivery.upload('a.csv', bytesOf(rows))).result, rows);
    expect(refused.rows.map(({ outcome }) => outcome)).toEqual(['refused', 'refused']);
    simulator.fault({ kind: 'first-scan' });
    expect((await readBack((await delivery.upload('a.csv', bytesOf(rows))).result, rows)).rows.map(({ outcome }) => outcome)).toEqual([
      'untouched',
      'untouched',
    ]);
  });

  it('that is repeated by its caller after it had arrived changes nothing more', async () => {
    const off = licenseChange('license-off', 'ann@old.example');
    simulator.fault({ kind: 'drop', at: 'applied', on: 'upload' });
    await failureOf(delivery.upload('off.csv', bytesOf(off)));
    await delivery.upload('off.csv', bytesOf(off));
    expect(simulator.center.uploads.map(({ applied, unchanged }) => [applied, unchanged])).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });
});

describe('the token', () => {
  it('that ran out is asked for again once, and nothing was done with the old one', async () => {
    const asked: (string | null)[] = [];
    const token = (refused: string | null) => {
      asked.push(refused);
      return refused === null ? 'old-token' : simulator.token;
    };
    await deliveryTo(simulator, { token }).upload('a.csv', bytesOf(change));
    expect(asked.slice(0, 2)).toEqual([null, 'old-token']);
    expect(uploads()).toBe(1);
  });

  it('that ran out in the middle is renewed for the result', async () => {
    simulator.fault({ kind: 'status', status: 401, on: 'result' });
    let count = 0;
    const token = (refused: string | null) => (refused === null ? simulator.token : `${simulator.token}${count++ === 0 ? '' : 'x'}`);
    expect(await failureOf(deliveryTo(simulator, { token }).upload('a.csv', bytesOf(change)))).toMatchObject({
      code: 'unauthorized',
      mayHaveArrived: true,
    });
    expect(who(simulator.center, 'ann@new.example').uniqueUserId).toBe('E1');
  });

  it('that has no successor fails as unauthorized, without asking for ever', async () => {
    let asked = 0;
    const token = () => `wrong-${++asked}`;
    expect(await failureOf(deliveryTo(simulator, { token }).facts())).toMatchObject({ code: 'unauthorized', status: 401 });
    expect(asked).toBe(2);
  });

  it('goes to no other host: a redirect is not followed', async () => {
    const seen: string[] = [];
    const other = createServer((request, response) => {
      seen.push(request.headers.authorization ?? '');
      response.end('{}');
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    afterAll(() => other.close());
    const to = `http://127.0.0.1:${(other.address() as AddressInfo).port}/uploads`;
    simulator.fault({ kind: 'redirect', to, times: 9 });
    expect(await failureOf(delivery.upload('a.csv', bytesOf(change)))).toMatchObject({ code: 'invalid-response', status: 307 });
    expect(await failureOf(delivery.facts())).toMatchObject({ code: 'invalid-response' });
    expect(seen).toEqual([]);
  });

  test.for(['http://linkedin.example/upload', 'ftp://127.0.0.1/', 'https://user:secret@linkedin.example/'])(
    'is never sent to %s',
    (baseUrl) => {
      expect(() => httpsDelivery({ baseUrl, token: () => 't' })).toThrow(TypeError);
    },
  );

  it('and the vendor’s own text are in no error', async () => {
    simulator.fault({ kind: 'status', status: 400, times: 1 });
    simulator.fault({ kind: 'status', status: 503, times: 9 });
    for (let n = 0; n < 2; n++) {
      const failure = await failureOf(delivery.facts());
      const told = JSON.stringify(failure, Object.getOwnPropertyNames(failure)) + failure.stack + String(failure.cause);
      expect(told).not.toMatch(/secret|abc123|delivery-token/);
    }
  });
});
