/** The command line. An entry: nothing imports it. Commands are loaded when they are called, so that help and small files stay quick. */
import { enableCompileCache } from 'node:module';

enableCompileCache();
const { buildProgram } = await import('./commands/program.ts');
await buildProgram({ out: process.stdout, err: process.stderr, now: () => new Date() }, (code) => {
  process.exitCode = code;
}).parseAsync(process.argv);
