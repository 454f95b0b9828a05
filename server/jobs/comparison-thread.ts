/** The thread that compares: started by compare-in-thread.ts, one for each run, and gone with it. */
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import type { AccountField, AccountSink, CompleteRead, UserField, UserSink } from '../../connectors/connector.ts';
import { FileRefused } from '../../connectors/errors.ts';
import { collectPeople, type People } from '../core/people.ts';
import { reconcile } from '../core/reconcile.ts';
import { type EncodedFinding, encodeFinding } from '../store/finding.ts';
import type { ComparisonThreadData, FromThread } from './compare-in-thread.ts';
import type { OpenedFile } from './recognize-file.ts';
import type { FileToRead } from './run-reconciliation.ts';

const batchSize = 500;
/** Batches under way to the other thread, so that a slow database does not fill the memory. */
const mostUnderWay = 8;

interface ListOptions {
  readonly onProgress: (bytes: number, total: number) => void;
}
interface OpenOptions {
  readonly name: string;
  readonly map: FileToRead['map'];
  readonly exportedAt: string;
  readonly expected: number | undefined;
  readonly hash: true;
}
interface AccountModule {
  openAccountFile(
    path: string,
    options: OpenOptions,
  ): Promise<OpenedFile & { listAccounts(into: AccountSink, options: ListOptions): Promise<CompleteRead> }>;
}
interface UserModule {
  openUserFile(
    path: string,
    options: OpenOptions,
  ): Promise<OpenedFile & { listUsers(into: UserSink, options: ListOptions): Promise<CompleteRead> }>;
}

const port = parentPort!;
const say = (message: FromThread) => port.postMessage(message);
const { request, connectors } = workerData as ComparisonThreadData;

try {
  await compare();
} catch (error) {
  if (!(error instanceof FileRefused)) throw error;
  say({ kind: 'refused', sentence: error.message });
}
port.close();

async function compare(): Promise<void> {
  // The connectors' modules arrive as addresses: this room imports none.
  const [{ openAccountFile }, { openUserFile }] = (await Promise.all([import(connectors.accounts), import(connectors.users)])) as [
    AccountModule,
    UserModule,
  ];
  const accountFile = await openAccountFile(request.licenses.path, optionsFor(request.licenses));
  const userFile = await openUserFile(request.crm.path, optionsFor(request.crm));
  const accounts = collectPeople<AccountField>();
  const users = collectPeople<UserField>();
  const reading = (from: number) => ({
    onProgress: (bytes: number, total: number) =>
      say({ kind: 'progress', progress: from + (0.2 * bytes) / total, phase: 'Reading the files' }),
  });
  const licenses = await accountFile.listAccounts(accounts, reading(0));
  const crm = await userFile.listUsers(users, reading(0.2));
  say({ kind: 'progress', progress: 0.4, phase: 'Comparing' });
  const people = users.people();
  const compared = reconcile(people, accounts.people(), request.settings);

  let batch: EncodedFinding[] = [];
  let underWay = 0;
  port.on('message', () => {
    underWay -= 1;
  });
  for (let row = 0; row < compared.length; row++) {
    batch.push(encodeFinding(compared.at(row), compared.explain(row)));
    if (batch.length < batchSize && row + 1 < compared.length) continue;
    say({ kind: 'findings', batch });
    say({ kind: 'progress', progress: 0.5 + (0.45 * (row + 1)) / compared.length, phase: 'Explaining everybody' });
    batch = [];
    underWay += 1;
    while (underWay >= mostUnderWay) await once(port, 'message');
  }
  say({
    kind: 'result',
    result: {
      summary: compared.summary,
      proofs: { licenses, crm },
      rejects: { licenses: plainRejects(accountFile), crm: plainRejects(userFile) },
      warnings: [
        ...accountFile.warnings.map((warning) => `${request.licenses.name}: ${warning}`),
        ...userFile.warnings.map((warning) => `${request.crm.name}: ${warning}`),
      ],
      asOf: licenses.asOf,
      sandboxShare: sandboxShare(people),
    },
  });
}

function optionsFor({ name, map, exportedAt, expected }: FileToRead): OpenOptions {
  return { name, map, exportedAt, expected, hash: true };
}

const plainRejects = ({ rejects }: OpenedFile) => rejects.map(({ line, column, reason }) => ({ line, column, reason }));

/** Salesforce appends .invalid to the addresses of a sandbox's users. */
function sandboxShare({ domain, domains, count }: People<UserField>): number {
  let found = 0;
  for (let row = 0; row < count; row++) if (domains[domain[row]!]!.endsWith('.invalid')) found++;
  return count === 0 ? 0 : found / count;
}
