import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linkedInFilesConnector } from '../../../connectors/linkedin-files/connection.ts';
import type { SftpFolders } from '../../../connectors/linkedin-files/sftp-folders.ts';
import { sftpUploadFolder } from '../../../connectors/linkedin-files/sftp-upload-folder.ts';
import { hostKeyOf } from '../../../connectors/linkedin-files/simulator/host-key.ts';
import { type SftpSimulator, serveSftp, sftpFolders } from '../../../connectors/linkedin-files/simulator/serve-sftp.ts';
import { build, bytesOf, emailChange } from './simulator/build.ts';

/** The SFTP folder of `npm run simulators`, as the connector speaks to it; serve-sftp.ts of the tests is OpenSSH's own. */
const center = build();
let server: SftpSimulator;
let now = Date.UTC(2026, 10, 21, 9);
beforeAll(async () => {
  server = await serveSftp({ center: () => center, now: () => now, username: 'seatmatch', password: 'right' });
});
afterAll(() => server.close());

const folders = (more: Partial<SftpFolders['sftp']> = {}): SftpFolders => ({
  ...sftpFolders,
  sftp: { host: '127.0.0.1', port: server.port, username: 'seatmatch', password: 'right', hostKey: server.fingerprint, ...more },
  settleMs: 0,
});
async function emails(): Promise<readonly string[]> {
  const found: string[] = [];
  const into = {
    begin() {},
    // All of a file's bytes come with each of its rows.
    rows: ({ bytes }: { bytes: Uint8Array }) => void found.push(new TextDecoder().decode(bytes)),
    records() {},
  };
  await linkedInFilesConnector({ name: 'navigator-files', ...folders() }).listAccounts(into);
  return found;
}
const codeOf = (sftp: Partial<SftpFolders['sftp']>) =>
  linkedInFilesConnector({ name: 'x', ...folders(sftp) })
    .listAccounts({ begin() {}, rows() {}, records() {} })
    .then(
      () => null,
      ({ code }: { code: string }) => code,
    );

describe('the SFTP folder of the simulators', () => {
  it('has the newest export, works an upload through once it has its own name, and answers beside it', async () => {
    expect((await emails()).some((row) => row.includes('ann@old.example'))).toBe(true);
    const uploads = sftpUploadFolder(folders());
    const [name, change] = ['email-change-a.csv', bytesOf(emailChange(['ann@old.example', 'ann@new.example', 'E1']))];
    expect(await uploads.resultOf(name)).toBeNull();
    now += 60_000;
    await uploads.hand(name, change);
    await uploads.hand(name, change);
    expect(center.counters.uploads, 'the same rows again are no second upload').toBe(1);
    await expect(uploads.hand(name, bytesOf(emailChange(['bo@old.example', 'bo@new.example', 'E2'])))).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(new TextDecoder().decode((await uploads.resultOf(name))!)).toContain('Messages');
    const after = await emails();
    expect(after.some((row) => row.includes('ann@new.example'))).toBe(true);
    expect(after.some((row) => row.includes('ann@old.example'))).toBe(false);
  });

  it('lets in by user name, password and the pinned host key alone, and says where they come from', async () => {
    expect(await codeOf({})).toBeNull();
    expect(await codeOf({ password: 'wrong' })).toBe('unauthorized');
    expect(await codeOf({ username: 'other' })).toBe('unauthorized');
    expect(await codeOf({ hostKey: hostKeyOf('another').fingerprint })).toBe('forbidden');
    const [access] = await linkedInFilesConnector({ name: 'x', ...folders() }).check();
    expect(access).toMatchObject({ verdict: 'good', sentence: expect.stringContaining('the newest file in exports is from') });
  });

  it('has the same host key at every start: a pin that was written down goes on holding', () => {
    expect(server.fingerprint).toBe(hostKeyOf('Seatmatch: the SFTP server of the simulators').fingerprint);
    expect(server.fingerprint).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
  });
});
