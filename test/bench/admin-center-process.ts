/** An Admin Center as a process of its own, so that its time is not counted as ours: `node admin-center-process.ts PEOPLE`. */
import { startSimulator } from '../../connectors/linkedin-files/simulator.ts';
import { benchCenter } from './bench-center.ts';

const { url, token } = await startSimulator({ clock: Date.now, center: benchCenter(Number(process.argv[2])) });
process.stdout.write(`${JSON.stringify({ url, token })}\n`);
