import type pg from 'pg';
import { writeAudit } from '../store/audit.ts';
import {
  deleteConnection,
  findConnection,
  insertConnection,
  type NewConnection,
  newConnectionId,
  type StoredConnection,
  sealedSecrets,
  updateConnection,
} from '../store/connection.ts';
import { type Scope, transaction } from '../store/database.ts';
import { listSchedules, type StoredSchedule } from '../store/schedule.ts';
import { readSettings as readContractSettings } from '../store/setting.ts';
import {
  type ConnectionDesk,
  type ConnectionKinds,
  ConnectionUnusable,
  connectOr,
  isSimulated,
  type KnownSettings,
  keyOf,
  kindOf,
  knownSettings,
  openAll,
  type SettingsFault,
  sealAll,
  writtenIn,
} from './connection-desk.ts';
import { ActionRefused } from './plan-desk.ts';
import { splitSecrets, withSecrets } from './split-secrets.ts';

/** Settings that are not those of such a connection: each fault with its place. */
export class SettingsRefused extends Error {
  override readonly name = 'SettingsRefused';
  readonly faults: readonly SettingsFault[];
  constructor(faults: readonly SettingsFault[]) {
    super(faults.map(({ at, fault }) => `${at} ${fault}`).join('; '));
    this.faults = faults;
  }
}

/** What a person types in: what is secret too. */
export interface ConnectionAsked {
  readonly name: string;
  readonly type: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

type Settings = Readonly<Record<string, unknown>>;

export const nameTaken = (name: string) =>
  new ActionRefused('not-now', `There is a connection “${name}” already. Give this one another name.`);

/** Checks and stores a connection. Returns its id. Throws SettingsRefused, ActionRefused or ConnectionUnusable. */
export async function makeConnection(desk: ConnectionDesk, scope: Scope, asked: ConnectionAsked, by: string): Promise<string> {
  const known = readSettings(desk, asked, asked.settings);
  const made = newConnection(desk, scope, newConnectionId(), known);
  refuseConfigured(desk, asked.name);
  await transaction(desk.pool, async (client) => {
    if (!(await insertConnection(client, scope, by, made))) throw nameTaken(made.name);
  });
  return made.id;
}

/**
 * Changes a connection. Secrets that are not given stay, unless an address changed: then they would go where nobody meant them to.
 * Throws as `makeConnection`.
 */
export async function changeConnection(
  desk: ConnectionDesk,
  scope: Scope,
  id: string,
  change: { readonly name?: string | undefined; readonly settings?: Settings | undefined },
  by: string,
): Promise<void> {
  try {
    await transaction(desk.pool, async (client) => {
      // Locked first: a refresh token that is being exchanged is waited for.
      const sealed = await sealedSecrets(client, scope, id, true);
      const before = await findConnection(client, scope, id);
      if (before === null || sealed === null) throw gone();
      refuseFixed(before);
      const name = change.name ?? before.name;
      if (name !== before.name) refuseConfigured(desk, name);
      if (change.settings === undefined) {
        await updateConnection(client, scope, by, { ...before, ...sealed, name });
        return;
      }
      const asked = { name, type: before.type, settings: change.settings };
      const known = readChange(desk, asked, before.settings, () => openAll(desk, scope, id, sealed));
      await updateConnection(client, scope, by, newConnection(desk, scope, id, known));
    });
  } catch (error) {
    // SQLSTATE unique_violation
    if ((error as Partial<pg.DatabaseError>).code === '23505') throw nameTaken(change.name ?? '');
    throw error;
  }
}

/**
 * Deletes a connection that neither a schedule nor the contract's plans need, and ends its access at the vendor. Resolves to what became of
 * that; null: there was none to end. Throws ActionRefused.
 */
export async function removeConnection(desk: ConnectionDesk, scope: Scope, id: string, by: string): Promise<string | null> {
  const known = await transaction(desk.pool, async (client) => {
    // Locked first: whoever exchanges its token is waited for, so that the newest is ended.
    await sealedSecrets(client, scope, id, true);
    const before = await findConnection(client, scope, id);
    if (before === null) throw gone();
    refuseFromFile(before);
    const needing = schedulesOf(id, await listSchedules(client, scope));
    if (needing.length > 0)
      throw new ActionRefused(
        'not-now',
        `${needing.map(({ name }) => `“${name}”`).join(' and ')} ${needing.length === 1 ? 'compares' : 'compare'} by schedule with this connection. Change or delete ${needing.length === 1 ? 'that schedule' : 'those schedules'} first.`,
      );
    const { delivery } = (await readContractSettings(client, scope)).settings;
    if (typeof delivery !== 'string' && delivery.connection === id)
      throw new ActionRefused(
        'not-now',
        `Plans of this contract change LinkedIn over “${before.name}”. Choose another way under Settings first.`,
      );
    const opened = before.secretFields.includes('auth.refreshToken') ? await openOr(desk, scope, before) : null;
    await deleteConnection(client, scope, by, id);
    return opened;
  });
  // Nobody may begin anything with it any more; so what the vendor says changes nothing here.
  const told = typeof known === 'string' ? known : known && (await desk.signIn.end(known, AbortSignal.timeout(endMs)));
  if (told !== null)
    await writeAudit(desk.pool, scope.workspaceId, { actor: by, action: 'access of a connection ended', subject: id, detail: { told } });
  return told;
}

/** Whoever deletes a connection waits so long for its vendor. */
const endMs = 10_000;

/** Its settings with their secrets, or why they cannot be had. */
async function openOr(desk: ConnectionDesk, scope: Scope, stored: StoredConnection): Promise<KnownSettings | string> {
  try {
    return (await knownSettings(desk, desk.pool, scope, stored)).known;
  } catch (error) {
    if (error instanceof ConnectionUnusable) return `Its access could not be ended: ${error.sentence}`;
    throw error;
  }
}

/** The schedules that compare with a connection. */
export const schedulesOf = (id: string, schedules: readonly StoredSchedule[]): readonly StoredSchedule[] =>
  schedules.filter(
    ({ sources }) =>
      sources.kind === 'connection' && (sources.crm === id || (sources.licenses.kind === 'connection' && sources.licenses.id === id)),
  );

/** Settings as typed in, checked, and checked whether they can work. Throws SettingsRefused or ConnectionUnusable. */
export function readSettings(desk: ConnectionKinds, { name, type }: ConnectionAsked, settings: Settings): KnownSettings {
  if (!kindOf(desk, type).storable)
    throw new ActionRefused(
      'not-possible',
      `A connection of the kind ${type} names a file on the server, so it stands in the configuration file alone.`,
    );
  const read = desk.parse({ ...settings, name, type });
  if ('faults' in read) throw new SettingsRefused(read.faults);
  connectOr(desk, read.known, null);
  return read.known;
}

/** The same, of a connection that is there: what is secret and not given is taken from it. */
export function readChange(
  desk: ConnectionKinds,
  asked: ConnectionAsked,
  before: Settings,
  secretsBefore: () => Readonly<Record<string, string>>,
): KnownSettings {
  const { secretFields } = kindOf(desk, asked.type);
  const given = splitSecrets(asked.settings, secretFields);
  const isElsewhere = JSON.stringify(addressesOf(given.settings)) !== JSON.stringify(addressesOf(before));
  let faultsWithSecrets: readonly SettingsFault[] | null = null;
  if (!isElsewhere) {
    const read = desk.parse({
      ...withSecrets(given.settings, { ...secretsBefore(), ...given.secrets }),
      name: asked.name,
      type: asked.type,
    });
    if ('known' in read) {
      connectOr(desk, read.known, null);
      return read.known;
    }
    faultsWithSecrets = read.faults;
  }
  // Secrets of another way to sign in are in the way of this one.
  try {
    return readSettings(desk, asked, asked.settings);
  } catch (error) {
    if (!(error instanceof SettingsRefused)) throw error;
    // What is stored is not missing.
    if (faultsWithSecrets !== null) throw faultsWithSecrets.length < error.faults.length ? new SettingsRefused(faultsWithSecrets) : error;
    throw new SettingsRefused(
      error.faults.map(({ at, fault }) =>
        secretFields.includes(at)
          ? { at, fault: 'has to be typed in again, since an address changed: it would be sent there' }
          : { at, fault },
      ),
    );
  }
}

/** Settings as they are stored: what is secret sealed beside them. Throws ConnectionUnusable without a key. */
export function newConnection(desk: ConnectionDesk, scope: Scope, id: string, known: KnownSettings): NewConnection {
  const { name, type, ...rest } = known;
  const { settings, secrets } = splitSecrets(rest, kindOf(desk, type).secretFields);
  const key = keyOf(desk);
  return { id, name, type, settings, secrets: sealAll(key, scope, id, secrets), keyId: key.id };
}

const gone = () => new ActionRefused('not-found', 'This connection is not here (any more).');

/** What this server cannot change. */
export function refuseFixed(row: Pick<StoredConnection, 'fromFile' | 'name' | 'createdBy'>): void {
  refuseFromFile(row);
  if (isSimulated(row))
    throw new ActionRefused(
      'not-possible',
      `“${row.name}” is a simulated system of the demo, and stays as it is. Make a connection of your own for yours.`,
    );
}

function refuseFromFile({ fromFile, name }: Pick<StoredConnection, 'fromFile' | 'name'>): void {
  if (fromFile) throw new ActionRefused('not-possible', `“${name}” stands in the configuration file of the server. Change it there.`);
}

export function refuseConfigured(desk: ConnectionKinds, name: string): void {
  if (writtenIn(desk.configured()).some((one) => one.name === name)) throw nameTaken(name);
}

/** An SSH server is known by its key, whatever its port. */
const serverOf: readonly string[] = ['sftp.host', 'sftp.hostKey'];

/** Where secrets go, each with its place. */
function addressesOf(settings: Settings, path = ''): readonly string[] {
  return Object.entries(settings)
    .flatMap(([name, value]) =>
      typeof value === 'string'
        ? /^https?:/iu.test(value) || serverOf.includes(`${path}${name}`)
          ? [`${path}${name}=${value}`]
          : []
        : typeof value === 'object' && value !== null
          ? addressesOf(value as Settings, `${path}${name}.`)
          : [],
    )
    .toSorted();
}
