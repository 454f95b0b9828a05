/** LinkedIn's SCIM as a process of its own, with so many requests a second: `node scim-process.ts PEOPLE LIMIT`. */
import { startScimSimulator } from '../../connectors/linkedin-scim/simulator.ts';
import { benchCenter } from './bench-center.ts';

// No verdicts here: SCIM shows none, and working one out for each change is the simulator's cost alone.
const center = benchCenter(Number(process.argv[2]));
center.settings.crm.onEmailChange = false;
const { url, token } = await startScimSimulator({ center, requestsPerSecond: Number(process.argv[3]) });
process.stdout.write(`${JSON.stringify({ url, token: token() })}\n`);
