/** The real SSH server of the tests of linkedin-files: found on the machine, else installed once. */
import { readFileSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { alone, installByApt, isDebianAsRoot, isProgram } from './install-by-apt.ts';

const sshdHere = (): string | null => ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/opt/homebrew/sbin/sshd'].find(isProgram) ?? null;

/** The path of OpenSSH's sshd. Throws one sentence when there is none and none can be installed. */
export async function findSshd(): Promise<string> {
  const here = sshdHere();
  if (here !== null) return here;
  return alone('openssh', async () => {
    const meanwhile = sshdHere();
    if (meanwhile !== null) return meanwhile;
    const failure = isDebianAsRoot()
      ? await installByApt('OpenSSH for the tests of file delivery', ['openssh-server']).catch((cause: unknown) => cause)
      : undefined;
    const installed = sshdHere();
    if (installed !== null) return installed;
    throw new Error('The tests of linkedin-files need OpenSSH (sshd) and it could not be installed: install openssh-server.', {
      cause: failure,
    });
  });
}

/** vitest's globalSetup: installed before the first test's clock runs, and only when a file of this run needs it. */
export default async function setup(project: TestProject): Promise<void> {
  const filters = process.argv.slice(2).filter((argument) => argument !== 'run' && !argument.startsWith('-'));
  const { testFiles } = await project.globTestFiles(filters);
  if (testFiles.some((file) => readFileSync(file, 'utf8').includes('/serve-sftp.ts'))) await findSshd();
}
