import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { AccountField, AccountRecord, AccountSink, LicenseConnector } from '../../../connectors/connector.ts';
import { fieldText } from '../../../connectors/csv.ts';
import { FileRefused, RequestFailed } from '../../../connectors/errors.ts';
import { exportUsers } from '../../../connectors/linkedin-files/simulator/export-users.ts';
import { startScimSimulator } from '../../../connectors/linkedin-scim/simulator.ts';
import { connect } from '../../../connectors/registry.ts';
import { doctorCommand } from '../../../server/commands/doctor.ts';
import { readConnections } from '../../../server/commands/read-connections.ts';
import { build } from '../linkedin-files/simulator/build.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'seatmatch-guided-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = path.join(folder, 'users.csv');
const put = (text: string): void => {
  writeFileSync(file, text);
  utimesSync(file, new Date('2026-11-21T09:00:00Z'), new Date('2026-11-21T09:00:00Z'));
};
const users = (): string => exportUsers(build()).csv;

function guided(named?: string): LicenseConnector {
  const made = connect({ name: 'by-hand', type: 'linkedin-guided', ...(named === undefined ? {} : { file: named }) });
  if (made.side !== 'licenses') throw new TypeError('It reads licenses.');
  return made.connector;
}

function emailsInto(emails: string[]): AccountSink {
  let fields: readonly AccountField[] = [];
  return {
    begin(given) {
      fields = given;
    },
    rows({ bytes, ranges, count }) {
      for (let row = 0; row < count; row++) {
        const at = 2 * (row * fields.length + fields.indexOf('email'));
        emails.push(fieldText(bytes, ranges[at]!, ranges[at + 1]!));
      }
    },
    records: (page: readonly AccountRecord[]) => expect(page).toEqual([]),
  };
}

async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => expect.fail('It should have failed.'),
    (reason: unknown) => reason,
  );
}

describe('by hand, with the newest export', () => {
  it('lists everybody of the export once, with the proof of a file, each time anew', async () => {
    put(users());
    const emails: string[] = [];
    const proof = await guided(file).listAccounts(emailsInto(emails));
    expect(emails).toEqual(['ann@old.example', 'bo@old.example', 'cem@old.example', 'dee@old.example']);
    expect(proof).toMatchObject({ kind: 'file', source: 'by-hand', received: 4, asOf: '2026-11-21T09:00:00.000Z', leftOut: {} });
    const connector = guided(file);
    put(exportUsers(build({}, [])).csv);
    expect(await failure(connector.listAccounts(emailsInto([])))).toMatchObject({ code: 'header-only' });
    put(users());
    expect((await connector.listAccounts(emailsInto([]))).received).toBe(4);
  });

  it('throws for what is no list of users, and for a file that is not there', async () => {
    put('existing_email_address,invited_email_address,Messages\na@x.example,b@x.example,\n');
    expect(await failure(guided(file).listAccounts(emailsInto([])))).toMatchObject({ code: 'wrong-kind' });
    expect(await failure(guided(path.join(folder, 'none.csv')).listAccounts(emailsInto([])))).toBeInstanceOf(FileRefused);
  });

  it('stops with the reason of the signal', async () => {
    put(users());
    const reason = new Error('Enough.');
    expect(await failure(guided(file).listAccounts(emailsInto([]), { signal: AbortSignal.abort(reason) }))).toBe(reason);
  });

  it('finds one person by ID and by email, and nobody else', async () => {
    put(users());
    const connector = guided(file);
    expect(await connector.getAccount({ uniqueUserId: 'E2' })).toMatchObject({ active: true, record: { email: 'bo@old.example' } });
    expect(await connector.getAccount([{ uniqueUserId: 'E9' }, { email: 'bo@old.example' }]), 'that ID is another person').toBeNull();
  });

  it('writes nothing, and says who does', async () => {
    put(users());
    const error = await failure(guided(file).updateAccount({ uniqueUserId: 'E2' }, { email: 'bo@new.example' }));
    expect(error).toMatchObject({
      code: 'not-supported',
      sentence: 'This connection changes nothing: a person does, by the steps that a plan shows.',
    });
    expect(guided(file).capabilities).toMatchObject({
      list: true,
      updateEmail: false,
      setLicense: 'manual',
      assigns: null,
      readInvitation: 'import',
      readCrmMatch: 'import',
    });
  });

  it.each([
    ['a users export', users(), 'good', 'The newest export is from 2026-11-21.'],
    ['an answer to an upload', 'invited_email_address,Messages\na@x.example,\n', 'bad', 'This file is no list of users.'],
    ['a file without emails', 'seat_id,license_status\n1,Activated\n', 'bad', 'email'],
  ] as const)('its test says what it found in %s, and what a person does', async (_, text, verdict, sentence) => {
    put(text);
    const [access, ...others] = await guided(file).check();
    expect(access).toMatchObject({ what: 'access', verdict });
    expect(access!.sentence).toContain(sentence);
    expect(others.map(({ what, verdict: told }) => [what, told])).toEqual([
      ['rights', 'unknown'],
      ['free-licenses', 'unknown'],
      ['assignments', 'unknown'],
    ]);
  });
});

describe('by hand, without an export', () => {
  it('declares that it reads nothing, and refuses with the steps that bring one', async () => {
    const connector = guided();
    expect(connector.capabilities).toMatchObject({ list: false, lookUpBy: [], readInvitation: 'none', readCrmMatch: 'none' });
    for (const asked of [connector.listAccounts(emailsInto([])), connector.getAccount({ uniqueUserId: 'E2' })]) {
      const error = await failure(asked);
      expect(error).toBeInstanceOf(RequestFailed);
      expect((error as RequestFailed).sentence).toContain('Users, Manage users via CSV, Download all');
    }
  });

  it('is nothing to mend for the doctor: each line says what a person does', async () => {
    const config = path.join(folder, 'seatmatch.config.yaml');
    writeFileSync(config, 'connections:\n  - { name: by-hand, type: linkedin-guided }\n');
    let out = '';
    const io = {
      out: {
        write(text: string) {
          out += text;
        },
      },
      err: { write: () => expect.fail('It complained.') },
      now: () => new Date('2026-11-21T09:00:00Z'),
    };
    expect(await doctorCommand({ config, environment: {} }, io)).toBe(0);
    expect(out).toContain('· access');
    expect(out).toContain('A full admin makes each change in Admin Center, on a desktop.');
  });
});

it('the same export names whom SCIM reads one by one, where LinkedIn lists nobody over it', async () => {
  put(users());
  const scim = await startScimSimulator({ center: build() });
  const config = path.join(folder, 'scim.config.json');
  const connection = { name: 'navigator', type: 'linkedin-scim', baseUrl: scim.url, auth: { token: '${' + 'TOKEN}' } };
  const read = async (options: object) => {
    writeFileSync(config, JSON.stringify({ connections: [{ ...connection, options: { requestsPerSecond: 1_000, ...options } }] }));
    const made = connect(readConnections(config, { TOKEN: scim.token() })[0]!);
    if (made.side !== 'licenses') throw new TypeError('It reads licenses.');
    const found: AccountRecord[] = [];
    const into: AccountSink = {
      begin() {},
      rows: () => expect.fail('SCIM hands over records.'),
      records: (page) => void found.push(...page),
    };
    return { proof: await made.connector.listAccounts(into), emails: found.map(({ email }) => email) };
  };
  const { proof, emails } = await read({ holders: 'users.csv' });
  expect(emails).toEqual(['ann@old.example', 'bo@old.example', 'cem@old.example', 'dee@old.example']);
  expect(proof).toMatchObject({ kind: 'listing', received: 4, expected: null });
  expect(scim.requests.filter((kind) => kind === 'users')).toHaveLength(4);
  expect(await failure(read({}))).toMatchObject({
    code: 'not-supported',
    sentence: expect.stringContaining('name the last users export as holders'),
  });
  await scim.close();
});

it('a path in the configuration file is a path from the file', () => {
  const config = path.join(folder, 'seatmatch.config.json');
  writeFileSync(config, JSON.stringify({ connections: [{ name: 'by-hand', type: 'linkedin-guided', file: 'users.csv' }] }));
  expect(readConnections(config, {})).toMatchObject([{ file }]);
});
