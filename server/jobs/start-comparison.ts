import type pg from 'pg';
import { findConnection } from '../store/connection.ts';
import { findContract } from '../store/contract.ts';
import type { Scope } from '../store/database.ts';
import { directoryId } from '../store/directory.ts';
import type { Engine } from '../store/engine.ts';
import { doneReconciliations, type NewReconciliation, type RunSource } from '../store/reconciliation.ts';
import { defaultContractSettings, readSettings } from '../store/setting.ts';
import { findUpload, type StoredUpload } from '../store/upload.ts';
import { type ConnectionDesk, kindOf, knownConnections } from './connection-desk.ts';
import type { Recognition, Side } from './recognize-file.ts';
import { ComparisonRefused, requestReconciliation } from './run-reconciliation.ts';

type RunSettings = NewReconciliation['request']['settings'];

/** What `POST /reconciliations` asks for; the demo and the schedules ask the same way. */
export interface ComparisonAsked {
  readonly licenses: RunSource;
  readonly crm: RunSource;
  /** CRMs that LinkedIn does not sync with. Undefined: those of the newest comparison that are still there. */
  readonly otherCrms?: readonly RunSource[] | undefined;
  readonly crmName?: string | undefined;
  readonly adminCenterCount?: number | undefined;
  readonly exportedAt?: string | undefined;
  readonly crmExportedAt?: string | undefined;
  readonly answers?: NewReconciliation['request']['answers'] | undefined;
  readonly settings?: { readonly [Name in keyof RunSettings]?: RunSettings[Name] | undefined } | undefined;
}

export interface ComparisonParts {
  readonly pool: pg.Pool;
  readonly workspace: Scope;
  /** Who brought the demo's files; null outside the demo. */
  readonly demoActor: string | null;
  /** Told when somebody's own people have taken the place of the made-up ones. */
  readonly leaveDemo: () => void;
  /** Loaded for who has connections. */
  readonly connections: () => Promise<ConnectionDesk>;
}

/** A run that can be asked for: both files or connections are here and are what they were given as. */
export interface PreparedComparison {
  readonly run: NewReconciliation;
  /** The demo's user, where somebody's own people take the place of the made-up ones. */
  readonly replacesDemo: string | null;
}

/** What is known of a side before it is read. */
interface UsableSource {
  readonly source: RunSource;
  readonly name: string;
  /** Who brought the file, or made the connection. */
  readonly broughtBy: string;
  /** The CRM it comes from, where the source says so. */
  readonly crm: string | null;
  readonly crmName: string | null;
}

/**
 * Checks that both sides can be compared, and says with what.
 * @throws ComparisonRefused when a file is gone, misses a column or is of the other side, or a connection is gone or was never tested
 */
export async function prepareComparison(parts: ComparisonParts, asked: ComparisonAsked, actor: string): Promise<PreparedComparison> {
  const { pool, workspace } = parts;
  const [licenses, crm] = await Promise.all([usable(parts, asked.licenses, 'licenses'), usable(parts, asked.crm, 'crm')]);
  await refuseOtherCrm(parts, crm.source);
  const ownPeople = parts.demoActor !== null && licenses.broughtBy !== parts.demoActor;
  const otherCrms = await othersOf(parts, asked.otherCrms, crm.source, ownPeople ? parts.demoActor : null);
  if (ownPeople && crm.broughtBy === parts.demoActor && 'connection' in crm.source)
    throw new ComparisonRefused(
      `${crm.name} has the made-up people of the demo alone: nobody of ${licenses.name} would be found there. Bring your own CRM list, or connect your CRM.`,
    );
  const { settings, changed } = await readSettings(pool, workspace);
  const isTold = (name: string) => changed.some(({ setting, actor: by }) => setting === name && !(ownPeople && by === parts.demoActor));
  const told = (name: 'crm' | 'crmName') => (isTold(name) ? settings[name] : null);
  return {
    run: {
      licenses: licenses.source,
      crm: crm.source,
      files: { licenses: licenses.name, crm: crm.name },
      crmName: asked.crmName ?? told('crmName') ?? crm.crmName ?? defaultContractSettings.crmName,
      createdBy: actor,
      request: {
        crm: told('crm') ?? crm.crm ?? defaultContractSettings.crm,
        otherCrms,
        directory: (await directoryId(pool, workspace)) ?? undefined,
        adminCenterCount: asked.adminCenterCount,
        exportedAt: asked.exportedAt,
        crmExportedAt: asked.crmExportedAt,
        answers: asked.answers ?? {},
        settings: Object.fromEntries(Object.entries(asked.settings ?? {}).filter(([, value]) => value !== undefined)),
      },
    },
    replacesDemo: ownPeople ? parts.demoActor : null,
  };
}

/** Checks that both files can be compared, and starts a run. Returns its id. Throws as `prepareComparison`. */
export async function startComparison(
  parts: ComparisonParts & { readonly engine: Engine },
  asked: ComparisonAsked,
  actor: string,
): Promise<string> {
  const { run, replacesDemo } = await prepareComparison(parts, asked, actor);
  const id = await requestReconciliation(parts.pool, parts.engine, parts.workspace, run, replacesDemo);
  if (replacesDemo !== null) parts.leaveDemo();
  return id;
}

/**
 * What another CRM than the contract's is read from. Throws ComparisonRefused for one that was asked for and cannot be read.
 * @param leaving whose made-up people go with this comparison: their lists are none to go on with
 */
async function othersOf(
  parts: ComparisonParts,
  asked: readonly RunSource[] | undefined,
  own: RunSource,
  leaving: string | null,
): Promise<readonly RunSource[]> {
  const isOwn = (source: RunSource) => JSON.stringify(source) === JSON.stringify(own);
  if (asked !== undefined) {
    if (asked.some(isOwn))
      throw new ComparisonRefused('The CRM that LinkedIn syncs with was named as another CRM too. Leave it out there.');
    for (const source of asked) await usable(parts, source, 'crm');
    return asked;
  }
  const [last] = await doneReconciliations(parts.pool, parts.workspace, 1);
  const kept: RunSource[] = [];
  for (const source of last?.request.otherCrms ?? []) {
    // One that went away is not missed: nobody asked for it now.
    const isThere = await usable(parts, source, 'crm').then(
      ({ broughtBy }) => broughtBy !== leaving,
      (error: unknown) => {
        if (error instanceof ComparisonRefused) return false;
        throw error;
      },
    );
    if (isThere && !isOwn(source)) kept.push(source);
  }
  return kept;
}

/** A contract that names its CRM by a connection is compared with that one, live or from a file, and with no other. */
async function refuseOtherCrm({ pool, workspace }: ComparisonParts, source: RunSource): Promise<void> {
  if (!('connection' in source)) return;
  const contract = await findContract(pool, workspace.workspaceId, workspace.contractId);
  const own = contract?.crm?.connection;
  if (!own || own === source.connection) return;
  const named = await findConnection(pool, workspace, own);
  throw new ComparisonRefused(
    `CRM Sync of ${contract.name} is connected to ${contract.crm?.name}, read by ${named?.name}. Compare with that connection, or say under Settings that it is another CRM.`,
  );
}

const usable = (parts: ComparisonParts, source: RunSource, side: Side): Promise<UsableSource> =>
  'connection' in source ? usableConnection(parts, source.connection, side) : fromUpload(parts, source.upload, side);

async function fromUpload(parts: ComparisonParts, id: string, side: Side): Promise<UsableSource> {
  const { name, uploadedBy, recognition } = await usableUpload(parts, id, side);
  const crm = recognition.crm === 'other' ? null : recognition.crm;
  return { source: { upload: id }, name, broughtBy: uploadedBy, crm, crmName: recognition.crmName };
}

/** A connection that may be compared with. Throws ComparisonRefused. */
export async function usableConnection(parts: ComparisonParts, id: string, side: Side): Promise<UsableSource> {
  const desk = await parts.connections();
  const { rows, fault, lacking } = await knownConnections(desk, parts.workspace);
  const found = rows.find((row) => row.id === id);
  if (found === undefined)
    throw new ComparisonRefused(
      `The connection for ${sideWords[side]} is not here (any more). ${fault === null ? 'Choose another one.' : `The configuration file cannot be used: ${fault}`}`,
    );
  const kind = kindOf(desk, found.type);
  if (kind.side !== side) throw new ComparisonRefused(`${found.name} does not read ${sideWords[side]}. Choose another connection.`);
  const lacks = found.fromFile ? lacking.get(found.name) : undefined;
  if (lacks !== undefined) throw new ComparisonRefused(`The connection ${found.name} cannot be asked. ${lacks}`);
  // Whom a CRM connection reads is pinned by its first good check; without that nobody has said whose people these are.
  if (side === 'crm' ? found.origin === null : found.check === null)
    throw new ComparisonRefused(`The connection ${found.name} has not passed a test yet. Test it under Connections, then compare.`);
  return { source: { connection: id }, name: found.name, broughtBy: found.createdBy, crm: kind.crm, crmName: kind.crm && kind.vendor };
}

const sideWords = { licenses: 'the license side', crm: 'the CRM side' } as const;

async function usableUpload({ pool, workspace }: ComparisonParts, id: string, side: Side): Promise<StoredUpload<Recognition>> {
  const upload = await findUpload<Recognition>(pool, workspace, id);
  if (!upload) throw new ComparisonRefused(`The file for ${sideWords[side]} is not here (any more). Bring it again.`);
  if (upload.recognition.missing !== null) throw new ComparisonRefused(`${upload.name}: ${upload.recognition.missing}`);
  if (upload.recognition.side !== side) {
    throw new ComparisonRefused(`${upload.name} was given for ${sideWords[side]} and is a file of the other one. Exchange the two files.`);
  }
  return upload;
}
