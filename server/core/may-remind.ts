import type { InvitationRules } from './invitation-view.ts';
import { dayInWords } from './messages.ts';

const dayMs = 86_400_000;

export interface RemindFacts {
  readonly ended: unknown;
  readonly inRepair: boolean;
  readonly muted: unknown;
  readonly since: string;
  readonly lastSeenAt: string;
  readonly reminders: number;
  readonly lastReminderAt: string | null;
}

export interface RemindContext {
  readonly rules: InvitationRules;
  readonly now: string;
  /** ISO 8601: of the newest list that says who accepted. */
  readonly newestAsOf: string | null;
  /** A list older than this says nothing of today. */
  readonly staleAfterDays: number;
  /** An admin asks for it: the first days and the number of reminders are theirs to judge. */
  readonly byHand: boolean;
}

/**
 * Why somebody is not reminded now; null: they may be. Nobody is who may have activated since: their invitation has to be open in the
 * newest list. Nor is anybody twice within the cooldown, whoever asks.
 */
export function mayNotRemind(person: RemindFacts, { rules, now, newestAsOf, staleAfterDays, byHand }: RemindContext): string | null {
  const at = Date.parse(now);
  if (person.ended !== null) return 'Their invitation is open no more.';
  if (person.inRepair) return 'The repair that gave their license back reminds them.';
  if (person.muted !== null) return 'Somebody said that nobody is to write to them.';
  if (newestAsOf === null || at - Date.parse(newestAsOf) > staleAfterDays * dayMs)
    return 'The newest list is too old: they may have activated since. Bring a new export.';
  if (person.lastSeenAt < newestAsOf) return 'They are not in the newest list, so nobody knows if they activated. Bring a complete export.';
  if (person.lastReminderAt !== null && at - Date.parse(person.lastReminderAt) < rules.cooldownDays * dayMs)
    return `They were written to on ${dayInWords(person.lastReminderAt)}; again after ${rules.cooldownDays} days.`;
  if (byHand) return null;
  if (person.reminders >= rules.mostReminders) return `They had ${person.reminders} reminders.`;
  if (at - Date.parse(person.since) < rules.firstAfterDays * dayMs) return "LinkedIn's own mail has just gone out.";
  return null;
}

/** When somebody is written to next without anybody asking for it, or why they are not; one sentence. */
export function nextReminder(person: RemindFacts, context: RemindContext): string {
  const { rules, now } = context;
  const standing = mayNotRemind({ ...person, lastReminderAt: null }, { ...context, byHand: true });
  if (standing !== null) return standing;
  if (!rules.remind) return 'None by itself: reminders are switched off in the settings.';
  if (person.reminders >= rules.mostReminders) return `None: they had ${person.reminders}. Call them.`;
  const due = Math.max(
    Date.parse(person.since) + rules.firstAfterDays * dayMs,
    person.lastReminderAt === null ? 0 : Date.parse(person.lastReminderAt) + rules.cooldownDays * dayMs,
  );
  return due <= Date.parse(now)
    ? 'Within minutes, or once the quiet hours are over.'
    : `On ${dayInWords(new Date(due).toISOString())}, if they are not in by then.`;
}
