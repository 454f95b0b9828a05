/** A worker process for engine.test.ts: tells of each job on standard output; with `hang` it never ends one. */
import { startEngine } from '../../../server/store/engine.ts';

const [url, queue, how] = process.argv.slice(2) as [string, string, string];
const engine = await startEngine({ url, onError: (error) => console.error(error.message) });
await engine.work(queue, async ({ data }) => {
  console.log(JSON.stringify(data));
  if (how === 'hang') await new Promise(() => {});
});
