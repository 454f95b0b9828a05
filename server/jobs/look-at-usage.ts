import { statusLabels } from '../core/labels.ts';
import { daysIn } from '../core/read-period.ts';
import { type Status, statuses, type UsageView, type UseState, usageMetrics } from '../core/status.ts';
import { metricWords, sumUsage, type UsageGroup, type UsageSum } from '../core/usage.ts';
import type { Queryable, Scope } from '../store/database.ts';
import { doneReconciliations } from '../store/reconciliation.ts';
import { readSettings } from '../store/setting.ts';
import { currentUsageReports, groupUsage, type StoredUsageReport, usageTrend } from '../store/usage.ts';
import { ActionRefused } from './plan-desk.ts';

const count = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`;

/** A report as pages show it. */
export const toUsageReport = (report: StoredUsageReport) => ({
  id: report.id,
  name: report.name,
  from: report.from,
  to: report.to,
  days: daysIn(report),
  rows: report.rows,
  rejected: report.rejects.length,
  metrics: [...report.metrics],
  note: report.note,
  broughtBy: report.broughtBy,
  broughtAt: report.broughtAt,
  state: report.undone ? ('undone' as const) : report.isReplaced ? ('replaced' as const) : ('current' as const),
  undone: report.undone,
});

/** The report that is meant: the asked one among the current, else that of the newest period; null where there is none. Throws ActionRefused. */
export async function usageReportOf(
  db: Queryable,
  scope: Scope,
  asked: string | undefined,
): Promise<{ report: StoredUsageReport | null; reports: StoredUsageReport[] }> {
  const reports = await currentUsageReports(db, scope);
  const report = asked === undefined ? (reports[0] ?? null) : reports.find(({ id }) => id === asked);
  if (report === undefined)
    throw new ActionRefused('not-found', 'This usage report was undone, or a newer one stands in its place. Choose another period.');
  return { report, reports };
}

const empty: UsageSum = sumUsage([]);

function headlineOf(sum: UsageSum, strangers: number, crmName: string) {
  const one = (view: UsageView, label: string, n: number, sentence: string, nextStep: string | null) => ({
    view,
    label,
    count: n,
    sentence,
    nextStep: n === 0 ? null : nextStep,
  });
  const { byUse, matchedInactive, notMatchedActive } = sum;
  return [
    one(
      'not-matched-active',
      'Not Matched, yet active',
      notMatchedActive,
      `${count(notMatchedActive, 'person works', 'people work')} in Sales Navigator, and nothing of it is written back to ${crmName}.`,
      'Repair these first: their work is lost to the CRM every day.',
    ),
    one(
      'matched-inactive',
      'Matched, yet inactive',
      matchedInactive,
      matchedInactive === 0
        ? 'Nobody who syncs is known to have done nothing.'
        : `${count(matchedInactive, 'person syncs', 'people sync')}, and did nothing in the whole period.`,
      'Ask their manager: train them, or take the license back.',
    ),
    one(
      'inactive',
      'Inactive in all',
      byUse.inactive,
      `${count(byUse.inactive, 'license holder is', 'license holders are')} known to have done nothing in the period.`,
      'Look at Licenses: who is idle for longer is listed there.',
    ),
    one(
      'unknown',
      'Not known',
      byUse.unknown,
      `Of ${count(byUse.unknown, 'license holder', 'license holders')} the report says nothing. That is not zero: LinkedIn leaves people blank who have not finished onboarding.`,
      'Look at Invitations: whoever has not accepted cannot be active.',
    ),
    one(
      'stranger',
      'Only in the report',
      strangers,
      `${count(strangers, 'person of the report is', 'people of the report are')} not in the newest license list.`,
      'They may have left since. Compare with a newer export from Admin Center.',
    ),
  ];
}

/** Groups by one of their two names, the most people first. */
function groupsBy(groups: readonly UsageGroup[], by: 'team' | 'manager') {
  return [...Map.groupBy(groups, (group) => group[by])]
    .map(([name, own]) => {
      const { people, byUse, matchedInactive, notMatchedActive, metrics } = sumUsage(own);
      return { name, people, byUse, matchedInactive, notMatchedActive, daysActive: metrics.daysActive.average };
    })
    .toSorted((a, b) => b.people - a.people || a.name.localeCompare(b.name));
}

/** Everything that the page of usage says in numbers. Throws ActionRefused where the asked report is not current. */
export async function lookAtUsage(
  db: Queryable,
  scope: Scope,
  asked: { readonly report?: string | undefined; readonly team?: string | undefined; readonly manager?: string | undefined },
) {
  const [{ report, reports }, [run], { settings }] = await Promise.all([
    usageReportOf(db, scope, asked.report),
    doneReconciliations(db, scope, 1),
    readSettings(db, scope),
  ]);
  const crmName = run?.crmName ?? settings.crmName;
  const groups = report ? await groupUsage(db, scope, report.id) : [];
  const holders = groups.filter(({ status }) => status !== null);
  const strangers = groups.filter(({ status }) => status === null).reduce((sum, { people }) => sum + people, 0);
  const chosen = holders.filter(
    ({ team, manager }) => (asked.team === undefined || team === asked.team) && (asked.manager === undefined || manager === asked.manager),
  );
  const isChosen = asked.team !== undefined || asked.manager !== undefined;
  const sum = report ? sumUsage(chosen) : empty;
  return {
    report: report && toUsageReport(report),
    reports: reports.map(toUsageReport),
    warnings: report ? warningsOf(report, sum, holders.length > 0) : [],
    people: sum.people,
    headline: report ? headlineOf(sum, isChosen ? 0 : strangers, crmName) : [],
    byStatus: statuses
      .map((status) => ({ status, label: statusLabels[status], byUse: byUseOf(chosen, status) }))
      .filter(({ byUse }) => byUse.active + byUse.inactive + byUse.unknown > 0),
    byUse: { ...sum.byUse },
    metrics: usageMetrics.map((metric) => ({
      metric,
      ...metricWords[metric],
      inReport: report?.metrics.includes(metric) ?? false,
      ...sum.metrics[metric],
    })),
    teams: groupsBy(holders, 'team'),
    managers: groupsBy(holders, 'manager'),
    trend: report ? await usageTrend(db, scope) : [],
    crmName,
  };
}

const byUseOf = (groups: readonly UsageGroup[], status: Status): Record<UseState, number> => ({
  ...sumUsage(groups.filter((group) => group.status === status)).byUse,
});

function warningsOf(report: StoredUsageReport, sum: UsageSum, isCompared: boolean): string[] {
  const days = daysIn(report);
  const { average } = sum.metrics.daysActive;
  return [
    ...(isCompared
      ? []
      : ['Nothing was compared yet, so nobody of the report can be told apart. Bring a user list from Admin Center and one from the CRM.']),
    ...(average !== null && average > days
      ? [`People were active on ${average} days on average, and the period has ${days}. Look at its first and last day again.`]
      : []),
    ...(report.metrics.includes('daysActive')
      ? []
      : ['The report has no days active, so whoever searched for nothing and looked at nobody counts as inactive.']),
    ...(report.rejects.length > 0 ? [`${count(report.rejects.length, 'row', 'rows')} could not be used.`] : []),
  ];
}
