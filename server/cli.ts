/** The command line. An entry: nothing imports it. Commands are loaded when they are called, so that help and small files stay quick. */
import { enableCompileCache } from 'node:module';

enableCompileCache();
// Whoever reads has enough, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(1);
});
const { buildProgram } = await import('./commands/program.ts');
await buildProgram({ out: process.stdout, err: process.stderr, now: () => new Date() }, (code) => {
  process.exitCode = code;
}).parseAsync(process.argv);
