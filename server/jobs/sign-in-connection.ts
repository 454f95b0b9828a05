import { randomBytes } from 'node:crypto';
import {
  findConnection,
  insertConnection,
  listConnections,
  newConnectionId,
  sealedSecrets,
  updateConnection,
} from '../store/connection.ts';
import { insertSignIn, takeSignIn } from '../store/connection-sign-in.ts';
import { type Scope, transaction } from '../store/database.ts';
import { type ConnectionDesk, ConnectionUnusable, type KnownSettings, keyOf, kindOf, openAll, sealAll } from './connection-desk.ts';
import {
  type ConnectionAsked,
  nameTaken,
  newConnection,
  readChange,
  readSettings,
  refuseConfigured,
  refuseFixed,
} from './keep-connection.ts';
import { ActionRefused } from './plan-desk.ts';
import { splitSecrets, withSecrets } from './split-secrets.ts';

/**
 * An admin agrees at the vendor, and what comes back is a refresh token that nobody has to type. What goes there and comes back is bound to
 * the admin's session, is good once, and for ten minutes.
 */

const signInMs = 600_000;
const refreshToken = 'auth.refreshToken';
const verifierField = 'signIn.verifier';

export interface SignInAsked extends ConnectionAsked {
  /** Of the stored connection that it changes; null: a new one. */
  readonly id: string | null;
}

export interface SignInBy {
  readonly actor: string;
  /** The token of the session. */
  readonly session: string;
}

/** Where to send the admin. Throws SettingsRefused, ActionRefused or ConnectionUnusable. */
export async function beginSignIn(desk: ConnectionDesk, scope: Scope, asked: SignInAsked, redirectUri: string, by: SignInBy): Promise<URL> {
  const key = keyOf(desk);
  const { secretFields, vendor } = kindOf(desk, asked.type);
  if (!secretFields.includes(refreshToken)) throw new ActionRefused('not-possible', `${vendor} has no sign-in. Type its access in.`);
  const known = await settingsToCome(desk, scope, asked);
  const { name, type, ...rest } = known;
  const { settings, secrets } = splitSecrets(rest, secretFields);
  const { [refreshToken]: _, ...kept } = secrets;
  const connectionId = asked.id ?? newConnectionId();
  // Both at least as long as RFC 7636 §4.1 and RFC 6749 §10.10 want them.
  const [state, verifier] = [randomBytes(32).toString('base64url'), randomBytes(32).toString('base64url')];
  const url = orSay(() => desk.signIn.begin(known, { redirectUri, state, verifier }));
  const sealed = sealAll(key, scope, connectionId, { ...kept, [verifierField]: verifier });
  const pending = { connectionId, isNew: asked.id === null, name, type, settings, secrets: sealed, redirectUri };
  await transaction(desk.pool, (client) =>
    insertSignIn(client, scope, by.actor, pending, { state, session: by.session, expiresAt: new Date(Date.now() + signInMs) }),
  );
  return url;
}

/** The settings as they will be, with a word in the place of the token that is to come. */
async function settingsToCome(desk: ConnectionDesk, scope: Scope, asked: SignInAsked): Promise<KnownSettings> {
  const whole = { ...asked, settings: withSecrets(asked.settings, { [refreshToken]: 'to come' }) };
  if (asked.id === null) {
    refuseConfigured(desk, asked.name);
    if ((await listConnections(desk.pool, scope)).some(({ name }) => name === asked.name)) throw nameTaken(asked.name);
    return readSettings(desk, whole, whole.settings);
  }
  const [before, sealed] = await Promise.all([findConnection(desk.pool, scope, asked.id), sealedSecrets(desk.pool, scope, asked.id)]);
  if (before === null || sealed === null || before.type !== asked.type) throw gone();
  refuseFixed(before);
  return readChange(desk, whole, before.settings, () => openAll(desk, scope, before.id, sealed));
}

/**
 * Stores the connection that the admin agreed to, and returns its id. Throws ActionRefused where the sign-in did not begin in this session, was
 * used or is too old, and ConnectionUnusable with the vendor's reason.
 * @param query of the address that the vendor sent the admin back to
 */
export async function finishSignIn(desk: ConnectionDesk, scope: Scope, query: string, by: SignInBy, signal: AbortSignal): Promise<string> {
  const search = new URLSearchParams(query);
  const state = search.get('state') ?? '';
  // It began at the vendor, as with the install button of an app's own page. Whoever it was that agreed there is not shown to be this admin.
  if (state === '')
    throw new ActionRefused(
      'not-now',
      'This began at the vendor and not here, so nothing shows that it was you who agreed, and nothing was connected. Begin it under Connections: New connection, or Sign in again at the one that is there. The vendor then asks once more.',
    );
  // Used up before anything else: whatever comes of it, it is good once.
  const pending = await takeSignIn(desk.pool, scope, state, by.session);
  if (pending === null)
    throw new ActionRefused(
      'not-now',
      'This sign-in was used already, is older than ten minutes, or began in another browser. Begin it again under Connections.',
    );
  const { connectionId: id, name, type, redirectUri } = pending;
  const { [verifierField]: verifier = '', ...secrets } = openAll(desk, scope, id, { secrets: pending.secrets, keyId: keyOf(desk).id });
  const read = desk.parse({ ...withSecrets(pending.settings, { ...secrets, [refreshToken]: 'to come' }), name, type });
  if ('faults' in read) throw gone();
  const callback = new URL(redirectUri);
  callback.search = search.toString();
  const known = await desk.signIn.finish(read.known, { redirectUri, state, verifier }, callback, signal);
  const made = newConnection(desk, scope, id, known);
  await transaction(desk.pool, async (client) => {
    if (pending.isNew) {
      if (!(await insertConnection(client, scope, by.actor, made))) throw nameTaken(name);
    } else {
      // Whoever exchanges the token of before is waited for: what it brings must not take the place of this one.
      if ((await sealedSecrets(client, scope, id, true)) === null) throw gone();
      await updateConnection(client, scope, by.actor, made);
    }
  });
  return id;
}

function orSay<Value>(work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new ConnectionUnusable(error.message, { cause: error });
  }
}

const gone = () => new ActionRefused('not-found', 'This connection is not here (any more).');
