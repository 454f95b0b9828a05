import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Upload } from '../../../server/api.ts';
import { crmCsv, licensesCsv, startTestServer, type TestServer, testPeople } from '../running-server.ts';

const people = testPeople(5);

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ largestUploadBytes: 200_000 });
});
afterAll(() => server?.stop());

const bring = (raw: string, query: Record<string, string> = {}) =>
  server.ok<Upload>('createUpload', { query: { name: 'list.csv', ...query }, raw });
const kept = () => readdir(path.join(server.dataDir, 'uploads'));

describe('a file that is brought', () => {
  test('is recognised by its headers, whichever side it is', async () => {
    expect(await bring(licensesCsv(people))).toMatchObject({
      side: 'licenses',
      kind: 'admin-center-users',
      rows: 5,
      rejected: 0,
      missing: null,
    });
    expect(await bring(crmCsv(people))).toMatchObject({
      side: 'crm',
      kind: 'salesforce',
      crm: 'salesforce',
      crmName: 'Salesforce',
      missing: null,
    });
  });

  test('shows its mapping, its first rows, and asks what a file cannot say', async () => {
    const upload = await bring(licensesCsv(people), { side: 'licenses', modifiedAt: '2026-11-20T09:12:00.000Z' });
    expect(upload.mapping[1]).toEqual({ column: 'invited_email_address', field: 'email' });
    expect(upload.preview[0]?.[2]).toBe('Anna');
    expect(upload.fields).toContainEqual({ field: 'email', needed: true });
    expect(upload.questions.map(({ id, suggested }) => [id, suggested])).toEqual([
      ['admin-center-count', null],
      ['exported-at', '2026-11-20T09:12:00.000Z'],
    ]);
    expect(await server.ok<Upload>('getUpload', { params: { id: upload.id } })).toEqual(upload);
  });

  test('that names its columns otherwise is mapped by a person', async () => {
    const raw = 'Who,Reach at\nAnna Ahlund,anna@acme.example\nBo Berger,bo@acme.example\n';
    const upload = await bring(raw, { side: 'crm' });
    expect(upload.missing).toContain('email');
    const mapped = await server.ok<Upload>('mapUpload', {
      params: { id: upload.id },
      body: {
        mapping: [
          { column: 'Who', field: 'displayName' },
          { column: 'Reach at', field: 'email' },
        ],
      },
    });
    expect(mapped).toMatchObject({ missing: null, rows: 2, side: 'crm' });
    expect(mapped.questions.map(({ id }) => id)).toContain('crm-name');
    const body = { mapping: [{ column: 'Who', field: 'shoe size' }] };
    expect((await server.refused('mapUpload', { params: { id: upload.id }, body })).status).toBe(422);
  });

  test('that could be either list waits for a person to say which', async () => {
    const upload = await bring('email,name\nanna@acme.example,Anna\n');
    expect(upload).toMatchObject({ side: null, missing: expect.stringContaining('LinkedIn Admin Center or from the CRM') });
    const body = {
      side: 'crm',
      mapping: upload.mapping.map(({ column }) => ({ column, field: column === 'email' ? 'email' : 'displayName' })),
    };
    expect(await server.ok<Upload>('mapUpload', { params: { id: upload.id }, body })).toMatchObject({ side: 'crm', missing: null });
  });

  test('says which rows cannot be used, with line and reason', async () => {
    const upload = await bring(`${licensesCsv(people)}"LIC-9","too","few"\n`, { side: 'licenses' });
    expect(upload).toMatchObject({ rows: 5, rejected: 1 });
    expect(upload.rejects).toMatchObject([{ line: 7 }]);
  });
});

describe('a file that is refused leaves nothing behind', () => {
  const cases: [string, string, Record<string, string>][] = [
    ['empty', '', {}],
    ['no text', '\u0000\u0001\u0002PK\u0003\u0004\u0000', {}],
    ['a header alone', 'invited_email_address,seat_id\n', { side: 'licenses' }],
    ['cut off in a quote', 'invited_email_address,seat_id\n"anna@acme.example","LIC', { side: 'licenses' }],
    ['the CRM side given as license side', crmCsv(people), { side: 'licenses' }],
    ['the license side given as CRM side', licensesCsv(people), { side: 'crm' }],
  ];
  test.each(cases)('%s', async (_, raw, query) => {
    const before = await kept();
    const { status, detail } = await server.refused('createUpload', { query: { name: 'list.csv', ...query }, raw });
    expect(status).toBe(422);
    expect(detail).toContain('list.csv');
    expect(await kept()).toEqual(before);
  });

  test('too large, announced or not', async () => {
    const before = await kept();
    const raw = 'x'.repeat(200_001);
    expect((await server.refused('createUpload', { query: { name: 'big.csv' }, raw })).status).toBe(413);
    const chunked = await fetch(`${server.url}/api/uploads?name=big.csv`, {
      method: 'POST',
      headers: { cookie: server.cookie, 'Content-Type': 'application/octet-stream' },
      body: new Blob([raw]).stream(),
      duplex: 'half',
    } as RequestInit);
    expect(chunked.status).toBe(413);
    expect(await kept()).toEqual(before);
  });

  test('a form instead of the file itself', async () => {
    const form = new FormData();
    form.set('file', new Blob([crmCsv(people)]), 'crm.csv');
    const response = await server.fetch('/api/uploads?name=crm.csv', { method: 'POST', body: form });
    expect(response.status).toBe(415);
  });

  test('a name that leads out of the directory is only a name', async () => {
    const upload = await bring(crmCsv(people), { name: '../../etc/passwd' });
    expect(await kept()).toContain(`${upload.id}.csv`);
  });
});

describe('throwing a file away', () => {
  test('deletes its bytes, unless a comparison was made from it', async () => {
    const { id } = await bring(crmCsv(people));
    await server.ok('deleteUpload', { params: { id } });
    expect(await kept()).not.toContain(`${id}.csv`);
    expect((await server.refused('deleteUpload', { params: { id } })).status).toBe(404);
    expect((await server.refused('getUpload', { params: { id } })).status).toBe(404);
    const [licenses, crm] = [await server.upload('licenses', licensesCsv(people)), await server.upload('crm', crmCsv(people))];
    const run = await server.ok<{ id: string }>('createReconciliation', { body: { licenses, crm } });
    await server.settled(run.id);
    expect((await server.refused('deleteUpload', { params: { id: licenses } })).status).toBe(409);
  });
});
