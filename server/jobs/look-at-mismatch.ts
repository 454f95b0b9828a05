import { actorLabels } from '../core/labels.ts';
import {
  changeOf,
  countLabels,
  type MismatchGroup,
  matchRate,
  type SeatPrice,
  sliceMismatch,
  sumMinutes,
  sumMismatch,
} from '../core/mismatch-report.ts';
import { minutesWithout } from '../core/rematch.ts';
import { agreementSentence, emailAloneSentence, reportAnswers, whileNotMatched } from '../core/report-words.ts';
import { type Actor, type ReportChange, type ReportDimension, reportChanges, reportDimensions } from '../core/status.ts';
import type { Queryable, Scope } from '../store/database.ts';
import {
  type ChangedPerson,
  changedPeople,
  findReview,
  groupMismatch,
  mismatchTrend,
  type ReportedRepair,
  type ReportFilter,
  reportedRepairs,
} from '../store/mismatch-report.ts';
import { doneReconciliations, type StoredReconciliation } from '../store/reconciliation.ts';
import { readSettings } from '../store/setting.ts';
import { ActionRefused } from './plan-desk.ts';

const trendRuns = 60;

/** What a value of a dimension is called; '' where it has no name. */
function labeller(groups: readonly MismatchGroup[], run: StoredReconciliation | null, crmName: string) {
  const reasons = new Map<string, Map<string, number>>();
  for (const { reason, label, people } of groups) {
    const labels = reasons.get(reason) ?? new Map<string, number>();
    reasons.set(reason, labels.set(label, (labels.get(label) ?? 0) + people));
  }
  const causes = new Map(run?.summary?.rootCauses.map(({ id, title }) => [id, title]));
  return (by: ReportDimension, value: string): string => {
    switch (by) {
      case 'actor':
        return actorLabels[value as Actor];
      case 'rootCause':
        return causes.get(value) ?? value;
      case 'crm':
        return value === run?.request.crm ? crmName : value;
      case 'reason': {
        const labels = reasons.get(value);
        const [only] = labels?.keys() ?? [];
        // A reason whose people have several labels is named by itself: `email-differs` is "Email differs".
        if (labels?.size === 1 && only !== undefined) return only;
        return `${value[0]!.toUpperCase()}${value.slice(1).replaceAll('-', ' ').replace('crm', 'CRM')}`;
      }
      default:
        return value;
    }
  };
}

/** The report's numbers cut by one thing, with what each part is called. */
export async function sliceReport(db: Queryable, scope: Scope, filter: ReportFilter, now: string) {
  const [[run], { settings }, all] = await Promise.all([
    doneReconciliations(db, scope, 1),
    readSettings(db, scope),
    groupMismatch(db, scope, now),
  ]);
  const crmName = run?.crmName ?? settings.crmName;
  const groups = all.filter((group) =>
    (['team', 'manager', 'crm'] as const).every((name) => filter[name] === undefined || group[name] === filter[name]),
  );
  const label = labeller(all, run ?? null, crmName);
  const slices = (by: ReportDimension, of: readonly MismatchGroup[] = groups) =>
    sliceMismatch(of, by, settings.seatPrice).map((slice) => ({ ...slice, label: label(by, slice.value) }));
  return { run: run ?? null, settings, crmName, all, groups, slices, sum: sumMismatch(groups, settings.seatPrice) };
}

/** Two comparisons that are done, by their numbers; without one, those that somebody's review stands between. Throws ActionRefused. */
export async function twoRuns(
  db: Queryable,
  scope: Scope,
  asked: { readonly from?: number | undefined; readonly to?: number | undefined },
  actorId: string | null,
): Promise<{ readonly from: StoredReconciliation; readonly to: StoredReconciliation } | null> {
  const done = await doneReconciliations(db, scope, 1_000);
  const numbered = (number: number): StoredReconciliation => {
    const run = done.find((one) => one.number === number);
    if (!run) throw new ActionRefused('not-found', `There is no finished run ${number} here. Choose another one.`);
    return run;
  };
  const to = asked.to === undefined ? done[0] : numbered(asked.to);
  if (!to) return null;
  if (asked.from !== undefined) return { from: numbered(asked.from), to };
  const review = actorId === null ? null : await findReview(db, scope, actorId);
  const reviewed = review && done.find(({ number }) => number === review.run && number <= to.number);
  // Whoever never said that they looked is told what the last run changed.
  const from = reviewed ?? done.find(({ number }) => number < to.number);
  return from ? { from, to } : null;
}

export interface ReportChanged extends ChangedPerson {
  readonly change: ReportChange;
}

/** What changed between two comparisons, whichever of the two is the earlier one. */
export async function changesBetween(
  db: Queryable,
  scope: Scope,
  runs: { readonly from: StoredReconciliation; readonly to: StoredReconciliation },
  filter: ReportFilter & { readonly change?: ReportChange | undefined },
): Promise<{ rows: ReportChanged[]; counts: Record<ReportChange, number> }> {
  if (runs.from.number > runs.to.number) throw new ActionRefused('not-possible', 'The first run must be the earlier one. Swap the two.');
  const all = (await changedPeople(db, scope, runs.from.number, runs.to.number)).flatMap((person): ReportChanged[] => {
    const change = changeOf(person);
    const isChosen = (['team', 'manager'] as const).every((name) => filter[name] === undefined || person[name] === filter[name]);
    return change !== null && isChosen ? [{ ...person, change }] : [];
  });
  const counts = Object.fromEntries(reportChanges.map((change) => [change, 0])) as Record<ReportChange, number>;
  for (const { change } of all) counts[change]++;
  return { rows: filter.change === undefined ? all : all.filter(({ change }) => change === filter.change), counts };
}

/** How a repair stands: proven, believed, under way, or ended otherwise. */
const endOf = ({ ended }: ReportedRepair): 'repaired' | 'agrees' | 'running' | 'other' => {
  if (ended === null) return 'running';
  return ended === 'repaired' ? 'repaired' : ended === 'emails-agree' ? 'agrees' : 'other';
};

/** Repairs of emails: neither a license that was passed on, nor one that was taken. */
export const repairsAlone = (repairs: readonly ReportedRepair[]): ReportedRepair[] => repairs.filter(({ purpose }) => !purpose);

function sumRepairs(repairs: readonly ReportedRepair[], now: string) {
  const own = repairsAlone(repairs);
  const proven = own.filter(({ mode, ended }) => mode === 'email-first' && (ended === 'repaired' || ended === 'full-offered'));
  const emailAlone = { enough: proven.filter(({ ended }) => ended === 'repaired').length, of: proven.length };
  return {
    emailAlone: { ...emailAlone, sentence: emailAloneSentence(emailAlone) },
    minutes: sumMinutes(repairs.map((repair) => minutesWithout(repair, now))),
    by: [...Map.groupBy(own, ({ by }) => by)]
      .map(([by, of]) => {
        const count = (end: ReturnType<typeof endOf>): number => of.filter((one) => endOf(one) === end).length;
        return { by, repaired: count('repaired'), agrees: count('agrees'), running: count('running'), other: count('other') };
      })
      .toSorted((a, b) => b.repaired - a.repaired || a.by.localeCompare(b.by)),
    total: own.length,
  };
}

const rounded = <Sum extends { readonly cost: { perMonth: number; soFar: number; unpriced: number } | null }>(sum: Sum): Sum =>
  sum.cost === null
    ? sum
    : { ...sum, cost: { ...sum.cost, perMonth: Math.round(sum.cost.perMonth * 100) / 100, soFar: Math.round(sum.cost.soFar * 100) / 100 } };

/** Everything that the page of the mismatch report says in numbers. */
export async function lookAtMismatch(db: Queryable, scope: Scope, filter: ReportFilter, actorId: string, now: string) {
  const { run, settings, crmName, all, groups, slices, sum } = await sliceReport(db, scope, filter, now);
  const [trend, repairs, review, runs, done] = await Promise.all([
    mismatchTrend(db, scope, filter, trendRuns),
    reportedRepairs(db, scope, filter),
    findReview(db, scope, actorId),
    twoRuns(db, scope, {}, actorId),
    doneReconciliations(db, scope, 100),
  ]);
  const shown = (one: StoredReconciliation) => ({ id: one.id, number: one.number, at: one.asOf ?? one.createdAt });
  const agreement = run?.summary?.observedAgreement ?? { agreed: 0, of: 0 };
  const price: SeatPrice | null = settings.seatPrice;
  // What can be chosen is offered whatever is chosen already.
  const choices = (by: 'team' | 'manager' | 'crm') => slices(by, all).map(({ value, label }) => ({ value, label }));
  return {
    run: run && shown(run),
    runs: done.map(shown),
    crmName,
    answers: run
      ? reportAnswers({ sum, reasons: countLabels(groups), actors: slices('actor'), currency: price?.currency ?? null, crmName })
      : [],
    sum: rounded(sum),
    price,
    slices: Object.fromEntries(reportDimensions.map((by) => [by, slices(by).map(rounded)])) as Record<
      ReportDimension,
      ReturnType<typeof slices>
    >,
    choices: { team: choices('team'), manager: choices('manager'), crm: choices('crm') },
    trend: trend.map((point) => ({ ...point, rate: matchRate(point.matched, point.notMatched) })),
    review,
    changes: runs && { from: shown(runs.from), to: shown(runs.to), counts: (await changesBetween(db, scope, runs, filter)).counts },
    agreement: { ...agreement, sentence: agreementSentence(agreement) },
    repairs: sumRepairs(repairs, now),
    lost: whileNotMatched(crmName),
  };
}
