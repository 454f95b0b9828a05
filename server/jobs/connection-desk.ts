import type pg from 'pg';
import type { CrmConnector, LicenseConnector, SharedState, UploadFolder } from '../../connectors/connector.ts';
import { RequestFailed } from '../../connectors/errors.ts';
import type { Route } from '../core/status.ts';
import {
  findConnection,
  keepConfigured,
  listConnections,
  replaceSecret,
  type SealedSecrets,
  type StoredConnection,
  sealedSecrets,
} from '../store/connection.ts';
import { type Queryable, type Scope, transaction } from '../store/database.ts';
import { openSecret, type SecretKey, SecretUnreadable, sealSecret } from '../store/seal-secret.ts';
import { demoUserName } from '../store/workspace.ts';
import { ActionRefused } from './plan-desk.ts';
import { shareConnection } from './share-connection.ts';
import { secretAt, withSecrets } from './split-secrets.ts';

/** A connection that can be asked. */
export type OpenedConnection = { readonly name: string; readonly type: string; readonly vendor: string } & (
  | { readonly side: 'crm'; readonly connector: CrmConnector }
  /** `folder`: where upload files go, for kinds that take them. */
  | { readonly side: 'licenses'; readonly connector: LicenseConnector; readonly folder?: UploadFolder }
);

/** Settings of one connection, secrets filled in, as its kind's schema has found them. */
export interface KnownSettings {
  readonly name: string;
  readonly type: string;
}

/** Where a refresh token is kept that several processes use (RefreshTokenKeeper in connectors/keep-refresh-token.ts). */
export interface SharedToken {
  read(): Promise<string>;
  write(token: string): Promise<void>;
  turn<Value>(work: (keeper: Pick<SharedToken, 'read' | 'write'>) => Promise<Value>): Promise<Value>;
}

export interface ConnectionKind {
  readonly type: string;
  readonly side: 'crm' | 'licenses';
  readonly vendor: string;
  /** Which CRM its people are users of; null where it reads licenses, or does not say. */
  readonly crm: string | null;
  /** How plans that go over it change LinkedIn; null: none can. */
  readonly route: Route | null;
  /** Whether it can be made here; else in the configuration file alone. */
  readonly storable: boolean;
  /** Whether the vendor may give a new refresh token with each use: one is then tested where its successor is kept. */
  readonly replacesTokens: boolean;
  /** JSON Schema of its settings; what is secret is `writeOnly`. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** Fields that are secret, as auth.clientSecret. */
  readonly secretFields: readonly string[];
}

export interface SettingsFault {
  /** As auth.clientId. */
  readonly at: string;
  readonly fault: string;
}

/** What goes to the vendor with an admin, and is compared when they come back. */
export interface SignInState {
  readonly redirectUri: string;
  readonly state: string;
  /** PKCE (RFC 7636). */
  readonly verifier: string;
}

/** An admin agrees at the vendor, in the place of a refresh token that somebody types. */
export interface VendorSignIn {
  /** Where the admin goes. Throws TypeError for an address that may not be used. */
  begin(known: KnownSettings, sent: SignInState): URL;
  /** The settings with the refresh token that came back. Throws ConnectionUnusable. */
  finish(known: KnownSettings, sent: SignInState, callback: URL, signal: AbortSignal): Promise<KnownSettings>;
  /** Ends the refresh token at the vendor, where it lets us. Resolves to what became of it; null: nothing was there to end. Never throws. */
  end(known: KnownSettings, signal: AbortSignal): Promise<string | null>;
}

/** A request as it arrived, under the public address. */
export interface SignedCall {
  readonly method: string;
  readonly url: string;
  readonly body: Uint8Array;
  readonly signature: string | undefined;
  readonly timestamp: string | undefined;
}

/** How HubSpot signs what its panel asks. */
export interface HubSpotSigning {
  /** Null: the app with this secret, and HubSpot for it, signed this within five minutes of now. */
  faultOf(call: SignedCall, clientSecret: string, now: number): string | null;
  /** Whom a signed address names; null: nobody, or two. */
  callerOf(url: string): { readonly portalId: string; readonly userId: string } | null;
}

/** What is known of vendors, as parameters: this room imports no connector. */
export interface ConnectionKinds {
  readonly kinds: readonly ConnectionKind[];
  /** Settings with their secrets, checked by their kind's schema; or everything that is wrong with them. */
  parse(settings: object): { readonly known: KnownSettings } | { readonly faults: readonly SettingsFault[] };
  /**
   * Throws TypeError for settings that cannot work, with a sentence.
   * @param token in the place of the settings' refresh token
   * @param lastOrigin the org or portal that answered before, for what is said to a person
   * @param shared what all openings of this connection have together
   */
  connect(known: KnownSettings, token: SharedToken | null, lastOrigin?: string, shared?: SharedState): OpenedConnection;
  /** Whether such a connection lists people, so that it can be compared. */
  lists(type: string, settings: Readonly<Record<string, unknown>>): boolean;
  readonly signIn: VendorSignIn;
  readonly hubSpotSigning: HubSpotSigning;
  /** Those of the configuration file, or what is wrong with it. Null: there is none. */
  configured(): ConfiguredConnections | { readonly fault: string } | null;
}

export interface ConfiguredConnections {
  readonly known: readonly KnownSettings[];
  /** Those that lack a secret, as the file writes them: the others go on. */
  readonly lacking: readonly { readonly written: KnownSettings; readonly sentence: string }[];
}

export interface ConnectionDesk extends ConnectionKinds {
  readonly pool: pg.Pool;
  /** Null: secrets cannot be kept. */
  readonly key: SecretKey | null;
  /** Whether the simulated systems of the demo are there. */
  readonly isDemo: boolean;
}

/** A connection that cannot be asked as things are. `sentence` says what to do. */
export class ConnectionUnusable extends Error {
  override readonly name = 'ConnectionUnusable';
  readonly sentence: string;
  constructor(sentence: string, options?: ErrorOptions) {
    super(sentence, options);
    this.sentence = sentence;
  }
}

/** Throws ActionRefused for a word that is no kind of connection. */
export function kindOf(desk: ConnectionKinds, type: string): ConnectionKind {
  const kind = desk.kinds.find((one) => one.type === type);
  if (kind === undefined)
    throw new ActionRefused(
      'not-possible',
      `“${type}” is no kind of connection. There are ${desk.kinds.map((one) => one.type).join(', ')}.`,
    );
  return kind;
}

/** All connections, those of the configuration file among them, and what is wrong with that file. */
export async function knownConnections(
  desk: ConnectionDesk,
  scope: Scope,
): Promise<{
  readonly rows: readonly StoredConnection[];
  readonly fault: string | null;
  /** What single ones of the file lack, in sentences by their names. */
  readonly lacking: ReadonlyMap<string, string>;
}> {
  const configured = desk.configured();
  const known = writtenIn(configured);
  const before = await listConnections(desk.pool, scope);
  const isKept = ({ name, type }: KnownSettings) => before.some((row) => row.name === name && (!row.fromFile || row.type === type));
  const lacking = known.filter((one) => !isKept(one));
  if (lacking.length > 0) await keepConfigured(desk.pool, scope, lacking);
  const rows = lacking.length > 0 ? await listConnections(desk.pool, scope) : before;
  const names = new Set(known.map(({ name }) => name));
  const twice = rows.find(({ name, fromFile }) => !fromFile && names.has(name));
  return {
    rows: rows.filter(({ name, fromFile }) => !fromFile || names.has(name)),
    fault:
      configured !== null && 'fault' in configured
        ? configured.fault
        : twice === undefined
          ? null
          : `The file names a connection “${twice.name}”, and one of that name was made here. Give one of them another name.`,
    lacking: new Map(
      configured !== null && 'known' in configured ? configured.lacking.map(({ written: { name }, sentence }) => [name, sentence]) : [],
    ),
  };
}

/** All that the file names, whatever secrets they lack. */
export const writtenIn = (configured: ReturnType<ConnectionKinds['configured']>): readonly KnownSettings[] =>
  configured !== null && 'known' in configured ? [...configured.known, ...configured.lacking.map(({ written }) => written)] : [];

/** Whether it leads to a system of the demo. */
export const isSimulated = ({ createdBy }: Pick<StoredConnection, 'createdBy'>): boolean => createdBy === demoUserName;

/** Opens a connection: nothing is sent yet. Throws ConnectionUnusable. */
export async function openConnection(desk: ConnectionDesk, scope: Scope, id: string): Promise<OpenedConnection> {
  const stored = await findConnection(desk.pool, scope, id);
  if (stored === null) throw new ConnectionUnusable('This connection was deleted. Choose another one.');
  const { known, token } = await knownSettings(desk, desk.pool, scope, stored);
  return openKnown(desk, scope, stored, known, token);
}

/** The same of settings that are at hand. Throws ConnectionUnusable. */
export async function openKnown(
  desk: ConnectionDesk,
  scope: Scope,
  { id, changedAt, origin }: StoredConnection,
  known: KnownSettings,
  token: SharedToken | null,
): Promise<OpenedConnection> {
  const shared = await shareConnection(desk.pool, desk.key, scope, { id, known, signedInAt: changedAt });
  return connectOr(desk, known, token, origin?.id, shared);
}

/** Everything that a connection is made of, what is secret too. Throws ConnectionUnusable where it cannot be asked as things are. */
export async function knownSettings(
  desk: ConnectionDesk,
  db: Queryable,
  scope: Scope,
  stored: StoredConnection,
): Promise<{ readonly known: KnownSettings; readonly token: SharedToken | null }> {
  const { id } = stored;
  // Its port may be anybody's by now.
  if (isSimulated(stored) && !desk.isDemo)
    throw new ConnectionUnusable(
      `${stored.name} is a simulated system of the demo, which does not run here. Delete it, or start the demo.`,
    );
  if (stored.fromFile) return { known: configuredOf(desk, stored.name), token: null };
  const sealed = await sealedSecrets(db, scope, id);
  const secrets = openAll(desk, scope, id, sealed ?? { secrets: {}, keyId: null });
  const read = desk.parse(withSecrets({ ...stored.settings, name: stored.name, type: stored.type }, secrets));
  if ('faults' in read)
    throw new ConnectionUnusable(`The settings of ${stored.name} cannot be used any more: ${read.faults[0]!.at} ${read.faults[0]!.fault}.`);
  return { known: read.known, token: 'auth.refreshToken' in secrets ? sharedToken(desk, scope, id, 'auth.refreshToken') : null };
}

function configuredOf(desk: ConnectionDesk, name: string): KnownSettings {
  const configured = desk.configured();
  if (configured !== null && 'fault' in configured) throw new ConnectionUnusable(configured.fault);
  const found = configured?.known.find((one) => one.name === name);
  const lacks = configured?.lacking.find(({ written }) => written.name === name);
  if (lacks !== undefined) throw new ConnectionUnusable(lacks.sentence);
  if (found === undefined) throw new ConnectionUnusable(`The configuration file has no connection “${name}” any more.`);
  return found;
}

/** The same with settings that are at hand. Throws ConnectionUnusable. */
export function connectOr(
  desk: ConnectionKinds,
  known: KnownSettings,
  token: SharedToken | null,
  lastOrigin?: string,
  shared?: SharedState,
): OpenedConnection {
  try {
    return desk.connect(known, token, lastOrigin, shared);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new ConnectionUnusable(`${error.message.replace(/[^.]$/u, '$&.')} Correct the settings of ${known.name}.`, { cause: error });
  }
}

/** All secrets of a connection, opened. Throws ConnectionUnusable. */
export function openAll(
  desk: ConnectionDesk,
  scope: Scope,
  id: string,
  { secrets, keyId }: SealedSecrets,
): Readonly<Record<string, string>> {
  const names = Object.keys(secrets);
  if (names.length === 0) return {};
  const key = keyOf(desk);
  try {
    return Object.fromEntries(
      names.map((field) => [field, openSecret(key, { workspaceId: scope.workspaceId, connectionId: id, field }, secrets[field]!)]),
    );
  } catch (error) {
    if (!(error instanceof SecretUnreadable)) throw error;
    throw new ConnectionUnusable(
      keyId === key.id
        ? 'The stored secrets of this connection were changed and cannot be opened. Type them in again.'
        : 'The secrets of this connection were sealed with another key. Give the server that key (SEATMATCH_SECRET_KEY), or type the secrets in again.',
      { cause: error },
    );
  }
}

/** Throws ConnectionUnusable where there is none. */
export function keyOf({ key }: ConnectionDesk): SecretKey {
  if (key !== null) return key;
  throw new ConnectionUnusable(
    'This server has no key to seal secrets with. Set SEATMATCH_SECRET_KEY (32 bytes, as openssl rand -base64 32 makes them) or SEATMATCH_SECRET_KEY_FILE, and start it again.',
  );
}

export const sealAll = (
  key: SecretKey,
  scope: Scope,
  connectionId: string,
  secrets: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(secrets).map(([field, text]) => [field, sealSecret(key, { workspaceId: scope.workspaceId, connectionId, field }, text)]),
  );

/** How long a process waits while another one of ours exchanges the token: longer than the exchange may take. */
const patienceMs = 150_000;

/** A refresh token in a connection's row. A turn holds the row: whoever comes meanwhile waits, and then reads the new token. */
function sharedToken(desk: ConnectionDesk, scope: Scope, id: string, field: string): SharedToken {
  const turn: SharedToken['turn'] = (work) =>
    transaction(desk.pool, async (client) => {
      await client.query(`set local lock_timeout = ${patienceMs}`);
      const sealed = await sealedSecrets(client, scope, id, true);
      const secrets = sealed && openAll(desk, scope, id, sealed);
      return work({
        async read() {
          const token = secrets && secretAt(secrets, field);
          // The connection was deleted, or given another way to sign in.
          if (!token) throw new RequestFailed('unauthorized', 'access token');
          return token;
        },
        async write(token) {
          const place = { workspaceId: scope.workspaceId, connectionId: id, field };
          await replaceSecret(client, scope, id, field, sealSecret(keyOf(desk), place, token));
        },
      });
    });
  return { turn, read: () => turn(({ read }) => read()), write: (token) => turn(({ write }) => write(token)) };
}
