import { statSync, writeSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { waitSentence } from '../../connectors/check-line.ts';
import type { AccountField, UserField } from '../../connectors/connector.ts';
import type { DirectoryFile } from '../../connectors/directory-csv/connector.ts';
import { FileRefused } from '../../connectors/errors.ts';
import { settleClaims } from '../core/correlate.ts';
import { type DirectoryAddresses, directoryAddresses } from '../core/directory-addresses.ts';
import { reportColumns } from '../core/findings-csv.ts';
import type { AccountIndex, UserIndex } from '../core/index-people.ts';
import { kernelModule } from '../core/kernels/kernels.ts';
import { createMemory, looseRoom, type Room, roomIn } from '../core/kernels/room.ts';
import { otherCrmOf } from '../core/other-crms.ts';
import { giveSuggestions } from '../core/rank-suggestions.ts';
import { type CrmInvitationsRead, readCrmInvitations } from '../core/read-invitations.ts';
import { finish, type Reconciliation } from '../core/reconcile.ts';
import type { OtherCrm, ReconcileSettings } from '../core/settings.ts';
import { createStage, stageDomains, stageJudge } from '../core/stage.ts';
import { indexFreeUsers } from '../core/suggestion-blocks.ts';
import { createSuggester, openSuggestions } from '../core/suggestions.ts';
import { seekTakenNamesakes } from '../core/taken-namesakes.ts';
import { comparisonSettings, crmNames } from './comparison-settings.ts';
import { type ConnectedSide, type ReadSide, readAccounts, readAccountsOf, readUsers, readUsersOf, type SideFile } from './read-sides.ts';
import { letGo, reportTurns, runRanges, type SharedStep, type ThreadState, writeReport } from './run-ranges.ts';
import type { FromThread, ThreadStart, ToThread } from './share-comparison.ts';

export interface CompareRequest {
  readonly licenses: SideFile | ConnectedSide;
  readonly crm: SideFile | ConnectedSide;
  /** Which CRM it is, where the headers should not decide: `salesforce`, `hubspot`, `zoho`, `dynamics`, `other`. */
  readonly crmKind?: string | undefined;
  /** A third witness: the company's own directory, whose other addresses of a person count as that person's. */
  readonly directory?: DirectoryFile | undefined;
  /** The company's other CRMs: who is found there is told so, and nobody's address comes from there. */
  readonly otherCrms?: readonly (SideFile | ConnectedSide)[] | undefined;
  /** Everything else a comparison is told; the CRM's name and the age of the list come from the files unless given. */
  readonly settings: Partial<ReconcileSettings>;
  /** The process is there for this comparison alone, so that its compiler may be set to suit it. */
  readonly ownProcess?: boolean | undefined;
  /** 1 keeps to this thread; default is a second thread for files that are worth it. */
  readonly threads?: 1 | 2 | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Share of the work done, 0 to 1, and what is being done. */
  readonly onProgress?: ((share: number, phase: string) => void) | undefined;
}

/** Two files compared. `close` ends the second thread. */
export interface ComparedFiles {
  readonly reconciliation: Reconciliation;
  readonly licenses: ReadSide<AccountField, AccountIndex>;
  readonly crm: ReadSide<UserField, UserIndex>;
  /** What came from the directory and from other CRMs, a sentence each. */
  readonly beside: readonly string[];
  /** Of every CRM that was read. */
  readonly crmInvitations: readonly CrmInvitationsRead[];
  /** Writes the report as CSV, header included, with all threads. @param file an open file descriptor @param seekable false for a pipe */
  writeCsv(file: number, seekable: boolean): Promise<void>;
  close(): Promise<void>;
}

/** From here on, bytes: the memory that two growing heaps take is worth the time that collecting them early costs. */
const worthASmallHeap = 100_000_000;

/** How much memory the columns may take for each byte of the files; it is taken as it is used. */
const roomPerByte = 12;

/** Below this a second thread costs more than it brings. */
const worthAThread = 60_000_000;

/** Reads two files and compares them. Throws FileRefused with a sentence for the person who brought the file. */
export async function compareFiles(request: CompareRequest): Promise<ComparedFiles> {
  const bytes = [request.licenses, request.crm].reduce((sum, side) => sum + sizeOf(side), 0);
  // The lists lie outside the heap, and what lies in it is short-lived. A million people then fit into 1 GiB instead of 1.2.
  if (bytes > worthASmallHeap) setFlagsFromString('--max-semi-space-size=8');
  // Compiling hot functions with all they call takes a tenth of all time, in each thread, and brings less.
  if (request.ownProcess === true) setFlagsFromString('--max-inlined-bytecode-size-cumulative=200');
  const memory = bytes === 0 ? null : createMemory(bytes * roomPerByte);
  const room = roomIn(memory);
  const second = request.threads !== 1 && (request.threads === 2 || bytes > worthAThread) ? startThread(memory) : null;
  try {
    return await compare(request, room, second);
  } catch (error) {
    await second?.close();
    throw error;
  }
}

const sizeOf = (side: SideFile | ConnectedSide): number =>
  'connection' in side ? 0 : (statSync(side.path, { throwIfNoEntry: false })?.size ?? 0);

async function compare(request: CompareRequest, room: Room, second: Thread | null): Promise<ComparedFiles> {
  const { signal } = request;
  const progress = request.onProgress ?? (() => {});
  const tick = (from: number, to: number, phase: string) => (share: number) => progress(from + (to - from) * share, phase);
  const { crm: from, licenses: holders } = request;
  // A connection reads while the other side is read; a file is read by the second thread, where there is one.
  const heard = (side: ConnectedSide) => (people: number) =>
    progress(0.1, `reading ${side.connection.name}: ${people.toLocaleString('en-US')} people so far`);
  const waits = (side: ConnectedSide) => (ms: number) => progress(0.1, waitSentence(side.connection.name, ms));
  const reading = 'connection' in from ? readUsersOf(from, signal, heard(from), waits(from)) : second?.read(from, request.crmKind);
  reading?.catch(() => {});
  const licenses =
    'connection' in holders
      ? await readAccountsOf(holders, signal, heard(holders), waits(holders))
      : await readAccounts(holders, room, signal, tick(0, second === null ? 0.2 : 0.4, 'reading the license holders'));
  const crm =
    (await reading) ?? (await readUsers(from as SideFile, request.crmKind, room, signal, tick(0.2, 0.4, 'reading the CRM users')));
  signal?.throwIfAborted();

  const others: { readonly crm: OtherCrm; readonly warnings: readonly string[]; readonly invitations: CrmInvitationsRead }[] = [];
  for (const other of request.otherCrms ?? []) {
    others.push(await readOther(other, request.settings.crmName ?? crmNames[crm.origin], signal));
    progress(0.4, `reading ${others.at(-1)!.crm.crmName}`);
  }

  const known = request.directory && directoryAddresses(crm.people, crm.index, request.directory.people);
  const settings = comparisonSettings(licenses, crm, {
    ...request.settings,
    emailAliases: [...(request.settings.emailAliases ?? []), ...(known?.aliases ?? [])],
    otherCrms: [...(request.settings.otherCrms ?? []), ...others.map((other) => other.crm)],
  });
  const sides = { users: crm.people, accounts: licenses.people, userIndex: crm.index, accountIndex: licenses.index };
  const stage = createStage(sides, settings, room);
  const state: ThreadState = { thread: 0, stage, suggester: null, blocks: [], given: null, judge: null, namesakes: null };
  second?.tell({ kind: 'stage', sides, settings, shared: { matches: stage.comparison.matches, verdicts: stage.verdicts } });

  const together = async (step: SharedStep, done: number, phase: string): Promise<void> => {
    const taken = new Int32Array(new SharedArrayBuffer(4));
    const theirs = second?.run({ kind: 'run', step, taken });
    // If this thread fails first, the other's failure is no news.
    theirs?.catch(() => {});
    runRanges(state, step, taken);
    await theirs;
    signal?.throwIfAborted();
    progress(done, phase);
  };

  await together('correlate', 0.6, 'finding the owners');
  const claims = settleClaims(stage.comparison);
  const suggestions = openSuggestions(stage.comparison, claims);
  state.suggester = createSuggester(stage.comparison, suggestions);
  second?.tell({ kind: 'suggestions', suggestions });
  await together('key', 0.65, 'looking for suggestions');
  state.blocks = indexFreeUsers(suggestions);
  second?.tell({ kind: 'blocks', blocks: state.blocks });
  await together('suggest', 0.8, 'looking for suggestions');
  const own = stageDomains(stage);
  second?.tell({ kind: 'domains', own, claims });
  state.judge = stageJudge(stage, suggestions, own);
  state.namesakes = seekTakenNamesakes(state.suggester, claims, own);
  await together('namesakes', 0.85, 'looking for namesakes');
  const given = giveSuggestions(state.suggester);
  second?.tell({ kind: 'given', given });
  state.given = given;
  await together('rank', 0.88, 'looking for suggestions');
  letGo(state);
  await together('judge', 0.95, 'saying why');
  const reconciliation = finish(stage, state.judge, state.suggester, claims);
  progress(1, 'done');

  return {
    reconciliation,
    licenses,
    crm,
    crmInvitations: [
      { crm: settings.crm, crmName: settings.crmName, open: readCrmInvitations(crm.people, crm.index) },
      ...others.map(({ invitations }) => invitations),
    ],
    beside: [
      ...(request.directory && known ? [sayDirectory(request.directory, known)] : []),
      ...others.flatMap(({ crm, warnings }) => [sayOther(crm), ...warnings]),
    ],
    async writeCsv(file, seekable) {
      const header = Buffer.from(`${reportColumns.join(',')}\n`);
      const turns = reportTurns(header.length);
      const rows = { holders: reconciliation.holders, unlicensed: reconciliation.unlicensed };
      writeSync(file, header, 0, header.length, seekable ? 0 : null);
      const { rootCauses, summary, possible } = reconciliation.context;
      const theirs = second?.run({ kind: 'report', rootCauses, summary, possible, claims, rows, file, seekable, turns });
      theirs?.catch(() => {});
      writeReport(reconciliation.context, rows, file, seekable, turns);
      await theirs;
    },
    close: async () => second?.close(),
  };
}

/** @param ownCrm what the contract's own CRM is called: another one of that name is told apart by its file or connection */
async function readOther(other: SideFile | ConnectedSide, ownCrm: string | undefined, signal: AbortSignal | undefined) {
  const { people, index, origin, proof, warnings } =
    'connection' in other ? await readUsersOf(other, signal) : await readUsers(other, undefined, looseRoom, signal);
  const source = 'connection' in other ? other.connection.name : proof.source;
  const name = crmNames[origin] ?? source;
  const crm = otherCrmOf(name === ownCrm && name !== source ? `${name} (${source})` : name, people, index);
  const invitations = { crm: origin, crmName: crm.crmName, open: readCrmInvitations(people, index) };
  return { crm, invitations, warnings: warnings.map((warning) => `${source}: ${warning}`) };
}

const sayOther = ({ crmName, users = [] }: OtherCrm): string =>
  `${crmName}: ${number(users.length)} active ${users.length === 1 ? 'user was' : 'users were'} looked up as evidence; LinkedIn does not sync with it.`;

const number = (n: number): string => n.toLocaleString('en-US');

function sayDirectory({ name, people, rejected }: DirectoryFile, { aliases, recognised, contradicted }: DirectoryAddresses): string {
  const parts = [
    `${number(recognised)} of ${number(people.length)} people are users of the CRM`,
    `${aliases.length === 1 ? '1 other address of theirs was' : `${number(aliases.length)} other addresses of theirs were`} taken`,
    ...(contradicted > 0
      ? [`${number(contradicted)} CRM users are one person there by the id and another by the email, and were left alone`]
      : []),
    ...(rejected > 0 ? [`${number(rejected)} rows could not be used`] : []),
  ];
  return `${name}: ${parts.join('; ')}.`;
}

interface Thread {
  read(file: SideFile, crm: string | undefined): Promise<ReadSide<UserField, UserIndex>>;
  tell(message: ToThread): void;
  run(message: Extract<ToThread, { kind: 'run' | 'report' }>): Promise<void>;
  close(): Promise<void>;
}

/** Starts the second thread. One question at a time: it answers in order. */
function startThread(memory: WebAssembly.Memory | null): Thread {
  const workerData: ThreadStart = { memory, module: memory === null ? null : kernelModule() };
  const worker = new Worker(new URL('./compare-thread.mjs', import.meta.url), { workerData });
  let waiting: { resolve: (message: FromThread) => void; reject: (error: unknown) => void } | null = null;
  const failed = (error: unknown): void => {
    waiting?.reject(error);
    waiting = null;
  };
  worker.on('message', (message: FromThread) => {
    if (message.kind === 'refused') failed(new FileRefused(message.code as FileRefused['code'], message.file, message.sentence));
    else if (message.kind === 'failed') failed(message.error);
    else {
      waiting?.resolve(message);
      waiting = null;
    }
  });
  worker.on('error', failed);
  worker.on('exit', (code) => failed(new Error(`The second thread of the comparison ended with code ${code}.`)));
  const ask = (message: ToThread): Promise<FromThread> =>
    new Promise((resolve, reject) => {
      waiting = { resolve, reject };
      worker.postMessage(message);
    });
  return {
    async read(file, crm) {
      const answer = await ask({ kind: 'read', file, crm });
      if (answer.kind !== 'read') throw new Error(`The second thread answered ${answer.kind} to a file.`);
      return answer.side;
    },
    tell: (message) => worker.postMessage(message),
    run: async (message) => {
      await ask(message);
    },
    close: async () => {
      worker.removeAllListeners('exit');
      await worker.terminate();
    },
  };
}
