/** The command line. An entry: nothing imports it. Commands are loaded when they are called, so that help and small files stay quick. */
import { enableCompileCache } from 'node:module';
import { setFlagsFromString } from 'node:v8';

enableCompileCache();
// The lists lie outside the heap, what lies in it is short-lived: let it be collected early rather than grow. A comparison of a million
// people then stays below 1 GiB, where it took 1.2 (npm run bench prints the peak).
for (const flag of ['--max-semi-space-size=4', '--semi-space-growth-factor=1', '--heap-growing-percent=10']) setFlagsFromString(flag);
const { buildProgram } = await import('./commands/program.ts');
await buildProgram({ out: process.stdout, err: process.stderr, now: () => new Date() }, (code) => {
  process.exitCode = code;
}).parseAsync(process.argv);
