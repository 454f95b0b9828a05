import { mayNotRemind, type RemindContext, type RemindFacts } from './may-remind.ts';
import { dayInWords } from './messages.ts';
import type { MailingKind } from './status.ts';

export interface PersonToWrite {
  readonly email: string;
  readonly isProtected: boolean;
  /** Of the license; null: they have none. */
  readonly state: 'invited' | 'activated' | 'assigned' | null;
  /** Their open invitation; null: the newest lists show none. */
  readonly invitation: RemindFacts | null;
  /** ISO 8601: when a message of this kind last went to them. */
  readonly lastAt: string | null;
  /** Whether they were asked about their work email, and answered. */
  readonly question: { readonly askedAt: string; readonly answer: { readonly answer: string } | null } | null;
}

const dayMs = 86_400_000;

/** Why somebody is left out of a message to many; null: they get it. */
export function mayNotWrite(kind: MailingKind, person: PersonToWrite, context: RemindContext): string | null {
  if (!person.email.includes('@')) return 'They have no email address that could be written to.';
  if (person.isProtected) return 'They are protected: a message to many leaves them out.';
  switch (kind) {
    case 'reminder':
      if (person.state === 'activated') return 'They have activated their license already.';
      return person.invitation === null ? 'No list shows an open invitation of theirs.' : mayNotRemind(person.invitation, context);
    case 'address':
      return mayNotAsk(person.question, context.rules.cooldownDays, context.now);
    case 'note':
      if (person.invitation?.muted) return 'Somebody said that nobody is to write to them.';
      return withinCooldown(person.lastAt, context);
  }
}

/** Why somebody is not asked to add their work email to LinkedIn; null: they may be. */
export function mayNotAsk(before: PersonToWrite['question'], cooldownDays: number, now: string): string | null {
  if (before?.answer)
    return before.answer.answer === 'wrong-person' ? 'The mail reached somebody else: correct the email first.' : 'They answered already.';
  if (before && Date.parse(now) - Date.parse(before.askedAt) < cooldownDays * dayMs)
    return `They were asked on ${dayInWords(before.askedAt)}; again after ${cooldownDays} days.`;
  return null;
}

const withinCooldown = (lastAt: string | null, { rules, now }: RemindContext): string | null =>
  lastAt !== null && Date.parse(now) - Date.parse(lastAt) < rules.cooldownDays * dayMs
    ? `They were written to on ${dayInWords(lastAt)}; again after ${rules.cooldownDays} days.`
    : null;
