import { licenseStateOf, stepNames } from '../core/rematch.ts';
import type { ReconcileSettings } from '../core/settings.ts';
import type { Queryable, Scope } from '../store/database.ts';
import { lastRematches } from '../store/rematch.ts';

/** What a comparison is told of repairs: whose new email LinkedIn is still to show, and whose repair stopped. */
export async function repairsToTell(
  db: Queryable,
  scope: Scope,
): Promise<{ readonly waiting: ReconcileSettings['waiting']; readonly failed: ReconcileSettings['repairFailed'] }> {
  const last = await lastRematches(db, scope);
  return {
    // By the address too: where nobody has an id, the license is known by its email, and that is the new one now.
    waiting: last.flatMap(({ state }) =>
      state.step === 'wait' && state.ended === null && state.emailSeenAt !== null && state.waitUntil !== null
        ? [...new Set([state.licenseId, state.newEmail])].map((licenseId) => ({
            licenseId,
            since: state.emailSeenAt!.slice(0, 10),
            until: state.waitUntil!.slice(0, 10),
          }))
        : [],
    ),
    failed: last.flatMap(({ state }) =>
      state.ended === 'failed' || state.ended === 'conflict'
        ? [
            {
              licenseId: state.licenseId,
              step: stepNames[state.step],
              cause: state.cause ?? 'it did not work',
              licenseState: licenseStateOf(state),
              fix: state.ended === 'conflict' ? 'Look at both values and say which is right' : 'Look at what LinkedIn shows',
            },
          ]
        : [],
    ),
  };
}
