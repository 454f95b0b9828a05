import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, test, vi } from 'vitest';
import { findJava } from './java.ts';

const folders: string[] = [];
afterEach(() => {
  vi.unstubAllEnvs();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder with a program called java that says it is of this version. */
function saysVersion(version: string): string {
  const home = mkdtempSync(join(tmpdir(), 'seatmatch-java-'));
  folders.push(home);
  mkdirSync(join(home, 'bin'));
  writeFileSync(join(home, 'bin/java'), `#!/bin/sh\necho 'openjdk version "${version}" 2020-01-01' >&2\n`, { mode: 0o755 });
  return home;
}

test('a Java that is too old for the checks is passed over, wherever it stands first', async () => {
  vi.stubEnv('JAVA_HOME', saysVersion('11.0.22'));
  vi.stubEnv('PATH', `${join(saysVersion('1.8.0_292'), 'bin')}${delimiter}${process.env.PATH}`);
  const { stderr } = await promisify(execFile)(await findJava(), ['-version']);
  expect(Number(/version "(\d+)/u.exec(stderr)![1])).toBeGreaterThanOrEqual(17);
});

test('JAVA_HOME goes before the PATH', async () => {
  const home = saysVersion('21.0.3');
  vi.stubEnv('JAVA_HOME', home);
  vi.stubEnv('PATH', `${join(saysVersion('17.0.1'), 'bin')}${delimiter}${process.env.PATH}`);
  expect(await findJava()).toBe(join(home, 'bin/java'));
});
