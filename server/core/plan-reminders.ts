/** What somebody has to be reminded of about a plan under way: facts in, mails out. Whoever sends them keeps, by key, that they went out. */
import { list } from './job-view.ts';
import { reminderDue, reminders, stopAfterDays } from './left-lying.ts';
import {
  giveBackReminder,
  type Message,
  managerReminder,
  newExportReminder,
  onboardingReminder,
  proofReminder,
  sittingReminder,
  uploadedReminder,
} from './messages.ts';
import { isLicenseKind, type Plan } from './plan.ts';
import { fileOut, type PlanProgress } from './plan-progress.ts';
import { addWorkingDays, isBetweenOffAndOn, onboardingDays, type Rematch } from './rematch.ts';

export interface PlanReminder {
  /** One goes out for each. */
  readonly key: { readonly subject: string; readonly kind: string; readonly day: number };
  /** The person who carries the plan, whoever stands in for them, or somebody of the plan by address. */
  readonly to: 'assignee' | 'backup' | { readonly address: string };
  message(name: string | null): Message;
}

export interface ReminderFacts {
  readonly planId: string;
  readonly plan: Plan;
  readonly progress: PlanProgress;
  readonly people: readonly { readonly id: string; readonly findingKey: string; readonly state: Rematch }[];
  /** ISO 8601: when a sitting is planned for; null where none is, or it was started. */
  readonly sittingAt: string | null;
  /** What the company is called to the person. */
  readonly company: string;
  /** ISO 8601. */
  readonly now: string;
}

const dayMs = 86_400_000;
const after = (at: string, days: number): string => new Date(Date.parse(at) + days * dayMs).toISOString();

/** Days after the end of LinkedIn's wait on which a new export is asked for. */
const exportDays = [0, 3, 7] as const;
/** A sitting is spoken of this long before it begins. */
const sittingAheadMs = 3_600_000;

/** LinkedIn's page about invitations that were not accepted. */
const invitationHelp = 'https://www.linkedin.com/help/sales-navigator/answer/a105138';

/** All that is due now. */
export const planRemindersDue = (facts: ReminderFacts): readonly PlanReminder[] => [
  ...fileReminder(facts),
  ...exportReminder(facts),
  ...sittingSoon(facts),
  ...facts.people.flatMap((person) => onboarding(person, facts)),
];

/** When the next reminder may be due, if nothing happens before; null where none will. */
export function nextReminderAt(facts: Omit<ReminderFacts, 'company' | 'planId'>): string | null {
  const out = fileOut(facts.progress);
  const since = out !== null && out.state !== 'made' ? out.log.at(-1)!.at : null;
  const until = waitedUntil(facts.people);
  const times = [
    ...(since === null ? [] : [...reminders.map(({ day }) => after(since, day)), after(since, stopAfterDays)]),
    ...(until === null ? [] : exportDays.map((days) => after(until, days))),
    ...(facts.sittingAt === null ? [] : [sittingSoonAt(facts.sittingAt)]),
  ];
  return times.filter((at) => at > facts.now).toSorted()[0] ?? null;
}

function fileReminder({ planId, plan, progress, people, now }: ReminderFacts): readonly PlanReminder[] {
  const out = fileOut(progress);
  if (out === null) return [];
  const { kind } = plan.files[out.file]!;
  const due = reminderDue(out, kind, now);
  if (due === null) return [];
  const days = Math.floor((Date.parse(now) - Date.parse(out.log.at(-1)!.at)) / dayMs);
  const href = `/plans/${planId}/job`;
  const without = people.filter(({ state }) => isBetweenOffAndOn(state)).map(({ state }) => state);
  const since = without.map(({ licenseOffAt }) => licenseOffAt!).toSorted()[0];
  return [
    {
      // Counted anew from whatever happened last, so each state of a file has its own reminders.
      key: { subject: `${planId} ${out.name} ${out.state}`, kind: 'file-out', day: due.day },
      to: due.to,
      message(name) {
        const facts = { name, file: out.name, days, href };
        if (isLicenseKind(kind) && since !== undefined) {
          const names = without.map((person) => person.name || 'Somebody');
          return giveBackReminder({ name, names, since: `${since.slice(0, 10)}, ${since.slice(11, 16)} UTC`, href });
        }
        return out.state === 'downloaded' ? uploadedReminder(facts) : proofReminder(facts);
      },
    },
  ];
}

/** The end of the last wait for LinkedIn's daily job; null where nobody waits. */
function waitedUntil(people: ReminderFacts['people']): string | null {
  const waits = people.flatMap(({ state }) => (state.ended === null && state.step === 'wait' ? (state.waitUntil ?? []) : []));
  return waits.toSorted().at(-1) ?? null;
}

function exportReminder({ planId, people, now }: ReminderFacts): readonly PlanReminder[] {
  const until = waitedUntil(people);
  const day = until === null ? undefined : exportDays.findLast((days) => after(until, days) <= now);
  if (day === undefined) return [];
  const count = people.filter(({ state }) => state.ended === null && state.step === 'wait').length;
  return [
    {
      key: { subject: planId, kind: 'new-export', day },
      to: 'assignee',
      message: (name) => newExportReminder({ name, count, href: `/plans/${planId}/job` }),
    },
  ];
}

const sittingSoonAt = (at: string): string => new Date(Date.parse(at) - sittingAheadMs).toISOString();

function sittingSoon({ planId, plan, people, sittingAt, now }: ReminderFacts): readonly PlanReminder[] {
  if (sittingAt === null || sittingSoonAt(sittingAt) > now) return [];
  const count = people.filter(({ state }) => state.ended === null && state.step === 'remove-license').length;
  if (count === 0) return [];
  const date = new Date(sittingAt);
  const at = `${new Intl.DateTimeFormat('en-GB', { weekday: 'long', timeZone: 'UTC' }).format(date)} ${sittingAt.slice(11, 16)} UTC`;
  const minutes = plan.expected.withoutLicense;
  return [
    {
      key: { subject: `${planId} ${sittingAt}`, kind: 'sitting', day: 0 },
      to: 'assignee',
      message: (name) => sittingReminder({ name, count, at, minutes, href: `/plans/${planId}/job` }),
    },
  ];
}

/**
 * After 1, 2 and 4 working days to the person, the latest of several; on day 2 to whoever carries the plan as well, who asks their manager:
 * neither list says who that is. On day 5 an alarm speaks.
 */
function onboarding({ id, findingKey, state }: ReminderFacts['people'][number], { company, now }: ReminderFacts): readonly PlanReminder[] {
  const due = onboardingRemindersDue(state, now);
  const days = onboardingDays.slice(state.reminders, state.reminders + due);
  const toPerson = days.findLast((day) => day !== 5);
  if (days.length === 0 || toPerson === undefined) return [];
  const { name, newEmail } = state;
  const key = { subject: id, kind: 'onboarding', day: toPerson };
  const person: PlanReminder = {
    key,
    to: { address: newEmail },
    message: () => onboardingReminder({ name: name || null, company, day: toPerson, href: invitationHelp }),
  };
  const carrier: PlanReminder = {
    key: { ...key, kind: 'onboarding-manager', day: 2 },
    to: 'assignee',
    message: (to) =>
      managerReminder({ name: to, person: name || list([newEmail]), company, href: `/people/${encodeURIComponent(findingKey)}` }),
  };
  // Whoever is in by day 5, or has an alarm of their own, is not written to any more.
  return days.includes(5) ? [] : days.includes(2) ? [person, carrier] : [person];
}

/** How many of the reminders to accept the invitation have come due since the last one. */
export function onboardingRemindersDue({ step, ended, licenseOnAt, reminders: sent }: Rematch, now: string): number {
  if (step !== 'onboarding' || ended !== null || licenseOnAt === null) return 0;
  return onboardingDays.slice(sent).filter((day) => addWorkingDays(licenseOnAt, day) <= now).length;
}
