import type { Alarm, Connection, Job, Overview, Panel, PanelTarget, PlanRow, RootCause, Schedule } from '../api.ts';
import { actorLabels, planStateLabels, toneOf } from '../core/labels.ts';
import type { Tone } from '../core/status.ts';
import { day } from '../core/wording.ts';
import { panelWords } from './panel-words.ts';

export interface OverviewParts {
  readonly viewer: Panel['viewer'];
  readonly overview: Overview;
  readonly alarms: readonly Alarm[];
  readonly jobs: readonly Job[];
  readonly plans: readonly PlanRow[];
  readonly schedules: readonly Schedule[];
  readonly connections: readonly Connection[];
}

const dayMs = 86_400_000;

/** All that a panel shows first, made of what the API says elsewhere. */
export function panelOf({ viewer, overview, alarms, jobs, plans, schedules, connections }: OverviewParts): Panel {
  const { contract, headline, latest, underWay } = overview;
  const notMatched = overview.byStatus.find(({ status }) => status === 'not-matched')?.count ?? 0;
  const isMoving = underWay?.state === 'queued' || underWay?.state === 'running' || jobs.some(({ delivered }) => delivered);
  return {
    now: overview.now,
    viewer,
    title: `${contract.name} · ${contract.crmName}`,
    state: latest ? 'ready' : underWay ? 'working' : 'empty',
    message: messageOf(overview, notMatched),
    banners: overview.banners.map(({ kind, sentence }) => ({ sentence, tone: kind === 'demo' ? 'info' : 'warning' })),
    alarms: alarms.map(({ id, level, sentence, label, href, since }) => ({
      id,
      tone: level === 'red' ? 'bad' : 'warning',
      sentence: sentence.replaceAll('{since}', sinceInWords(since, overview.now)),
      label,
      target: targetOf(href),
    })),
    headline: headline && {
      label: panelWords.seatsThatSync,
      value: number(headline.seatsThatSync),
      of: number(headline.seats),
      percent: headline.seats === 0 ? 0 : Math.round((headline.seatsThatSync / headline.seats) * 100),
      sentence: headlineSentence(headline),
    },
    trend: overview.trend.map(({ at, seatsThatSync, seats }) => ({
      at,
      label: `${day(at)}: ${number(seatsThatSync)} of ${number(seats)}`,
      value: seatsThatSync,
      of: seats,
    })),
    trendSentence: trendSentence(overview.trend),
    numbers: latest ? numbersOf(overview, notMatched) : [],
    reasons: overview.byReason
      .filter(({ status }) => status === 'not-matched')
      .toSorted((a, b) => b.count - a.count)
      .map(({ status, reason, label, count }) => ({
        id: reason,
        label,
        count,
        tone: toneOf(status, reason),
        target: { view: 'people' as const, filter: { status, reason } },
      })),
    toDo: overview.toDo.map(({ actor, action, count, href }, index) => ({
      id: `${index}`,
      actor: actorLabels[actor],
      sentence: action,
      count,
      target: targetOf(href),
    })),
    fileTasks: jobs.flatMap(fileTaskOf),
    causes: overview.rootCauses.map((cause) => causeOf(cause, viewer.canAct)),
    plans: plans
      .filter(({ state, createdAt }) => isOpen(state) || Date.parse(overview.now) - Date.parse(createdAt) < 7 * dayMs)
      .map(planOf),
    runs: runsOf(overview, schedules),
    freshness: freshnessOf(overview),
    connections: connections.map(connectionOf),
    poll: isMoving ? 3 : 60,
    words: panelWords,
  };
}

const number = (value: number): string => value.toLocaleString('en-US');
const people = (count: number): string => `${number(count)} ${count === 1 ? 'person' : 'people'}`;

/** Where an address of the console leads within a panel; null where only the console has it. */
export function targetOf(href: string): PanelTarget {
  const { pathname, searchParams } = new URL(href, 'http://console');
  const [, view, id] = pathname.replace(/^\/contracts\/[^/]+/u, '').split('/');
  if (view === 'people' && id === undefined) return { view: 'people', filter: Object.fromEntries(searchParams) };
  if (view === 'people' && id) return { view: 'person', key: decodeURIComponent(id) };
  if (view === 'plans' && id) return { view: 'plan', id };
  return null;
}

function messageOf({ latest, underWay, contract }: Overview, notMatched: number): Panel['message'] {
  if (latest)
    return notMatched === 0 ? { heading: panelWords.everyoneMatched, sentence: 'Nobody is Not Matched. Nothing to repair.' } : null;
  if (underWay?.question) return { heading: 'The first comparison waits for an answer', sentence: underWay.question.sentence };
  if (underWay) return { heading: 'The first comparison is under way', sentence: `${underWay.phase || 'It begins'}.`.replace('..', '.') };
  return {
    heading: 'Nothing compared yet',
    sentence: `Open Seatmatch and compare your LinkedIn license holders with the users of ${contract.crmName}. Then they stand here.`,
  };
}

const headlineSentence = ({ seatsThatSync, seats }: { seatsThatSync: number; seats: number }): string => {
  const lost = seats - seatsThatSync;
  if (lost === 0) return 'Every license that is paid for reaches the CRM.';
  return `${number(lost)} ${lost === 1 ? 'license is' : 'licenses are'} paid for and ${lost === 1 ? 'brings' : 'bring'} nothing into the CRM.`;
};

function trendSentence(trend: Overview['trend']): string | null {
  const [first, last] = [trend[0], trend.at(-1)];
  if (!first || !last || first === last) return null;
  const change = last.seatsThatSync - first.seatsThatSync;
  if (change === 0) return `The same number as on ${day(first.at)}.`;
  return `${number(Math.abs(change))} ${change > 0 ? 'more' : 'fewer'} than on ${day(first.at)}.`;
}

function numbersOf({ byStatus, byReason, matchedNotSyncing }: Overview, notMatched: number): Panel['numbers'] {
  const countOf = (status: string): number => byStatus.find((one) => one.status === status)?.count ?? 0;
  const invitations = byReason.find(({ reason }) => reason === 'invitation-pending')?.count ?? 0;
  const of = (id: string, label: string, value: number, tone: Tone, filter: Record<string, string> | null) => ({
    id,
    label,
    value,
    tone: value === 0 ? ('neutral' as const) : tone,
    target: filter && value > 0 ? { view: 'people' as const, filter } : null,
  });
  return [
    of('notMatched', panelWords.notMatched, notMatched, 'bad', { status: 'not-matched' }),
    of('matchedNotSyncing', 'Matched, not syncing', matchedNotSyncing, 'warning', null),
    of('invitationsPending', 'Invitations open', invitations, 'warning', { status: 'matched', reason: 'invitation-pending' }),
    of('beingRepaired', 'Being repaired', countOf('being-repaired'), 'info', { status: 'being-repaired' }),
    of('noLicense', 'No license', countOf('no-license'), 'info', { status: 'no-license' }),
  ];
}

/** A file that somebody carries, or people who have no license meanwhile. What Seatmatch does by itself is no task of theirs. */
function fileTaskOf(job: Job): Panel['fileTasks'] {
  const open = job.tasks.find((task) => task.isOpen);
  if (!job.giveBack && (!open || open.route === 'scim')) return [];
  const { n, of } = open?.seen ?? { n: 0, of: 0 };
  const step = `Step ${job.step.n} of ${job.step.m}: ${job.step.sentence}.`;
  return [
    {
      id: job.planId,
      title: open ? `${open.title}: ${job.title}` : job.title,
      sentence: job.giveBack?.sentence ?? open?.waitingFor ?? step,
      tone: job.giveBack ? 'bad' : 'info',
      progress: { value: n, of },
      target: { view: 'plan', id: job.planId },
    },
  ];
}

/** Kinds that a plan can repair: an email at LinkedIn changes. */
const plannable: readonly RootCause['repairKind'][] = ['domain-change-file', 'email-change-file'];
export const isPlannable = (cause: Pick<RootCause, 'repairKind'>): boolean => plannable.includes(cause.repairKind);

const causeOf = (cause: RootCause, canAct: boolean): Panel['causes'][number] => ({
  id: cause.id,
  sentence: `${cause.title}. ${cause.repair}`,
  count: cause.count,
  repair: canAct && isPlannable(cause) ? { button: `Repair ${people(cause.count)}`, choice: { rootCause: cause.id } } : null,
  target: { view: 'people', filter: { rootCause: cause.id } },
});

const isOpen = (state: PlanRow['state']): boolean => state === 'draft' || state === 'running' || state === 'paused';

export const toneOfPlan = (state: PlanRow['state'], withoutLicense = 0): Tone =>
  withoutLicense > 0
    ? 'bad'
    : ({ draft: 'warning', running: 'info', paused: 'warning', done: 'good', cancelled: 'neutral', expired: 'neutral' } as const)[state];

const planOf = ({ id, title, state, price, people: all, done, withoutLicense, nextTask }: PlanRow): Panel['plans'][number] => ({
  id,
  title,
  state: planStateLabels[state],
  tone: toneOfPlan(state, withoutLicense),
  sentence: state === 'draft' ? price : (nextTask?.sentence ?? `${number(done)} of ${people(all)} repaired.`),
  progress: { value: done, of: all },
  target: { view: 'plan', id },
});

function runsOf({ latest, underWay }: Overview, schedules: readonly Schedule[]): Panel['runs'] {
  const next = schedules
    .filter(({ next: due }) => due !== null)
    .toSorted((a, b) => Date.parse(a.next!) - Date.parse(b.next!))
    .at(0);
  const refused = schedules.map(({ runs }) => runs[0]).find((run) => run?.outcome === 'refused' || run?.outcome === 'missed');
  return [
    ...(latest
      ? [
          {
            label: 'Last',
            sentence: `Run ${number(latest.number)}, ${momentInWords(latest.finishedAt ?? latest.createdAt)}.`,
            tone: 'neutral' as const,
          },
        ]
      : []),
    ...(underWay
      ? [
          underWay.question
            ? { label: 'Held', sentence: underWay.question.sentence, tone: 'warning' as const }
            : {
                label: 'Now',
                sentence: `${underWay.phase || 'It waits for its turn'} (${Math.round(underWay.progress * 100)} %)`,
                tone: 'info' as const,
              },
        ]
      : []),
    ...(refused
      ? [{ label: 'Not compared', sentence: refused.sentence ?? 'The last scheduled comparison did not run.', tone: 'bad' as const }]
      : []),
    next
      ? { label: 'Next', sentence: `${next.name}, ${momentInWords(next.next!)}.`, tone: 'neutral' }
      : { label: 'Next', sentence: 'Nothing compares by itself: there is no schedule.', tone: 'warning' },
  ];
}

function freshnessOf({ freshness, contract, now }: Overview): Panel['freshness'] {
  if (!freshness) return [];
  const age = (asOf: string): string => {
    const days = Math.max(0, Math.floor((Date.parse(now) - Date.parse(asOf)) / dayMs));
    return `${day(asOf)}${days === 0 ? '' : `, ${number(days)} ${days === 1 ? 'day' : 'days'} old`}`;
  };
  return [
    { sentence: `LinkedIn: ${age(freshness.licensesAsOf)}.`, tone: freshness.stale ? 'warning' : 'neutral' },
    { sentence: `${contract.crmName}: ${age(freshness.crmAsOf)}.`, tone: 'neutral' },
  ];
}

function connectionOf({ id, name, vendor, check }: Connection): Panel['connections'][number] {
  const bad = check?.lines.find(({ verdict }) => verdict === 'bad');
  const meter = check?.lines.find(({ budget }) => budget !== undefined);
  return {
    id,
    name: `${vendor}: ${name}`,
    sentence: bad?.sentence ?? (check ? `Worked when it was tested on ${day(check.at)}.` : 'Not tested yet.'),
    tone: bad ? 'bad' : check ? 'good' : 'neutral',
    budget: meter?.budget ? { sentence: meter.sentence, value: meter.budget.used, of: meter.budget.limit } : null,
  };
}

/** "29 November 2026, 14:03 UTC". */
export const momentInWords = (iso: string): string => `${day(iso)}, ${iso.slice(11, 16)} UTC`;

/** "14:03 UTC (12 min)" on the day itself, else with its day. */
function sinceInWords(since: string, now: string): string {
  const minutes = Math.max(0, Math.floor((Date.parse(now) - Date.parse(since)) / 60_000));
  const length = minutes < 120 ? `${minutes} min` : minutes < 2880 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1440)} days`;
  return `${since.slice(0, 10) === now.slice(0, 10) ? '' : `${day(since)}, `}${since.slice(11, 16)} UTC (${length})`;
}
