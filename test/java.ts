/** Java of the checks of Apex (apex-ls, PMD): found on the machine, else installed once. */
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { alone, execute, installByApt, isDebianAsRoot, isProgram } from './install-by-apt.ts';

const neededMajor = 17;
const program = process.platform === 'win32' ? 'java.exe' : 'java';

/** The major version of a Java, 0 where it does not run. */
async function majorOf(java: string): Promise<number> {
  // Java says its version on the error stream, as `openjdk version "17.0.15"`.
  const said = await execute(java, ['-version']).catch(() => ({ stderr: '' }));
  return Number(/version "(\d+)/u.exec(said.stderr)?.[1] ?? 0);
}

async function javaHere(): Promise<string | null> {
  const home = process.env.JAVA_HOME ? [join(process.env.JAVA_HOME, 'bin')] : [];
  const folders = [...home, ...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin', '/opt/homebrew/opt/openjdk/bin'];
  for (const java of new Set(folders.filter((folder) => folder !== '').map((folder) => join(folder, program)))) {
    if (isProgram(java) && (await majorOf(java)) >= neededMajor) return java;
  }
  return null;
}

/** The path of a Java 17 or newer: `JAVA_HOME`, the PATH, else one that apt-get installs. Throws one sentence when there is none. */
export async function findJava(): Promise<string> {
  const here = await javaHere();
  if (here !== null) return here;
  return alone('java', async () => {
    const meanwhile = await javaHere();
    if (meanwhile !== null) return meanwhile;
    // Debian's own choice, which is 17 or newer since Debian 12: openjdk-17 itself is gone from the releases after it.
    const failure = isDebianAsRoot()
      ? await installByApt('Java for the checks of Apex', ['default-jre-headless']).catch((cause: unknown) => cause)
      : undefined;
    const installed = await javaHere();
    if (installed !== null) return installed;
    throw new Error('The checks of Apex need Java 17 or newer and it could not be installed: install a JRE, or set JAVA_HOME.', {
      cause: failure,
    });
  });
}

/** vitest's globalSetup: installed before the first test's clock runs, and only when a file of this run needs it. */
export default async function setup(project: TestProject): Promise<void> {
  const filters = process.argv.slice(2).filter((argument) => argument !== 'run' && !argument.startsWith('-'));
  const { testFiles } = await project.globTestFiles(filters);
  if (testFiles.some((file) => readFileSync(file, 'utf8').includes('/java.ts'))) await findJava();
}
