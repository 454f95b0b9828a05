/** What Seatmatch watches for a contract, when it speaks, and in which words. */
import { alertEvents } from './status.ts';

export type AlertEvent = (typeof alertEvents)[number];

export interface AlertRule {
  readonly on: boolean;
  /** Null where the event has none, or where it stands elsewhere. */
  readonly threshold: number | null;
  /** Ids of channels; null: every channel there is. */
  readonly channels: readonly string[] | null;
}

export interface AlertSettings {
  readonly events: Readonly<Record<AlertEvent, AlertRule>>;
  /** How long a state must hold before it is told, and be away before it is over. */
  readonly debounceMinutes: number;
  /** Posts and webhooks may carry names of people. Never email addresses. */
  readonly namePeople: boolean;
}

/** The people of the setting "alarm recipients", by mail: the channel that is always there. */
export const recipientsChannel = 'recipients';

export interface AlertWords {
  readonly label: string;
  /** When it is raised, and when it is over. */
  readonly meaning: string;
  /** The types of the webhook's body. */
  readonly raised: string;
  readonly recovered: string;
  readonly threshold: {
    readonly label: string;
    readonly unit: string;
    readonly usual: number;
    readonly least: number;
    readonly most: number;
  } | null;
  /** Where its threshold is set, where that is not here. */
  readonly setIn: { readonly label: string; readonly href: string } | null;
}

const limits = { label: 'Settings, limits', href: '/settings#limits' };

export const alertWords: Readonly<Record<AlertEvent, AlertWords>> = {
  'match-rate': {
    label: 'Match rate fell',
    meaning: 'A comparison shows a smaller share of licenses Matched than the one before. Over when the share is back.',
    raised: 'match_rate.fell',
    recovered: 'match_rate.recovered',
    threshold: { label: 'By at least', unit: 'percentage points', usual: 5, least: 1, most: 100 },
    setIn: null,
  },
  'not-matched': {
    label: 'New Not Matched',
    meaning: 'A comparison shows people Not Matched who were not before. Over when none of them is Not Matched any more.',
    raised: 'not_matched.new',
    recovered: 'not_matched.cleared',
    threshold: { label: 'People', unit: 'or more', usual: 1, least: 1, most: 1_000_000 },
    setIn: null,
  },
  'repair-failed': {
    label: 'Repair failed',
    meaning: 'A repair did not help, a license could not be given back, or a file did not reach LinkedIn. Over when that is settled.',
    raised: 'repair.failed',
    recovered: 'repair.settled',
    threshold: null,
    setIn: null,
  },
  seatless: {
    label: 'Without a license too long',
    meaning: 'Somebody’s license was taken by a repair and is not back. Over when everybody has theirs.',
    raised: 'seat.missing',
    recovered: 'seat.returned',
    threshold: { label: 'For', unit: 'minutes', usual: 15, least: 1, most: 1_440 },
    setIn: null,
  },
  guard: {
    label: 'Guard tripped',
    meaning:
      'A comparison is held with a question, or a schedule’s repair was stopped. Nothing was changed. Over when somebody has answered.',
    raised: 'guard.tripped',
    recovered: 'guard.cleared',
    threshold: null,
    setIn: null,
  },
  'connection-ends': {
    label: 'Connection or token ends',
    meaning: 'The last test of a connection failed, or its token ends soon. Over when a test is good and the token was renewed.',
    raised: 'connection.ending',
    recovered: 'connection.renewed',
    threshold: { label: 'Before its end', unit: 'days', usual: 14, least: 1, most: 365 },
    setIn: null,
  },
  'export-old': {
    label: 'Export too old',
    meaning: 'The newest list of license holders is older than the limit. Over when a newer one was compared.',
    raised: 'export.stale',
    recovered: 'export.renewed',
    threshold: null,
    setIn: limits,
  },
  'assignments-low': {
    label: 'Assignments low',
    meaning:
      'Few license assignments are left this month, as far as Admin Center’s count was entered. Over when there are more, or the month is over.',
    raised: 'assignments.low',
    recovered: 'assignments.recovered',
    threshold: { label: 'Left this month', unit: 'or fewer', usual: 5, least: 0, most: 1_000_000 },
    setIn: null,
  },
  'no-run': {
    label: 'No run happened',
    meaning: 'A scheduled comparison was due and did not come. Over with the next good one.',
    raised: 'run.missed',
    recovered: 'run.recovered',
    threshold: null,
    setIn: { label: 'Schedule, grace', href: '/schedule' },
  },
};

export const defaultAlerts: AlertSettings = {
  events: Object.fromEntries(
    alertEvents.map((event) => [event, { on: true, threshold: alertWords[event].threshold?.usual ?? null, channels: null }]),
  ) as Record<AlertEvent, AlertRule>,
  debounceMinutes: 5,
  namePeople: false,
};

export const thresholdOf = ({ events }: AlertSettings, event: AlertEvent): number =>
  events[event].threshold ?? alertWords[event].threshold?.usual ?? 0;

// --- One notice for each change of state ---

export interface AlertState {
  /** Milliseconds since 1970. */
  readonly since: number;
  /** It was decided to tell of it; before that nobody knows, and it may go as it came. */
  readonly told: boolean;
  /** What it says has been away since; null: it holds. */
  readonly goneSince: number | null;
}

export interface AlertMove {
  /** Null: nothing is the matter. */
  readonly state: AlertState | null;
  readonly notice: 'raised' | 'recovered' | null;
}

/**
 * The state after one look. What comes and goes within the debounce is told to nobody; notices alternate, raised first.
 * @param at milliseconds since 1970
 */
export function nextAlert(before: AlertState | null, holds: boolean, at: number, debounceMs: number): AlertMove {
  if (before === null) {
    if (!holds) return { state: null, notice: null };
    const told = debounceMs <= 0;
    return { state: { since: at, told, goneSince: null }, notice: told ? 'raised' : null };
  }
  if (holds) {
    const told = before.told || at - before.since >= debounceMs;
    return { state: { since: before.since, told, goneSince: null }, notice: told && !before.told ? 'raised' : null };
  }
  if (!before.told) return { state: null, notice: null };
  const goneSince = before.goneSince ?? at;
  return at - goneSince >= debounceMs ? { state: null, notice: 'recovered' } : { state: { ...before, goneSince }, notice: null };
}

// --- What holds now ---

/** What is measured. Kinds of alarms that a look raises and ends, each with its event. */
export const watchedKinds = {
  'match-rate': 'match-rate',
  'not-matched': 'not-matched',
  'repair-failed': 'repair-failed',
  'run-held': 'guard',
  'connection-ends': 'connection-ends',
  'export-old': 'export-old',
  'assignments-low': 'assignments-low',
} as const satisfies Record<string, AlertEvent>;
export type WatchedKind = keyof typeof watchedKinds;

export interface AlertFacts {
  readonly now: string;
  /** The newest two comparisons, the newest first. */
  readonly runs: readonly { readonly id: string; readonly asOf: string; readonly matched: number; readonly of: number }[];
  /** Comparisons that brought people who are new among the Not Matched, and how many of these still are. */
  readonly newcomers: readonly { readonly run: string; readonly people: number }[];
  readonly repairsFailed: number;
  readonly held: { readonly run: string; readonly sentence: string } | null;
  readonly connections: readonly {
    readonly id: string;
    readonly name: string;
    /** ISO 8601; null: nobody said. */
    readonly endsAt: string | null;
    /** What is wrong, as the last test says. */
    readonly wrong: string | null;
  }[];
  /** ISO 8601; null before the first comparison. */
  readonly newestList: string | null;
  readonly staleAfterDays: number;
  /** Null: nobody knows. */
  readonly assignmentsLeft: number | null;
}

/** An alert that is open: what it was measured by. */
export interface OpenAlert {
  readonly kind: WatchedKind;
  readonly subject: string;
  readonly detail: AlertDetail;
}

export interface AlertDetail {
  readonly count?: number;
  /** Percent Matched before it fell. */
  readonly baseline?: number;
}

export interface SeenAlert extends OpenAlert {
  readonly sentence: string;
  readonly label: string;
  readonly href: string;
}

const dayMs = 86_400_000;
const people = (count: number) => (count === 1 ? '1 person' : `${count.toLocaleString('en-US')} people`);
const percent = (share: number) => `${Math.round(share * 10) / 10} %`;

/** Everything of the watched kinds that holds now; what is not in it does not. No name and no address of a person stands in it. */
export function watch(facts: AlertFacts, settings: AlertSettings, open: readonly OpenAlert[]): SeenAlert[] {
  const now = Date.parse(facts.now);
  const seen: SeenAlert[] = [];
  const [newest, before] = facts.runs;
  const rate = (run: typeof newest) => (run && run.of > 0 ? (run.matched / run.of) * 100 : null);
  const current = rate(newest);
  const fell = open.find(({ kind }) => kind === 'match-rate');
  const baseline = fell?.detail.baseline ?? rate(before);
  if (newest && current !== null && baseline !== null && baseline - current >= thresholdOf(settings, 'match-rate'))
    seen.push({
      kind: 'match-rate',
      subject: 'contract',
      detail: { baseline, count: newest.of - newest.matched },
      sentence: `The match rate fell from ${percent(baseline)} to ${percent(current)}: ${newest.matched.toLocaleString('en-US')} of ${newest.of.toLocaleString('en-US')} licenses are Matched.`,
      label: 'Open the overview',
      href: '/',
    });
  for (const { run, people: count } of facts.newcomers) {
    const isOpen = open.some(({ kind, subject }) => kind === 'not-matched' && subject === run);
    if (count < (isOpen ? 1 : thresholdOf(settings, 'not-matched'))) continue;
    seen.push({
      kind: 'not-matched',
      subject: run,
      detail: { count },
      sentence: `${people(count)} ${count === 1 ? 'is' : 'are'} new among the Not Matched.`,
      label: 'Open the comparison',
      href: `/runs/${run}`,
    });
  }
  if (facts.repairsFailed > 0)
    seen.push({
      kind: 'repair-failed',
      subject: 'contract',
      detail: { count: facts.repairsFailed },
      sentence: `The repair of ${people(facts.repairsFailed)} failed.`,
      label: 'Open the people',
      href: '/people?reason=repair-failed',
    });
  if (facts.held)
    seen.push({
      kind: 'run-held',
      subject: facts.held.run,
      detail: {},
      sentence: `A comparison waits for an answer. ${facts.held.sentence}`,
      label: 'Answer',
      href: `/runs/${facts.held.run}`,
    });
  for (const { id, name, endsAt, wrong } of facts.connections) {
    const days = endsAt === null ? null : Math.floor((Date.parse(endsAt) - now) / dayMs);
    const soon = days !== null && days < thresholdOf(settings, 'connection-ends');
    if (!soon && wrong === null) continue;
    const ends = days !== null && days < 0 ? 'has ended' : `ends in ${days === 1 ? '1 day' : `${days} days`}`;
    seen.push({
      kind: 'connection-ends',
      subject: id,
      detail: {},
      sentence: soon ? `The token of the connection ${name} ${ends}.` : `The connection ${name} is broken. ${wrong}`,
      label: 'Open the connections',
      href: '/connections',
    });
  }
  if (facts.newestList !== null) {
    const days = Math.floor((now - Date.parse(facts.newestList)) / dayMs);
    if (days >= facts.staleAfterDays)
      seen.push({
        kind: 'export-old',
        subject: 'contract',
        detail: { count: days },
        sentence: `The newest LinkedIn export is ${days === 1 ? '1 day' : `${days} days`} old.`,
        label: 'Bring a new export',
        href: '/compare',
      });
  }
  if (facts.assignmentsLeft !== null && facts.assignmentsLeft <= thresholdOf(settings, 'assignments-low'))
    seen.push({
      kind: 'assignments-low',
      subject: 'contract',
      detail: { count: facts.assignmentsLeft },
      sentence: `${facts.assignmentsLeft === 1 ? '1 license assignment is' : `${facts.assignmentsLeft} license assignments are`} left this month.`,
      label: 'Open the plans',
      href: '/plans',
    });
  return seen;
}

// --- What leaves for chats and webhooks ---

/** Other alarms, each with its event; null: it is about telling itself, and is not told over a channel. */
export const alarmEvents = {
  'no-license': 'seatless',
  'give-back-failed': 'repair-failed',
  'stuck-onboarding': 'repair-failed',
  conflict: 'repair-failed',
  'delivery-failed': 'repair-failed',
  'auto-repair-stopped': 'guard',
  'no-run': 'no-run',
  'mail-failed': null,
  ...watchedKinds,
} as const satisfies Record<string, AlertEvent | null>;
export type AlarmKind = keyof typeof alarmEvents;

/** The sentence of an alarm without a name in it, for places that others read. */
export function namelessSentence(kind: AlarmKind, sentence: string, count: number): string {
  switch (kind) {
    case 'no-license':
      return `${people(count)} ${count === 1 ? 'has' : 'have'} no license since {since}.`;
    case 'stuck-onboarding':
      return `${people(count)} ${count === 1 ? 'has' : 'have'} not accepted the new invitation.`;
    case 'conflict':
      return `The email of ${people(count)} changed in LinkedIn and we didn't do it. Stopped.`;
    case 'auto-repair-stopped':
      return 'The repair of a schedule was stopped by a guard. Nobody was changed.';
    default:
      return sentence;
  }
}

export interface AlertNotice {
  readonly alarmId: string;
  readonly event: AlertEvent;
  readonly state: 'raised' | 'recovered';
  readonly contract: { readonly id: string; readonly name: string };
  /** ISO 8601: when it began, and when this was told. */
  readonly since: string;
  readonly at: string;
  readonly count: number;
  readonly sentence: string;
}

/** The body of a signed webhook, but for `data.url`, which is added when it leaves: docs/alerts.md has its schema. */
export const alertPayload = ({ alarmId, event, state, contract, since, at, count, sentence }: AlertNotice) => ({
  type: state === 'raised' ? alertWords[event].raised : alertWords[event].recovered,
  timestamp: at,
  data: { version: 1, alert: alarmId, event, state, contract, since, count, sentence },
});

export const testPayload = (contract: AlertNotice['contract'], at: string) => ({
  type: 'alert.test',
  timestamp: at,
  data: { version: 1, contract, sentence: 'This is a test. Nothing is the matter.' },
});
