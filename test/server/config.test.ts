import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from '../../server/config.ts';

describe('the environment', () => {
  test('may be empty: the demo on port 3000 with the embedded database', () => {
    expect(readConfig({})).toEqual({
      port: 3000,
      host: '127.0.0.1',
      healthPort: null,
      dataDir: '.seatmatch',
      database: null,
      demo: true,
      largestUploadBytes: 1_000_000_000,
      publicUrl: null,
      loopbackWebhooks: false,
      smtp: null,
      watchDir: path.join('.seatmatch', 'watched'),
      delivery: null,
      configFile: null,
      secretKey: null,
      scim: null,
      files: null,
    });
    expect(readConfig({ PORT: '', DATABASE_URL: '' })).toEqual(readConfig({}));
  });

  test('names the connection over which plans go, and hands on what its file refers to', () => {
    const variables = { SEATMATCH_SCIM_CONNECTION: 'navigator', LINKEDIN_SCIM_TOKEN: 'secret' };
    expect(readConfig(variables).scim).toEqual({ connection: 'navigator', environment: variables });
    expect(readConfig({ ...variables, SEATMATCH_CONFIG: '/etc/seatmatch.yaml' }).scim).toMatchObject({ file: '/etc/seatmatch.yaml' });
  });

  test('names a PostgreSQL of one’s own, whose owner may be another role', () => {
    const appUrl = 'postgres://app@db.example/seatmatch';
    const ownerUrl = 'postgres://owner@db.example/seatmatch';
    expect(readConfig({ DATABASE_URL: appUrl }).database).toEqual({ appUrl, ownerUrl: appUrl });
    expect(readConfig({ DATABASE_URL: appUrl, SEATMATCH_OWNER_DATABASE_URL: ownerUrl }).database).toEqual({ appUrl, ownerUrl });
  });

  test('may hand the addresses of the database over in files, as containers do', async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'seatmatch-config-'));
    const file = path.join(directory, 'url');
    await writeFile(file, 'postgres://app:secret@db.example/seatmatch\n');
    const url = 'postgres://app:secret@db.example/seatmatch';
    expect(readConfig({ DATABASE_URL_FILE: file }).database).toEqual({ appUrl: url, ownerUrl: url });
    // What stands in the environment itself goes first.
    const other = 'postgres://app@other.example/seatmatch';
    expect(readConfig({ DATABASE_URL: other, DATABASE_URL_FILE: file }).database?.appUrl).toBe(other);
    await rm(directory, { recursive: true });
    expect(() => readConfig({ DATABASE_URL_FILE: file })).toThrow('DATABASE_URL_FILE names a file that cannot be read.');
  });

  test('reports all its faults at once', () => {
    const read = () => readConfig({ PORT: '70000', SEATMATCH_DEMO: 'maybe', DATABASE_URL: 'mysql://x', SEATMATCH_UPLOAD_MB: '-1' });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(
      /^PORT must be between 0 and 65535\.\nDATABASE_URL is not .*\nSEATMATCH_DEMO is neither 1 nor 0\.\nSEATMATCH_UPLOAD_MB is not a whole number\.$/u,
    );
  });

  describe('names a mail server', () => {
    const smtp = (more: Record<string, string>) =>
      readConfig({ SEATMATCH_SMTP_HOST: 'mail.acme.example', SEATMATCH_SMTP_FROM: 'Seatmatch <seatmatch@acme.example>', ...more }).smtp;

    test('and mail goes encrypted unless it is told otherwise', () => {
      expect(smtp({})).toEqual({
        host: 'mail.acme.example',
        port: 587,
        encryption: 'starttls',
        auth: null,
        from: 'Seatmatch <seatmatch@acme.example>',
      });
      expect(smtp({ SEATMATCH_SMTP_PORT: '465' })).toMatchObject({ port: 465, encryption: 'tls' });
      expect(smtp({ SEATMATCH_SMTP_TLS: 'tls' })).toMatchObject({ port: 465, encryption: 'tls' });
      expect(smtp({ SEATMATCH_SMTP_TLS: 'none', SEATMATCH_SMTP_PORT: '25' })).toMatchObject({ port: 25, encryption: 'none' });
    });

    test('and its password stands in the environment or in a file', async () => {
      const file = path.join(await mkdtemp(path.join(tmpdir(), 'seatmatch-config-')), 'password');
      await writeFile(file, 'correct horse\n');
      const auth = { user: 'seatmatch', password: 'correct horse' };
      expect(smtp({ SEATMATCH_SMTP_USER: 'seatmatch', SEATMATCH_SMTP_PASSWORD: 'correct horse' })).toMatchObject({ auth });
      expect(smtp({ SEATMATCH_SMTP_USER: 'seatmatch', SEATMATCH_SMTP_PASSWORD_FILE: file })).toMatchObject({ auth });
      await writeFile(file, '\n');
      expect(smtp({ SEATMATCH_SMTP_PASSWORD_FILE: file })).toMatchObject({ auth: null });
      expect(() => readConfig({ DATABASE_URL_FILE: file })).toThrow('DATABASE_URL is not an address');
      await rm(path.dirname(file), { recursive: true });
      expect(() => smtp({ SEATMATCH_SMTP_USER: 'seatmatch', SEATMATCH_SMTP_PASSWORD_FILE: file })).toThrow('cannot be read');
    });

    test.each([
      [{ SEATMATCH_SMTP_FROM: 'a@acme.example>\r\nBcc: b@evil.example' }, 'SEATMATCH_SMTP_FROM is not an address'],
      [{ SEATMATCH_SMTP_FROM: '' }, 'SEATMATCH_SMTP_FROM is missing'],
      [{ SEATMATCH_SMTP_USER: 'seatmatch' }, 'belong together'],
      [{ SEATMATCH_SMTP_TLS: 'ssl' }, 'SEATMATCH_SMTP_TLS is none of tls, starttls, none'],
      [{ SEATMATCH_SMTP_TLS: 'none', SEATMATCH_SMTP_USER: 'a', SEATMATCH_SMTP_PASSWORD: 'b' }, 'readable through the network'],
    ])('and %j is refused', (more, words) => {
      expect(() => smtp(more)).toThrow(words);
    });
  });

  test('says where people open it: an origin, without a path', () => {
    expect(readConfig({ SEATMATCH_PUBLIC_URL: 'https://seatmatch.acme.example/' }).publicUrl).toBe('https://seatmatch.acme.example');
    expect(() => readConfig({ SEATMATCH_PUBLIC_URL: 'seatmatch' })).toThrow('is not an address such as https://');
  });
});
