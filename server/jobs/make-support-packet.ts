import { type SupportFacts, supportPacket } from '../core/support-packet.ts';
import type { Queryable, Scope } from '../store/database.ts';
import { spansOf } from '../store/finding.ts';
import { observedAnswersOf } from '../store/observed-answer.ts';
import { findPlan, type StoredPlan } from '../store/plan.ts';
import { latestRun } from '../store/reconciliation.ts';
import { historyOfRematch, listRematches, type StoredRematch } from '../store/rematch.ts';
import { readSettings } from '../store/setting.ts';

/** Repairs of one person that are told of. */
const mostRepairs = 50;

/** The packet for LinkedIn support about one person: everything of them that is kept, and of nobody else. Null: no such license holder. */
export async function makeSupportPacket(
  db: Queryable,
  scope: Scope,
  key: string,
  now: Date,
): Promise<{ name: string; text: string } | null> {
  const run = await latestRun(db, scope);
  const spans = run ? await spansOf(db, scope, run, key) : [];
  const latest = spans[0];
  if (!latest?.finding.license) return null;
  const { rows } = await listRematches(db, scope, { findingKey: key }, { after: null, limit: mostRepairs });
  const { settings } = await readSettings(db, scope);
  const observed = await observedAnswersOf(db, scope, latest.finding.license.id);
  const repairs: SupportFacts['repairs'][number][] = [];
  for (const rematch of rows) {
    const plan = await findPlan(db, scope, rematch.planId);
    const events = await historyOfRematch(db, scope, rematch.id);
    const { oldEmail, newEmail, mode, ended, cause } = rematch.state;
    repairs.push({
      id: rematch.id,
      emails: [oldEmail, newEmail],
      mode,
      route: rematch.route,
      ended,
      cause,
      events: events.map(({ at, step, event }) => ({ at, step, event })),
      files: plan ? filesOf(plan, rematch) : [],
    });
  }
  return supportPacket({
    finding: latest.finding,
    crmName: settings.crmName,
    madeAt: now.toISOString(),
    timeline: spans.map(({ from, to, finding: { label, sentence } }) => ({ from, to, label, sentence })),
    observed,
    repairs,
  });
}

/** The files with a row of this person, and what LinkedIn said of that row. */
const filesOf = ({ plan, progress }: StoredPlan, { state }: StoredRematch): SupportFacts['repairs'][number]['files'] =>
  progress.files.flatMap(({ name, file, rows, log, outcomes }) => {
    const planned = plan.files[file]!;
    const row = rows.find((index) => planned.rows[index]?.licenseId === state.licenseId);
    if (row === undefined) return [];
    const outcome = outcomes[row];
    const message = outcome !== undefined && 'message' in outcome ? outcome.message : null;
    return [{ name, kind: planned.kind, states: log.map(({ at, state: reached }) => ({ at, state: reached })), message }];
  });
