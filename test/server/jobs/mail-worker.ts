/** A process that sends mail and nothing else, to be killed: `node mail-worker.ts DATABASE_URL PORT`. */
import { openSmtp } from '../../../server/channels/mail.ts';
import { takeUpMail, workMail } from '../../../server/jobs/send-mail.ts';
import { openPool } from '../../../server/store/database.ts';
import { startEngine } from '../../../server/store/engine.ts';

const [, , url, port] = process.argv;
const from = 'Seatmatch <seatmatch@acme.example>';
const logError = (error: unknown) => process.stderr.write(`${error}\n`);
const pool = openPool(url!, logError);
const engine = await startEngine({ url: url!, onError: logError });
const send = openSmtp({ host: '127.0.0.1', port: Number(port), encryption: 'none', auth: null, from });
await takeUpMail(pool, engine);
await workMail(
  { pool, engine, smtp: { send, from }, baseUrl: 'http://127.0.0.1:3000', now: () => new Date(), logError },
  new AbortController().signal,
);
