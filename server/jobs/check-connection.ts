import type { CheckLine, Origin } from '../../connectors/connector.ts';
import { RequestFailed } from '../../connectors/errors.ts';
import { guardOrg } from '../core/guard-read.ts';
import { withTypedIn } from '../core/licenses-typed-in.ts';
import { writeAudit } from '../store/audit.ts';
import { findConnection, noteCheck, sealedSecrets } from '../store/connection.ts';
import { type Scope, transaction } from '../store/database.ts';
import { readSettings as readContractSettings } from '../store/setting.ts';
import {
  type ConnectionDesk,
  ConnectionUnusable,
  connectOr,
  type KnownSettings,
  kindOf,
  type OpenedConnection,
  openAll,
  openConnection,
} from './connection-desk.ts';
import { type ConnectionAsked, readChange, readSettings, refuseFixed } from './keep-connection.ts';
import { monthLedger } from './month-ledger.ts';
import { ActionRefused } from './plan-desk.ts';

/** What a check found. */
export interface Checked {
  readonly lines: readonly CheckLine[];
  /** Who answered; null where nobody did, or where that has no name. */
  readonly origin: Origin | null;
}

/** Asks a connection what it can do, keeps the answer, and pins who answered the first good one. */
export async function checkConnection(
  desk: ConnectionDesk,
  scope: Scope,
  id: string,
  { by, now, signal }: { readonly by: string; readonly now: Date; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  const before = await findConnection(desk.pool, scope, id);
  if (before === null) throw new ActionRefused('not-found', 'This connection is not here (any more).');
  const { lines, origin } = await lookAt(() => openConnection(desk, scope, id), signal);
  await transaction(desk.pool, async (client) => {
    const row = await findConnection(client, scope, id);
    // Deleted meanwhile, or another one by now: this says nothing of it.
    if (row === null || row.changedAt !== before.changedAt) return;
    const other = row.origin && origin && guardOrg(kindOf(desk, row.type).vendor, { pinned: row.origin.id, seen: origin.id });
    const found = other ? [...lines.filter(({ what }) => what !== 'origin'), otherOrg(other)] : lines;
    const known = await readContractSettings(client, scope);
    const told = withTypedIn(found, {
      freeLicenses: known.settings.freeLicenses,
      ledger: await monthLedger(client, scope, known, now.toISOString()),
      changed: known.changed,
    });
    await noteCheck(client, scope, id, { at: now.toISOString(), lines: told, pin: isGood(told) ? origin : null });
    await writeAudit(client, scope.workspaceId, {
      actor: by,
      action: 'connection checked',
      subject: id,
      detail: { good: isGood(told), origin: origin?.id ?? null, pinned: row.origin === null && isGood(told) && origin !== null },
    });
  });
}

/**
 * The same with settings that are not stored; nothing is kept. A refresh token may be good once, and the one that comes in its place would be
 * lost: such settings are refused with ActionRefused.
 * @param id of the stored connection that they are to change: secrets that are not given are taken from it
 */
export async function trySettings(
  desk: ConnectionDesk,
  scope: Scope,
  id: string | null,
  asked: ConnectionAsked,
  signal?: AbortSignal,
): Promise<Checked> {
  const known = id === null ? readSettings(desk, asked, asked.settings) : await readAnew(desk, scope, id, asked);
  const { auth } = known as { readonly auth?: { readonly refreshToken?: unknown } };
  if (kindOf(desk, known.type).replacesTokens && auth?.refreshToken !== undefined)
    throw new ActionRefused(
      'not-possible',
      'A refresh token may be good for one use, so it is tested where its successor is kept. Save the connection, then test it.',
    );
  return lookAt(async () => connectOr(desk, known, null), signal);
}

async function readAnew(desk: ConnectionDesk, scope: Scope, id: string, asked: ConnectionAsked): Promise<KnownSettings> {
  const [before, sealed] = await Promise.all([findConnection(desk.pool, scope, id), sealedSecrets(desk.pool, scope, id)]);
  if (before === null || sealed === null || before.type !== asked.type)
    throw new ActionRefused('not-found', 'This connection is not here (any more).');
  refuseFixed(before);
  return readChange(desk, asked, before.settings, () => openAll(desk, scope, id, sealed));
}

/** What has to be right before a connection is compared; a clock that is off, or a budget, is not among it. */
const needed: readonly CheckLine['what'][] = ['access', 'origin', 'rights'];
const isGood = (lines: readonly CheckLine[]): boolean => !lines.some(({ what, verdict }) => verdict === 'bad' && needed.includes(what));

async function lookAt(open: () => Promise<OpenedConnection>, signal: AbortSignal | undefined): Promise<Checked> {
  try {
    const opened = await open();
    const options = signal === undefined ? {} : { signal };
    const lines = await opened.connector.check(options);
    return { lines, origin: opened.side === 'crm' ? await originOf(opened.connector, options) : null };
  } catch (error) {
    const bad = (sentence: string): Checked => ({ lines: [{ what: 'access', verdict: 'bad', sentence }], origin: null });
    if (signal?.aborted) return bad('There was no whole answer within a minute. Check the address and the network, or try again later.');
    if (error instanceof ConnectionUnusable) return bad(error.sentence);
    throw error;
  }
}

/** What stands in its way is said by the check already. */
async function originOf(
  connector: Extract<OpenedConnection, { side: 'crm' }>['connector'],
  options: { readonly signal?: AbortSignal },
): Promise<Origin | null> {
  try {
    return await connector.origin(options);
  } catch (error) {
    if (error instanceof RequestFailed) return null;
    throw error;
  }
}

const otherOrg = ({ sentence, nextStep }: { readonly sentence: string; readonly nextStep: string }): CheckLine => ({
  what: 'origin',
  verdict: 'bad',
  sentence: `${sentence} ${nextStep}`,
});
