import type pg from 'pg';
import { type AlertFacts, nextAlert, type OpenAlert, type SeenAlert, type WatchedKind, watch, watchedKinds } from '../core/alerts.ts';
import { assignmentsLeft } from '../core/guard-ledger.ts';
import { endAlarm, listAlarmHistory, noteGone, raiseAlarm, type StoredAlarm } from '../store/alarm.ts';
import { comparedForAlerts, watchedContracts } from '../store/alert-facts.ts';
import { listConnections, type StoredConnection } from '../store/connection.ts';
import { type Scope, transaction } from '../store/database.ts';
import type { Engine } from '../store/engine.ts';
import { readSettings } from '../store/setting.ts';
import { monthLedger } from './month-ledger.ts';

export interface AlertDesk {
  readonly pool: pg.Pool;
  readonly engine: Pick<Engine, 'send'>;
  readonly now: () => Date;
}

const isWatched = (alarm: StoredAlarm): alarm is StoredAlarm & { readonly kind: WatchedKind } => alarm.kind in watchedKinds;
const nameOf = ({ kind, subject }: Pick<OpenAlert, 'kind' | 'subject'>) => `${kind} ${subject}`;

/** Looks at every contract: raises what holds, ends what is over, and tells of each once. Any number of processes may do so. */
export async function lookAtAlerts(desk: AlertDesk): Promise<void> {
  for (const scope of await watchedContracts(desk.pool)) await lookAtContract(desk, scope);
}

/** The same of one contract. */
export function lookAtContract({ pool, engine, now }: AlertDesk, scope: Scope): Promise<void> {
  const at = now().toISOString();
  return transaction(pool, async (tx) => {
    // Two looks at once would both find that nobody was told.
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('alerts ' || $1, 0))`, [scope.contractId]);
    const open = (await listAlarmHistory(tx, scope, 0)).filter(isWatched);
    const known = await readSettings(tx, scope);
    const { alerts } = known.settings;
    const facts = await factsOf(tx, scope, open, known, at);
    const seen = new Map(watch(facts, alerts, open).map((alert) => [nameOf(alert), alert]));
    for (const name of new Set([...open.map(nameOf), ...seen.keys()])) {
      const before = open.find((alarm) => nameOf(alarm) === name) ?? null;
      await settle(tx, engine, scope, before, seen.get(name) ?? null, at, alerts.debounceMinutes * 60_000);
    }
  });
}

async function settle(
  tx: pg.PoolClient,
  engine: Pick<Engine, 'send'>,
  scope: Scope,
  before: StoredAlarm | null,
  seen: SeenAlert | null,
  at: string,
  debounceMs: number,
): Promise<void> {
  const state = before && {
    since: Date.parse(before.since),
    told: before.mailedAt !== null,
    goneSince: before.goneSince === null ? null : Date.parse(before.goneSince),
  };
  const after = nextAlert(state, seen !== null, Date.parse(at), debounceMs);
  if (seen !== null) {
    const mail = after.notice === 'raised' ? 'now' : 'later';
    await raiseAlarm(tx, engine, scope, { ...seen, level: 'watch', since: before?.since ?? at, mail });
    return;
  }
  // Nobody sees what came and went before anybody was told.
  if (before !== null && after.state === null) await endAlarm(tx, engine, scope, before.kind, before.subject);
  else if (before !== null && before.goneSince === null) await noteGone(tx, scope, before.id, at);
}

async function factsOf(
  tx: pg.PoolClient,
  scope: Scope,
  open: readonly OpenAlert[],
  known: Awaited<ReturnType<typeof readSettings>>,
  now: string,
): Promise<AlertFacts> {
  const openRuns = open.flatMap(({ kind, subject }) => (kind === 'not-matched' ? [subject] : []));
  return {
    now,
    ...(await comparedForAlerts(tx, scope, openRuns)),
    connections: (await listConnections(tx, scope)).map(healthOf),
    staleAfterDays: known.settings.limits.staleAfterDays,
    assignmentsLeft: assignmentsLeft(await monthLedger(tx, scope, known, now), 0, now),
  };
}

/** A connection without its access, its rights or its own org cannot be read; what else a test says is no reason to call anybody. */
function healthOf({ id, name, settings, check }: StoredConnection): AlertFacts['connections'][number] {
  const { auth } = settings as { readonly auth?: { readonly endsAt?: unknown } };
  const endsAt = typeof auth?.endsAt === 'string' ? auth.endsAt : null;
  const bad = check?.lines.find(
    ({ what, verdict }) =>
      verdict === 'bad' && (['access', 'origin', 'rights'].includes(what) || (what === 'token-end' && endsAt === null)),
  );
  return { id, name, endsAt, wrong: bad?.sentence ?? null };
}
