import { advanceRematch, isBetweenOffAndOn, type Rematch, type RematchEvent, rematchDueAt, rematchWording } from '../core/rematch.ts';
import { writeAudits } from '../store/audit.ts';
import type { Queryable, Scope } from '../store/database.ts';
import { moveRematches, type RematchMove, type StoredRematch } from '../store/rematch.ts';
import { hideRepairs, type ShownRepair, showRepairs } from '../store/repair-overlay.ts';

/** When, who, and what the contract is told: everything a move depends on beside the person's own state. */
export interface MoveContext {
  /** ISO 8601. */
  readonly at: string;
  readonly by: string;
  readonly crmName: string;
  readonly crmJobHours: number;
}

/**
 * Lets events happen to people, inside the caller's transaction: state, history, audit and what their findings show change together.
 * Returns everybody as they are now, in the order given; who did not move comes back as they were.
 */
export async function movePeople(
  client: Queryable,
  scope: Scope,
  people: readonly StoredRematch[],
  eventsOf: (rematch: StoredRematch) => readonly RematchEvent[],
  context: MoveContext,
): Promise<readonly StoredRematch[]> {
  const moves: RematchMove[] = [];
  const now = people.map((rematch) => {
    const happened: RematchEvent[] = [];
    let state = rematch.state;
    for (const event of eventsOf(rematch)) {
      const next = advanceRematch(state, event, context);
      if (next !== state) happened.push(event);
      state = next;
    }
    if (happened.length === 0) return rematch;
    moves.push({
      rematch,
      state,
      event: happened.map(({ kind }) => kind).join(', '),
      isNews: isNews(rematch.state, state),
      detail: { ...detailOf(happened), ...(state.ended === null ? {} : { ended: state.ended, cause: state.cause }) },
      dueAt: rematchDueAt(state),
      withoutLicenseSince: isBetweenOffAndOn(state) ? state.licenseOffAt : null,
    });
    return { ...rematch, state, version: rematch.version + 1, changedAt: context.at };
  });
  await moveRematches(client, scope, moves, context);
  await showMoved(
    client,
    scope,
    moves.filter((move) => move.isNews),
    context,
  );
  await writeAudits(
    client,
    scope.workspaceId,
    moves
      .filter(({ rematch, state }) => state.step !== rematch.state.step || state.ended !== rematch.state.ended)
      .map(({ rematch, state }) => ({
        actor: context.by,
        action: state.ended === null ? `rematch: ${state.step}` : `rematch ended: ${state.ended}`,
        subject: rematch.id,
        detail: { plan: rematch.planId, license: state.licenseId, from: rematch.state.step, cause: state.cause },
      })),
  );
  return now;
}

/** Whoever waits for days is read again and again: a read that shows what was known is kept for its age, and told nobody. */
function isNews(before: Rematch, after: Rematch): boolean {
  const told = ({ readAt, seen, ...rest }: Rematch): string => JSON.stringify(rest);
  return told(before) !== told(after);
}

/** What findings show of people who were just put into a plan, or whose repair moved. */
export async function showMoved(
  client: Queryable,
  scope: Scope,
  moves: readonly Pick<RematchMove, 'rematch' | 'state'>[],
  context: Pick<MoveContext, 'at' | 'crmName'>,
): Promise<void> {
  const isShown = ({ state }: Pick<RematchMove, 'state'>): boolean => state.ended === null || isBetweenOffAndOn(state);
  await hideRepairs(
    client,
    scope,
    moves.filter((move) => !isShown(move)).map(({ rematch }) => rematch.findingKey),
  );
  await showRepairs(
    client,
    scope,
    moves.filter(isShown).map(({ rematch, state }): ShownRepair => {
      const { reason, ...wording } = rematchWording(state, context.at, context.crmName, rematch.route);
      return {
        findingKey: rematch.findingKey,
        reason,
        variant: reason === 'being-repaired' && isBetweenOffAndOn(state) ? 'no-license' : null,
        waits: state.step === 'wait',
        ...wording,
      };
    }),
  );
}

/** The part of the events that is worth reading later. */
function detailOf(events: readonly RematchEvent[]): Record<string, unknown> {
  return Object.assign({}, ...events.map(({ kind, ...rest }) => ('account' in rest ? { ...rest, account: rest.account } : rest)));
}
