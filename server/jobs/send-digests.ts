import type pg from 'pg';
import { digestDue } from '../core/digest-due.ts';
import { reportDigestMessage } from '../core/messages.ts';
import type { ReportChange } from '../core/status.ts';
import { watchedContracts } from '../store/alert-facts.ts';
import { type Scope, transaction } from '../store/database.ts';
import type { Engine } from '../store/engine.ts';
import { queueMail } from '../store/mail.ts';
import { findReview, saveReview } from '../store/mismatch-report.ts';
import { doneReconciliations } from '../store/reconciliation.ts';
import { markReminded } from '../store/reminder.ts';
import { readSettings } from '../store/setting.ts';
import { changesBetween, sliceReport } from './look-at-mismatch.ts';

export interface DigestDesk {
  readonly pool: pg.Pool;
  readonly engine: Pick<Engine, 'send'>;
  readonly now: () => Date;
}

/** Who has looked where no person has: up to which run the last digest told. */
const reader = 'digest';

/** What somebody who answers for Sales Navigator wants to hear of. */
const told: readonly ReportChange[] = ['new', 'came-back', 'repaired', 'left'];

/** Sends each contract's digest that is due: what changed since the last one, once a day at most, and nothing where nothing changed. */
export async function sendDigests(desk: DigestDesk): Promise<void> {
  for (const scope of await watchedContracts(desk.pool)) await sendDigest(desk, scope);
}

async function sendDigest({ pool, engine, now }: DigestDesk, scope: Scope): Promise<void> {
  const at = now().toISOString();
  const digest = (await readSettings(pool, scope)).settings.reportDigest;
  const day = digest && digestDue(digest, at);
  if (!digest || !day || digest.recipients.length === 0) return;
  const done = await doneReconciliations(pool, scope, 1_000);
  const latest = done[0];
  if (!latest) return;
  const last = await findReview(pool, scope, reader);
  const from = done.find(({ number }) => number === last?.run);
  // The first one tells nothing: from here on what changes is news.
  if (!from) {
    await saveReview(pool, scope, { actor: reader, run: latest.number, at });
    return;
  }
  if (from.number === latest.number) return;
  const { counts, rows } = await changesBetween(pool, scope, { from, to: latest }, {});
  const { sum, settings } = await sliceReport(pool, scope, {}, at);
  await transaction(pool, async (tx) => {
    if (!(await markReminded(tx, scope, { subject: day, kind: 'report-digest', day: 0 }, at))) return;
    await saveReview(tx, scope, { actor: reader, run: latest.number, at });
    if (told.every((change) => counts[change] === 0)) return;
    for (const address of digest.recipients)
      await queueMail(tx, engine, scope, {
        kind: 'reminder',
        to: { address },
        ...reportDigestMessage({
          name: null,
          changes: told.flatMap((change) => {
            const names = rows.filter((row) => row.change === change).map(({ name, key }) => name || key);
            return names.length === 0 ? [] : [{ change, names }];
          }),
          notMatched: sum.notMatched,
          licenses: sum.licenses,
          cost: sum.cost && settings.seatPrice ? { perMonth: sum.cost.perMonth, currency: settings.seatPrice.currency } : null,
          href: `/report?from=${from.number}`,
        }),
      });
  });
}
