import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import path from 'node:path';
import ssh2 from 'ssh2';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { AccountField, AccountRecord } from '../../../connectors/connector.ts';
import { FileRefused, RequestFailed } from '../../../connectors/errors.ts';
import { type LinkedInFilesOptions, linkedInFilesConnector, linkedInFilesSettings } from '../../../connectors/linkedin-files/connection.ts';
import type { SftpFolders } from '../../../connectors/linkedin-files/sftp-folders.ts';
import { type SftpSession, withSftp } from '../../../connectors/linkedin-files/sftp-session.ts';
import { sftpUploadFolder } from '../../../connectors/linkedin-files/sftp-upload-folder.ts';
import type { AdminCenter } from '../../../connectors/linkedin-files/simulator/admin-center.ts';
import { uploadFile } from '../../../connectors/linkedin-files/simulator/bulk-upload.ts';
import { exportUsers } from '../../../connectors/linkedin-files/simulator/export-users.ts';
import { connect as connectionOf } from '../../../connectors/registry.ts';
import { readConnections } from '../../../server/commands/read-connections.ts';
import { type SftpServer, serveSftp } from './serve-sftp.ts';
import { build, bytesOf, emailChange, who } from './simulator/build.ts';

let server: SftpServer;
/** The folders of one test, so that none sees another's files. */
let inbox: string;
let outbox: string;
let number = 0;
const others: Server[] = [];

beforeAll(async () => {
  server = await serveSftp();
});
beforeEach(() => {
  number += 1;
  [inbox, outbox] = [`in/${number}`, `out/${number}`];
  for (const name of [inbox, outbox]) {
    mkdirSync(here(name));
    // The server is another user where the tests are root.
    chmodSync(here(name), 0o777);
  }
});
afterEach(() => {
  for (const other of others.splice(0)) other.close();
});
afterAll(() => server.close());

const here = (...names: string[]): string => path.join(server.folder, ...names);
const never = async (): Promise<void> => {};
const folders = (more: Partial<SftpFolders> = {}): SftpFolders => ({
  sftp: server.access,
  inbox,
  outbox,
  wait: never,
  ...more,
});
const connector = (more: Partial<LinkedInFilesOptions> = {}) => linkedInFilesConnector({ name: 'navigator-files', ...folders(), ...more });
const uploads = (more: Partial<SftpFolders> = {}) => sftpUploadFolder(folders(more));

/** LinkedIn puts a file into the inbox, at a second of November 2026. */
function put(name: string, text: string, second = 0): void {
  writeFileSync(here(inbox, name), text);
  const at = Date.UTC(2026, 10, 21, 9, 0, second) / 1_000;
  utimesSync(here(inbox, name), at, at);
}

async function listed(more: Partial<LinkedInFilesOptions> = {}) {
  const emails: string[] = [];
  let fields: readonly AccountField[] = [];
  const proof = await connector(more).listAccounts({
    begin(given) {
      fields = given;
    },
    rows({ bytes, ranges, count }) {
      for (let row = 0; row < count; row++) {
        const at = 2 * (row * fields.length + fields.indexOf('email'));
        emails.push(Buffer.from(bytes.slice(ranges[at], ranges[at + 1])).toString());
      }
    },
    records: (page: readonly AccountRecord[]) => expect(page).toEqual([]),
  });
  return { proof, emails };
}

async function failure(work: Promise<unknown>): Promise<RequestFailed> {
  const error = await work.then(
    () => expect.fail('It should have failed.'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof RequestFailed)) throw error;
  return error;
}

const usersOf = (center: AdminCenter): string => exportUsers(center).csv;

/** What ssh-keygen -lf writes for a public key of OpenSSH's form. */
const fingerprint = (publicKey: string): string =>
  `SHA256:${createHash('sha256')
    .update(Buffer.from(publicKey.split(' ')[1]!, 'base64'))
    .digest('base64')
    .replace(/=+$/, '')}`;

/** A way to the server that breaks after so many bytes of its answers; 0: it takes the connection and says nothing. */
async function brokenWay(bytes: number): Promise<number> {
  const way = createServer((near: Socket) => {
    near.on('error', () => {});
    if (bytes === 0) return;
    const far = connect(server.access.port, '127.0.0.1');
    far.on('error', () => {});
    let left = bytes;
    far.on('data', (chunk) => {
      left -= chunk.length;
      if (left > 0) near.write(chunk);
      else near.destroy();
    });
    near.on('data', (chunk) => far.write(chunk));
    near.on('close', () => far.destroy());
  });
  others.push(way);
  await new Promise<void>((resolve) => way.listen(0, '127.0.0.1', resolve));
  return (way.address() as AddressInfo).port;
}

describe('the accounts on a real OpenSSH server', () => {
  it('are those of the newest export, with the proof of a file', async () => {
    const center = build();
    put('users-2026-11-20.csv', usersOf(build({}, [])), 1);
    put('users-2026-11-21.csv', usersOf(center), 2);
    const { proof, emails } = await listed();
    expect(emails).toEqual(['ann@old.example', 'bo@old.example', 'cem@old.example', 'dee@old.example']);
    expect(proof).toMatchObject({ kind: 'file', source: 'navigator-files', received: 4, asOf: '2026-11-21T09:00:02.000Z', leftOut: {} });
    expect(proof.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(readdirSync(here(inbox)), 'nothing is deleted').toHaveLength(2);
  });

  it('are found one by one, by ID and by email', async () => {
    put('users.csv', usersOf(build()));
    expect(await connector().getAccount({ uniqueUserId: 'E2' })).toMatchObject({ active: true, record: { email: 'bo@old.example' } });
    expect(await connector().getAccount({ email: 'DEE@old.example' })).toMatchObject({ id: 'dee@old.example', active: false });
    expect(await connector().getAccount({ uniqueUserId: 'E9' })).toBeNull();
    expect((await failure(connector().updateAccount({ uniqueUserId: 'E2' }, { active: false }))).code).toBe('not-supported');
  });

  it('two files of one second: the later name counts', async () => {
    put('users-a.csv', usersOf(build({}, [])));
    put('users-b.csv', usersOf(build()));
    expect((await listed()).emails).toHaveLength(4);
  });

  it('results and usage reports between the exports are passed over, and so is what another pattern names', async () => {
    put('users.csv', usersOf(build()), 1);
    put('change-result.csv', 'existing_email_address,invited_email_address,Messages\na@x.example,b@x.example,\n', 2);
    put('usage.csv', 'Email,Searches performed,InMail sent,Messages sent\na@x.example,1,2,3\n', 3);
    put('other.txt', usersOf(build({}, [])), 4);
    expect((await listed()).proof.received).toBe(4);
    put('crm.csv', 'Id,Username,Email,IsActive\n1,a,a@x.example,true\n', 5);
    await expect(listed(), 'a list of the other side is no reason to take an older one in silence').rejects.toThrow(FileRefused);
    expect((await listed({ exports: 'users*.csv' })).proof.received).toBe(4);
  });

  it.each(['users.csv.part', 'users.csv.tmp', 'users.csv.filepart', '.users.csv'])(
    'a file still under its temporary name is left alone: %s',
    async (name) => {
      put('users.csv', usersOf(build()), 1);
      put(name, 'half', 2);
      expect((await listed({ exports: '*' })).proof.received).toBe(4);
    },
  );

  it('a link on the server leads nowhere', async () => {
    writeFileSync(here('elsewhere'), usersOf(build()));
    symlinkSync(here('elsewhere'), here(inbox, 'users.csv'));
    expect(await failure(listed())).toMatchObject({
      code: 'not-found',
      sentence: expect.stringContaining('There is no export of users in in/'),
    });
  });

  it('a file that still grows is not taken, nor an older one in its place', async () => {
    put('users-1.csv', usersOf(build()), 1);
    put('users-2.csv', usersOf(build()), 2);
    const grows = async (): Promise<void> => appendFileSync(here(inbox, 'users-2.csv'), 'more\n');
    expect(await failure(listed({ wait: grows }))).toMatchObject({
      code: 'unavailable',
      sentence: 'users-2.csv is still being written, or was cut off. Nothing was taken; try again in a minute.',
    });
  });

  it('a file of the same size that was written anew meanwhile is not taken', async () => {
    put('users.csv', usersOf(build()), 1);
    const again = async (): Promise<void> => put('users.csv', usersOf(build()), 2);
    expect((await failure(listed({ wait: again }))).code).toBe('unavailable');
  });

  it('a file that ends in the middle of a line is not taken', async () => {
    put('users.csv', usersOf(build()).trimEnd().slice(0, -3));
    expect((await failure(listed())).sentence).toContain('was cut off');
  });
});

describe('the server', () => {
  it('with another host key than the pinned one is refused in a clear sentence, before anything is sent', async () => {
    const pinned = `SHA256:${'A'.repeat(43)}`;
    const error = await failure(listed({ sftp: { ...server.access, hostKey: pinned } }));
    expect(error.code).toBe('forbidden');
    expect(error.sentence).toBe(
      `127.0.0.1:${server.access.port} shows the host key ${server.access.hostKey}, and the connection is pinned to ${pinned}. Nothing was sent. Ask LinkedIn whether its key has changed; only then write the new one as hostKey.`,
    );
  });

  it('which has keys of several kinds is asked for the one that the setting names', async () => {
    put('users.csv', usersOf(build()));
    const sftp = { ...server.access, hostKeyAlgorithms: ['rsa-sha2-512'] };
    expect((await failure(listed({ sftp }))).sentence).toContain('shows the host key SHA256:');
    expect((await listed({ sftp: { ...server.access, hostKeyAlgorithms: ['ssh-ed25519'] } })).proof.received).toBe(4);
  });

  it.each([
    ['does not know the key', () => ({ privateKey: server.strangersKey }), 'unauthorized', 'does not let'],
    ['is given something that is no key', () => ({ privateKey: 'nonsense' }), 'unauthorized', 'does not let'],
    ['lets nobody of that name in', () => ({ username: 'somebody-else' }), 'unauthorized', 'does not let somebody-else in'],
  ])('that %s', async (_, sftp, code, sentence) => {
    const error = await failure(listed({ sftp: { ...server.access, ...sftp() } }));
    expect(error).toMatchObject({ code, sentence: expect.stringContaining(sentence) });
    expect(error.message, 'nothing of the key or of what the server said').toBe('accounts: unauthorized');
  });

  it('that is not there, that says nothing, and that breaks off in the middle of a file', async () => {
    put(
      'users.csv',
      usersOf(
        build(
          {},
          Array.from({ length: 5_000 }, (_, n) => ({ profileEmail: `p${n}@x.example` })),
        ),
      ),
    );
    const closed = await brokenWay(1);
    await new Promise<void>((resolve) => others.pop()?.close(() => resolve()));
    expect(await failure(listed({ sftp: { ...server.access, port: closed } }))).toMatchObject({ code: 'unavailable' });
    const silent = { ...server.access, port: await brokenWay(0), timeoutMs: 50 };
    expect(await failure(listed({ sftp: silent }))).toMatchObject({ code: 'timeout' });
    const breaks = { ...server.access, port: await brokenWay(60_000) };
    expect(await failure(listed({ sftp: breaks }))).toMatchObject({ code: 'unavailable' });
  });

  it('is left as soon as nobody waits any more', async () => {
    put('users.csv', usersOf(build()));
    const asked = new AbortController();
    const silent = { ...server.access, port: await brokenWay(0) };
    const reading = connector({ sftp: silent }).getAccount({ uniqueUserId: 'E1' }, { signal: asked.signal });
    asked.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
  });

  it('is checked by doctor: access, and whether there is an export', async () => {
    const lines = async (of = connector()) => (await of.check()).filter(({ what }) => what === 'access');
    expect(await lines()).toMatchObject([{ what: 'access', verdict: 'bad', sentence: expect.stringContaining('has no export yet') }]);
    put('users.csv', usersOf(build()), 7);
    expect(await lines()).toMatchObject([{ verdict: 'good', sentence: expect.stringContaining('is from 2026-11-21T09:00:07.000Z') }]);
    expect(await lines(connector({ inbox: 'nowhere' }))).toMatchObject([
      { verdict: 'bad', sentence: expect.stringContaining('has no such folder') },
    ]);
  });

  it('is reached through a configuration file, whose key is another file', async () => {
    put('users.csv', usersOf(build()));
    const { host, port, username, privateKey, hostKey } = server.access;
    const config = here('seatmatch.config.json');
    writeFileSync(here('key'), privateKey);
    const sftp = { host, port, username, privateKey: { file: 'key' }, hostKey };
    const written = (settings: object): string => {
      const files = { name: 'files', type: 'linkedin-files', inbox, outbox, sftp: settings };
      writeFileSync(config, JSON.stringify({ connections: [files] }));
      return config;
    };
    const made = connectionOf(readConnections(written(sftp), {})[0]!);
    expect(made.side === 'licenses' && (await made.connector.check())[0]).toMatchObject({ verdict: 'good' });

    expect(() => readConnections(written({ ...sftp, hostKey: undefined }), {})).toThrow(/sftp\.hostKey is missing/);
    expect(() => readConnections(written({ ...sftp, hostKey: 'MD5:ab' }), {})).toThrow(/fingerprint as ssh-keygen -lf writes it/);
    expect(() => readConnections(written({ ...sftp, password: { file: 'key' } }), {})).toThrow(
      /sftp\.privateKey is needed, or else a password; not both/,
    );
    expect(() => readConnections(written({ ...sftp, privateKey }), {})).toThrow(/is a secret and does not belong in this file/);
    const least = { type: 'linkedin-files', inbox, outbox, sftp: { host, username, privateKey, hostKey } };
    expect(linkedInFilesSettings(z.string()).parse(least).sftp.port, 'what LinkedIn documents for Learning').toBe(2_705);
  });

  it('lets somebody in by a key with a passphrase', async () => {
    put('users.csv', usersOf(build()));
    const sftp = { ...server.access, privateKey: server.lockedKey, passphrase: 'correct horse' };
    expect((await listed({ sftp })).proof.received).toBe(4);
    expect(await failure(listed({ sftp: { ...sftp, passphrase: 'wrong' } }))).toMatchObject({ code: 'unauthorized' });
  });

  it('that offers only SHA-1 signatures (ssh-rsa) is refused unless the setting names them', async () => {
    const hostKey = ssh2.utils.generateKeyPairSync('rsa', { bits: 2_048 });
    const old = new ssh2.Server({ hostKeys: [hostKey.private], algorithms: { serverHostKey: ['ssh-rsa'] } }, (client) => {
      client.on('error', () => {});
      client.on('authentication', (attempt) => attempt.reject(['password']));
    });
    await new Promise<void>((resolve) => void old.listen(0, '127.0.0.1', resolve));
    const sftp = { ...server.access, port: (old.address() as AddressInfo).port, hostKey: fingerprint(hostKey.public) };
    expect((await failure(listed({ sftp }))).code, 'no kind of key in common').toBe('unavailable');
    const named = { ...sftp, hostKeyAlgorithms: ['ssh-rsa'] };
    expect((await failure(listed({ sftp: named }))).code, 'it came as far as the sign-in').toBe('unauthorized');
    await new Promise<void>((resolve) => void old.close(() => resolve()));
  });

  it('is given the password where the connection has one, and nothing else', async () => {
    const asked: { method: string; password?: string | undefined }[] = [];
    const hostKey = ssh2.utils.generateKeyPairSync('ed25519');
    const lets = new ssh2.Server({ hostKeys: [hostKey.private] }, (client) => {
      client.on('error', () => {});
      client.on('authentication', (attempt) => {
        asked.push({ method: attempt.method, password: attempt.password });
        if (attempt.method === 'password' && attempt.password === 'right') attempt.accept();
        else attempt.reject(['password']);
      });
    });
    await new Promise<void>((resolve) => void lets.listen(0, '127.0.0.1', resolve));
    const { privateKey: _, ...rest } = server.access;
    const sftp = { ...rest, port: (lets.address() as AddressInfo).port, hostKey: fingerprint(hostKey.public) };
    expect((await failure(listed({ sftp: { ...sftp, password: 'wrong' } }))).code).toBe('unauthorized');
    expect(asked.filter(({ method }) => method !== 'none')).toEqual([{ method: 'password', password: 'wrong' }]);
    expect((await failure(listed({ sftp: { ...sftp, password: 'right' } }))).code, 'it lets us in and has no files').toBe('unavailable');
    await new Promise<void>((resolve) => void lets.close(() => resolve()));
  });
});

describe('an upload', () => {
  const change = bytesOf(emailChange(['ann@old.example', 'ann@new.example', 'E1']));
  const name = 'email-change-2026-11-21-a.csv';

  /** What LinkedIn does between two looks: works the outbox through, and answers into the inbox. */
  const linkedIn = (center: AdminCenter) => async (): Promise<void> => {
    for (const file of readdirSync(here(outbox)).filter((one) => one.endsWith('.csv'))) {
      const { result } = uploadFile(center, file, readFileSync(here(outbox, file)));
      const answer = `${file.replace(/\.csv$/, '')}-result.csv`;
      if (existsSync(here(inbox, answer))) continue;
      writeFileSync(here(inbox, `${answer}.part`), result);
      renameSync(here(inbox, `${answer}.part`), here(inbox, answer));
    }
  };

  it('arrives whole under its name, and has a result once LinkedIn has put one there', async () => {
    const center = build();
    await uploads().hand(name, change);
    expect(await uploads().resultOf(name)).toBeNull();
    await linkedIn(center)();
    expect(Buffer.from((await uploads().resultOf(name))!).toString()).toContain('Messages');
    expect(who(center, 'ann@new.example').uniqueUserId).toBe('E1');
    expect(readdirSync(here(outbox)), 'no unfinished file is left').toEqual([name]);
    expect(readFileSync(here(outbox, name))).toEqual(Buffer.from(change));
  });

  it('again after a crash sends nothing twice: what lies there already is left alone', async () => {
    await uploads().hand(name, change);
    const { mtimeMs, ino } = statSync(here(outbox, name));
    await uploads().hand(name, change);
    expect(statSync(here(outbox, name))).toMatchObject({ mtimeMs, ino });
  });

  it('never writes over a file of that name with other rows', async () => {
    writeFileSync(here(outbox, name), 'another file\n');
    expect(await failure(uploads().hand(name, change))).toMatchObject({
      code: 'conflict',
      mayHaveArrived: false,
      sentence: expect.stringContaining('Nothing was sent'),
    });
    expect(readFileSync(here(outbox, name), 'utf8')).toBe('another file\n');
  });

  it('never takes a name that somebody took in the same moment', async () => {
    writeFileSync(here(outbox, 'theirs.csv'), 'theirs\n');
    const inTheMiddle = (session: SftpSession) =>
      session.rename(path.posix.join(outbox, 'ours.part'), path.posix.join(outbox, 'theirs.csv'));
    writeFileSync(here(outbox, 'ours.part'), 'ours\n');
    expect((await failure(withSftp(server.access, 'upload', undefined, inTheMiddle))).code).toBe('conflict');
    const create = (session: SftpSession) => session.create(path.posix.join(outbox, 'theirs.csv'), Buffer.from('ours\n'));
    expect((await failure(withSftp(server.access, 'upload', undefined, create))).code).toBe('conflict');
    expect(readFileSync(here(outbox, 'theirs.csv'), 'utf8')).toBe('theirs\n');
  });

  it('takes a result only when it is whole, and by the pattern that is set', async () => {
    const half = 'invited_email_address,Messages\nann@new.example,';
    const file = here(inbox, 'done_email-change-2026-11-21-a.txt');
    const folder = uploads({ results: 'done_{name}*' });
    writeFileSync(file, half);
    expect(await folder.resultOf(name)).toBeNull();
    writeFileSync(file, `${half}fine\n`);
    expect(Buffer.from((await folder.resultOf(name))!).toString()).toBe(`${half}fine\n`);
    expect(await uploads().resultOf(name)).toBeNull();
  });

  it('into a folder that is not there, or may not be written, has surely not arrived', async () => {
    expect(await failure(uploads({ outbox: 'nowhere' }).hand(name, change))).toMatchObject({ code: 'not-found', mayHaveArrived: false });
    await expect(uploads().hand('../elsewhere.csv', change)).rejects.toThrow(TypeError);
  });

  it('and the newest export bring back what became of it, with the time that the server shows', async () => {
    const center = build();
    expect(await uploads({ exports: 'users*.csv' }).newestExport()).toBeNull();
    await uploads().hand(name, change);
    await linkedIn(center)();
    put('users.csv', usersOf(center), 30);
    const { bytes, usersShown, asOf } = (await uploads({ exports: 'users*.csv' }).newestExport())!;
    expect(Buffer.from(bytes).toString()).toContain('ann@new.example');
    expect({ usersShown, asOf }).toEqual({ usersShown: null, asOf: '2026-11-21T09:00:30.000Z' });
  });
});
