import { failureSentence } from '../../connectors/check-line.ts';
import type { AccountField, CompleteListing, CompleteRead, Origin, RecordSink, Reject, UserField } from '../../connectors/connector.ts';
import { openUserFile } from '../../connectors/crm-csv/connector.ts';
import { lineCounter } from '../../connectors/csv.ts';
import { FileRefused, RequestFailed } from '../../connectors/errors.ts';
import { openAccountFile } from '../../connectors/linkedin-files/connector.ts';
import { guardOrg } from '../core/guard-read.ts';
import { type AccountIndex, indexAccounts, indexUsers, type UnusableRow, type UserIndex } from '../core/index-people.ts';
import { looseRoom, type Room } from '../core/kernels/room.ts';
import { collectPeople, type People } from '../core/people.ts';
import type { OpenedConnection } from '../jobs/connection-desk.ts';

/** One of the two files, and what a person said about it. */
export interface SideFile {
  readonly path: string;
  readonly name?: string | undefined;
  /** Column → field, or `ignore`. */
  readonly map?: Readonly<Record<string, string>> | undefined;
  /** ISO 8601; default the file's modification time. */
  readonly exportedAt?: string | undefined;
  /** How many people the source shows. */
  readonly expected?: number | undefined;
  /** Compute SHA-256 of the file. */
  readonly hash?: boolean | undefined;
}

/** The same of a file that is in memory already, as in a browser. */
export type BroughtBytes = Omit<SideFile, 'path'> & { readonly bytes: Uint8Array };

const sourceOf = (file: SideFile | BroughtBytes): string | Uint8Array => ('bytes' in file ? file.bytes : file.path);

/** `leftOut`: of a connection. */
type ReadProof = CompleteRead & Partial<Pick<CompleteListing, 'leftOut'>>;

/** One side, read and indexed. Plain data on shared buffers: it crosses to another thread as it is. */
export interface ReadSide<Field extends string, Index> {
  readonly people: People<Field>;
  readonly index: Index;
  readonly proof: ReadProof;
  readonly warnings: readonly string[];
  readonly rejects: readonly Reject[];
  /** The CRM the file comes from; `linkedin` on the license side. */
  readonly origin: string;
  /** Where marks of who manages somebody stand, in words; null where there are none. */
  readonly managedBySource: string | null;
  /** The org that a CRM connection read; null for files, and for licenses, which name none. */
  readonly answered: Origin | null;
}

/** Bytes a row takes, roughly, so that columns are made large enough at once. */
const bytesPerRow = 70;

type OnProgress = (share: number) => void;

/** Reads and indexes the CRM's users. Throws FileRefused. `crm` overrides which CRM the headers speak of. */
export async function readUsers(
  file: SideFile | BroughtBytes,
  crm: string | undefined,
  room: Room = looseRoom,
  signal?: AbortSignal,
  onProgress?: OnProgress,
): Promise<ReadSide<UserField, UserIndex>> {
  const opened = await openUserFile(sourceOf(file), { ...file, room });
  const collected = collectPeople<UserField>(guess(opened.csv.rows, opened.csv.end), room);
  const proof = await opened.listUsers(collected, options(signal, onProgress));
  const people = collected.people();
  const origin = crm ?? opened.crm;
  const index = indexUsers(people, origin === 'hubspot', room);
  return {
    people,
    index,
    proof: without(proof, index.unusable),
    warnings: [...opened.warnings, ...unclearWarning(index, opened.mapping)],
    rejects: rejectsOf(opened.csv, opened.rejects, people, index.unusable),
    origin,
    managedBySource: null,
    answered: null,
  };
}

function unclearWarning({ unclear }: UserIndex, mapping: readonly { readonly field: string; readonly column: string }[]): string[] {
  if (unclear === null) return [];
  const column = mapping.find(({ field }) => field === unclear.field)?.column;
  const who = unclear.count === 1 ? '1 user counts' : `${unclear.count.toLocaleString('en-US')} users count`;
  return [
    `${who} as active because "${column}" says neither yes nor no, for example "${unclear.example}". Correct it, or map another column.`,
  ];
}

/** Reads and indexes the license holders. Throws FileRefused. */
export async function readAccounts(
  file: SideFile | BroughtBytes,
  room: Room = looseRoom,
  signal?: AbortSignal,
  onProgress?: OnProgress,
): Promise<ReadSide<AccountField, AccountIndex>> {
  const opened = await openAccountFile(sourceOf(file), { ...file, room });
  const collected = collectPeople<AccountField>(guess(opened.csv.rows, opened.csv.end), room);
  const proof = await opened.listAccounts(collected, options(signal, onProgress));
  const people = collected.people();
  const index = indexAccounts(people, room);
  return {
    people,
    index,
    proof: without(proof, index.unusable),
    warnings: opened.warnings,
    rejects: rejectsOf(opened.csv, opened.rejects, people, index.unusable),
    origin: 'linkedin',
    managedBySource: managedByColumn(opened.mapping),
    answered: null,
  };
}

function managedByColumn(mapping: readonly { readonly field: string; readonly column: string }[]): string | null {
  const column = mapping.find(({ field }) => field === 'managedBy')?.column;
  return column === undefined ? null : `the column “${column}” of the export`;
}

/** A side that a connection reads instead of a file. */
export interface ConnectedSide {
  readonly connection: OpenedConnection;
  /** The org that the connection was set up with: where another one answers nobody is read. Null: whoever answers. */
  readonly pinned?: Origin | null | undefined;
}

/** Told how many people have come so far. */
type OnReceived = (people: number) => void;
/** Told that the vendor asks to wait, and for how long. */
type OnWait = (ms: number) => void;

/** Reads and indexes the users of a CRM connection. Throws FileRefused with what to do. */
export async function readUsersOf(
  { connection, pinned = null }: ConnectedSide,
  signal?: AbortSignal,
  onReceived: OnReceived = () => {},
  onWait: OnWait = () => {},
): Promise<ReadSide<UserField, UserIndex>> {
  if (connection.side !== 'crm') throw new TypeError(`${connection.name} reads no CRM.`);
  const collected = collectPeople<UserField>();
  const options = signal === undefined ? {} : { signal };
  const answered = await orSay(connection, () => connection.connector.origin(options));
  const other = guardOrg(connection.vendor, pinned && { pinned: pinned.id, seen: answered.id });
  if (other !== null) throw new FileRefused('wrong-kind', connection.name, `${other.sentence} ${other.nextStep}`);
  const proof = await orSay(connection, () => connection.connector.listUsers(counting(collected, onReceived), { ...options, onWait }));
  const { isTest } = answered;
  const people = collected.people();
  const leftOutBefore = Object.values(proof.leftOut).reduce((sum, number) => sum + number, 0);
  const index = { ...indexUsers(people, connection.type === 'hubspot'), leftOutBefore };
  const warnings = isTest ? ['This is a test org: compare with it, but change nobody by what it says.'] : [];
  return {
    ...connected(proof, people, index),
    warnings: [...warnings, ...unclearWarning(index, [])],
    origin: connection.type,
    managedBySource: null,
    // A file names no org.
    answered: proof.kind === 'listing' ? answered : null,
  };
}

/** Reads and indexes the accounts of a license connection. Throws FileRefused with what to do. */
export async function readAccountsOf(
  { connection }: ConnectedSide,
  signal?: AbortSignal,
  onReceived: OnReceived = () => {},
  onWait: OnWait = () => {},
): Promise<ReadSide<AccountField, AccountIndex>> {
  if (connection.side !== 'licenses') throw new TypeError(`${connection.name} reads no licenses.`);
  const collected = collectPeople<AccountField>();
  const proof = await orSay(connection, () =>
    connection.connector.listAccounts(counting(collected, onReceived), { ...(signal === undefined ? {} : { signal }), onWait }),
  );
  const people = collected.people();
  return {
    ...connected(proof, people, indexAccounts(people)),
    warnings: [],
    origin: 'linkedin',
    managedBySource: `the connection ${connection.name}`,
    answered: null,
  };
}

/** A sink that tells how far it is. */
function counting<Field extends string>(sink: RecordSink<Field>, onReceived: OnReceived): RecordSink<Field> {
  let people = 0;
  const came = (more: number): void => {
    people += more;
    onReceived(people);
  };
  return {
    begin: (fields) => sink.begin(fields),
    rows(batch) {
      const taken = sink.rows(batch);
      came(batch.count);
      return taken;
    },
    records(page) {
      const taken = sink.records(page);
      came(page.length);
      return taken;
    },
  };
}

async function orSay<Value>({ name, vendor }: OpenedConnection, read: () => Promise<Value>): Promise<Value> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error;
    throw new FileRefused('unreadable', name, failureSentence(vendor, error), { cause: error });
  }
}

/** A record that cannot be used has a number instead of a line. */
function connected<Field extends string, Index extends UserIndex | AccountIndex>(
  proof: CompleteListing,
  people: People<Field>,
  index: Index,
) {
  const rejects = [...index.unusable].sort((a, b) => a.row - b.row).map(({ row, column, reason }) => ({ line: row + 1, column, reason }));
  return { people, index, proof: without(proof, index.unusable), rejects };
}

function options(signal: AbortSignal | undefined, onProgress: OnProgress | undefined) {
  return {
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress: (bytes: number, total: number) => onProgress(total === 0 ? 1 : bytes / total) }),
  };
}

const guess = (rows: { readonly count: number }, bytes: number): number =>
  Math.max(64, Math.ceil(rows.count * 1.1), Math.ceil(bytes / bytesPerRow / 4));

const without = <Proof extends CompleteRead>(proof: Proof, unusable: readonly UnusableRow[]): Proof => ({
  ...proof,
  received: proof.received - unusable.length,
  rejected: proof.rejected + unusable.length,
});

/** Rows that the reader refused and rows that the comparison cannot use, by line. */
function rejectsOf<Field extends string>(
  csv: Parameters<typeof lineCounter>[0],
  refused: readonly Reject[],
  people: People<Field>,
  unusable: readonly UnusableRow[],
): Reject[] {
  const lineAt = lineCounter(csv);
  const width = people.fields.length;
  const offsetOf = (row: number): number => Math.min(...people.starts.subarray(row * width, (row + 1) * width));
  return [
    ...refused.map(({ line, column: name, reason }) => ({ line, column: name, reason })),
    ...[...unusable]
      .sort((a, b) => a.row - b.row)
      .map(({ row, column: name, reason }) => ({ line: lineAt(offsetOf(row)), column: name, reason })),
  ].sort((a, b) => a.line - b.line);
}
