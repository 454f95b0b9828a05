/**
 * A process that starts or attaches to PostgreSQL for postgres.test.ts, tells what came of it as JSON, and stops when its standard input
 * ends. With a table's name it also adds rows without end and tells each number once it is committed.
 */
import pg from 'pg';
import { startPostgres } from '../../../server/store/postgres/start-postgres.ts';

const { table, ...options } = JSON.parse(process.argv[2] ?? '') as { dataDir: string; exclusive?: boolean; table?: string };
const tell = (what: object) => process.stdout.write(`${JSON.stringify(what)}\n`);

try {
  const { stop, ...running } = await startPostgres(options);
  tell(running);
  process.stdin.on('end', () => void stop().then(() => process.exit(0))).resume();
  if (table !== undefined) {
    const client = new pg.Client({ connectionString: running.url });
    await client.connect();
    for (let id = 1; ; id++) {
      await client.query(`insert into ${table} values ($1)`, [id]);
      tell({ id });
    }
  }
} catch (error) {
  const { name, message } = error as Error;
  tell({ name, message });
  process.exit(1);
}
