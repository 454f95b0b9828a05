/**
 * What Seatmatch writes to people: facts in, words out. Every message has one link and names one thing to do. Nothing is promised that is
 * not read back.
 */
import type { MailContent } from './render-mail.ts';
import { money, reportChangeLabels } from './report-words.ts';
import type { ReportChange } from './status.ts';

export type Message = MailContent & { readonly action: { readonly label: string; readonly href: string } };

/** `name` is how the recipient is greeted; null where several people read it. */
interface To {
  readonly name: string | null;
}

/** A letter begins small after its greeting, and large without one. */
const letter = ({ name }: To, body: string) => (name ? `Hello ${name},\n\n${body}` : `${body[0]!.toUpperCase()}${body.slice(1)}`);
const people = (count: number) => (count === 1 ? '1 person' : `${count} people`);
const ago = (days: number) => (days === 0 ? 'today' : days === 1 ? 'yesterday' : `${days} days ago`);

/** "1 December" of an ISO 8601 day or moment. */
export function dayInWords(day: string): string {
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', timeZone: 'UTC' }).format(new Date(day.slice(0, 10)));
}

/** "Anna", "Anna and Bo", "Anna, Bo and Cem", "Anna, Bo and 7 others". */
export function namesInWords(names: readonly string[]): string {
  if (names.length > 3) return `${names.slice(0, 2).join(', ')} and ${names.length - 2} others`;
  return names.length < 2 ? (names[0] ?? 'Nobody') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** Nothing where nobody gave the company a name. */
const at = (company: string) => (company === '' ? '' : ` at ${company}`);

const have = (names: readonly string[]) => (names.length === 1 ? 'has' : 'have');

// --- Sentences of alarms. {since} is filled in where they are shown. ---

/** Somebody's license is off and not seen back. */
export const noLicenseSentence = (names: readonly string[]): string => `${namesInWords(names)} ${have(names)} no license since {since}.`;

/** The give-back was tried and LinkedIn did not take it. */
export const giveBackFailedSentence = (names: readonly string[], cause: string): string =>
  `${names.length === 1 ? 'The license' : 'The licenses'} of ${namesInWords(names)} could not be given back: ${cause.replace(/[.\s]+$/u, '')}.`;

export const stuckOnboardingSentence = (name: string, days: number): string =>
  `${name} can't get in: the invitation is not accepted after ${days} working days.`;

export const conflictSentence = (name: string): string =>
  `The email of ${name} changed in LinkedIn and we didn't do it. Stopped; both values are shown.`;

export const noRunSentence = (schedule: string): string => `The comparison "${schedule}" did not run since {since}.`;

export const deliveryFailedSentence = (file: string): string => `${file} could not be handed over to LinkedIn since {since}.`;

export const mailServerSentence = (fault: string): string => `Mail can't be sent since {since}: ${lowerFirst(fault)}`;

export const mailFailedSentence = (channel: 'mail' | 'chat' | 'webhook', to: string, fault: string): string =>
  `The ${channel === 'mail' ? 'mail' : 'post'} to ${to} was not sent: ${lowerFirst(fault)}`;

const lowerFirst = (sentence: string) => sentence[0]!.toLowerCase() + sentence.slice(1);

// --- Who gets alarms ---

export function alarmMessage({ sentence, label, href }: { sentence: string; label: string; href: string }): Message {
  return { subject: sentence, text: `${sentence}\n\nWe write again when it is over.`, action: { label, href } };
}

/** To whoever got the alarm. */
export function alarmEndedMessage({ sentence, href }: { sentence: string; href: string }): Message {
  return {
    subject: `Over: ${sentence}`,
    text: `This is over, nothing is left to do:\n\n${sentence}`,
    action: { label: 'Open the page', href },
  };
}

// --- The person whose license moves ---

export interface Question extends To {
  readonly company: string;
  /** ISO 8601 day on which the license is taken and given back. */
  readonly moveOn: string;
  readonly crmName: string;
  /** Until when the link works, ISO 8601. */
  readonly until: string;
  readonly href: string;
}

/** To the NEW address: their click proves that it is read, and that they know. */
export function askPersonMessage(question: Question): Message {
  const day = dayInWords(question.moveOn);
  return {
    subject: `Your Sales Navigator license moves on ${day}: please add this address to LinkedIn first`,
    text: letter(
      question,
      `on ${day} your Sales Navigator license${at(question.company)} moves to the address this mail came to. Please add this address to the LinkedIn account you already have, before that day. It takes two minutes.

How to add it, best on a computer:
1. Open linkedin.com and sign in as you always do.
2. Click your picture at the top, then "Settings & Privacy".
3. Under "Sign in & security" choose "Email addresses", then "Add email address".
4. Enter the address this mail came to. LinkedIn sends you a code: type it in.
5. Come back here and tell us with the button below.

What happens then: on ${day} your license is taken off and given back. LinkedIn sends an invitation to this address; until you accept it you can't use Sales Navigator. Accept it while you are signed in to your usual LinkedIn account.

Why it matters: if you accept the invitation without adding the address first, LinkedIn makes a second, empty profile for you, without your connections.

If you do nothing, nothing is changed: your license stays as it is, and what you do in Sales Navigator does not reach ${question.crmName}.

Not you, or a bad moment? The same button lets you say so. The link works until ${dayInWords(question.until)}.`,
    ),
    action: { label: 'I have added the address', href: question.href },
  };
}

export interface Onboarding extends To {
  readonly company: string;
  /** Working days since the license was given back: 1, 2 or 4. */
  readonly day: number;
  readonly href: string;
}

/** To the person, after 1, 2 and 4 working days. */
export function onboardingReminder({ company, day, href, ...to }: Onboarding): Message {
  return {
    subject:
      day === 1 ? 'Your Sales Navigator invitation is waiting' : `Your Sales Navigator invitation has waited for ${day} working days`,
    text: letter(
      to,
      `your Sales Navigator license${at(company)} is back, and LinkedIn has sent an invitation to this address. Until you accept it you can't use Sales Navigator.

1. Sign in to your usual LinkedIn account on a computer.
2. Find LinkedIn's invitation in this mailbox, also under spam, and press its button.
3. If LinkedIn shows a new, empty profile, stop there and tell your Sales Navigator admin.

The invitation is not there? Ask your admin to send it again.`,
    ),
    action: { label: 'What to do when it does not work', href },
  };
}

/** To the manager, on working day 2. `person` is who has no access. */
export function managerReminder({ person, company, href, ...to }: To & { person: string; company: string; href: string }): Message {
  return {
    subject: `${person} has not accepted the Sales Navigator invitation yet`,
    text: letter(
      to,
      `${person} got the Sales Navigator license${at(company)} back two working days ago and has not accepted LinkedIn's invitation. Until then they can't use Sales Navigator.

Please ask them to look for the invitation in their new mailbox, also under spam, and to accept it while signed in to their usual LinkedIn account.`,
    ),
    action: { label: 'See how far they are', href },
  };
}

/** To the admin, on working day 5. */
export function stuckOnboardingReminder({ person, days, href, ...to }: To & { person: string; days: number; href: string }): Message {
  return {
    subject: stuckOnboardingSentence(person, days),
    text: letter(to, `${stuckOnboardingSentence(person, days)}\n\nCall them. Send the activation link and the troubleshooting guide.`),
    action: { label: `Open ${person}`, href },
  };
}

// --- The person who is invited ---

const addAddress = `1. Open linkedin.com and sign in as you always do.
2. Click your picture at the top, then "Settings & Privacy".
3. Under "Sign in & security" choose "Email addresses", then "Add email address".
4. Enter the address this mail came to. LinkedIn sends you a code: type it in.`;

export interface InvitationReminder extends To {
  /** Which of ours it is: 1, 2 … */
  readonly number: number;
  /** ISO 8601; null where the list does not say when they were invited. */
  readonly invitedAt: string | null;
  /** The account's universal invite link; null: nobody gave it. */
  readonly universalLink: string | null;
}

/** To somebody whose invitation to Sales Navigator is open. */
export function invitationReminder({ number, invitedAt, universalLink, ...to }: InvitationReminder): Message {
  const sent = invitedAt === null ? 'LinkedIn has sent an invitation' : `LinkedIn sent an invitation on ${dayInWords(invitedAt)}`;
  const way =
    universalLink === null
      ? `Find LinkedIn's invitation in this mailbox, also under spam, and press its button.`
      : 'Press the button of this mail. It works for this address, which your admin has added.';
  return {
    subject: number === 1 ? 'Your Sales Navigator license is waiting for you' : 'Your Sales Navigator license is still waiting for you',
    text: letter(
      to,
      `you have a Sales Navigator license that you have not activated. ${sent} to this address. It takes five minutes, best on a computer.

1. Sign in to the LinkedIn account you already have, and add this address to it: "Settings & Privacy", "Sign in & security", "Email addresses".
2. ${way}
3. If LinkedIn shows a new, empty profile, stop there and tell your Sales Navigator admin.

You don't need the license? Tell your admin, so that a colleague can have it.`,
    ),
    action: {
      label: universalLink === null ? 'Open Sales Navigator' : 'Activate Sales Navigator',
      href: universalLink ?? 'https://www.linkedin.com/sales',
    },
  };
}

export interface AddressFirst extends To {
  /** Until when the link works, ISO 8601. */
  readonly until: string;
  readonly href: string;
}

/** Before a first invitation: whoever accepts it with an address their LinkedIn account does not have gets a second, empty profile. */
export function addressFirstMessage({ until, href, ...to }: AddressFirst): Message {
  return {
    subject: 'Before your Sales Navigator invitation: add this address to LinkedIn',
    text: letter(
      to,
      `you are about to get a Sales Navigator license. LinkedIn will send its invitation to this address. Please add this address to the LinkedIn account you already have, before the invitation comes. It takes two minutes.

${addAddress}
5. Come back here and tell us with the button below.

Why it matters: if you accept the invitation without adding the address first, LinkedIn makes a second, empty profile for you, without your connections.

You have no LinkedIn account, or are not the person meant? The same button lets you say so. The link works until ${dayInWords(until)}.`,
    ),
    action: { label: 'I have added the address', href },
  };
}

export interface Note extends To {
  readonly subject: string;
  /** An admin's own words. */
  readonly text: string;
  /** ISO 8601 day that it is about; null: none. */
  readonly on: string | null;
}

/** An announcement in an admin's own words. */
export function noteMessage({ subject, text, on, name }: Note): Message {
  const day = on === null ? '' : `\n\nThe day: ${dayInWords(on)}.`;
  return {
    subject: on === null ? subject : `${subject} (${dayInWords(on)})`,
    text: `${name ? `Hello ${name},\n\n` : ''}${text.trim()}${day}`,
    action: { label: 'Open Sales Navigator', href: 'https://www.linkedin.com/sales' },
  };
}

/** A post to the team's chat: names, no addresses. */
export function invitationPost({ names, universalLink }: { readonly names: readonly string[]; readonly universalLink: string }): Message {
  const shown = names.slice(0, 30);
  const more = names.length - shown.length;
  return {
    subject: `${people(names.length)} with a Sales Navigator license that waits`,
    text: `${names.length === 1 ? 'This person has' : 'These people have'} a license and ${names.length === 1 ? 'has' : 'have'} not activated it yet. The link below activates it. It works only for people an admin has added, with their work email: add that to your LinkedIn account first.

${shown.map((name) => `- ${name}`).join('\n')}${more > 0 ? `\n- and ${more} more` : ''}`,
    action: { label: 'Activate Sales Navigator', href: universalLink },
  };
}

// --- The admin who carries files ---

/** A file was downloaded and nobody said what became of it; after 1, 3 and 7 days. */
export function uploadedReminder({ file, days, href, ...to }: To & { file: string; days: number; href: string }): Message {
  return {
    subject: `You downloaded ${file} ${ago(days)}. Uploaded?`,
    text: letter(
      to,
      `you downloaded ${file} ${ago(days)}. Did you upload it to Admin Center?\n\nYes, not yet, or throw it away: say it on the page. Until then no other file is given out.`,
    ),
    action: { label: 'Say what became of it', href },
  };
}

/** Said to be uploaded, and no result file or export was brought. */
export function proofReminder({ file, days, href, ...to }: To & { file: string; days: number; href: string }): Message {
  return {
    subject: `Bring back the proof for ${file}`,
    text: letter(
      to,
      `${file} was uploaded ${ago(days)}. We don't know yet what LinkedIn did with it.\n\nDrop LinkedIn's result file on the page, or a new export.`,
    ),
    action: { label: 'Bring it back', href },
  };
}

/** Between off and on. `since` as "10:14". */
export function giveBackReminder({ names, since, href, ...to }: To & { names: readonly string[]; since: string; href: string }): Message {
  return {
    subject: `${namesInWords(names)} ${have(names)} no license since ${since}. Upload the give-back file now`,
    text: letter(
      to,
      `${namesInWords(names)} ${have(names)} no license since ${since} today.\n\nUpload the give-back file now. It holds everybody who may be without one.`,
    ),
    action: { label: 'Give everyone back', href },
  };
}

/** What changed in the mismatch report since the last digest. */
export function reportDigestMessage({
  changes,
  notMatched,
  licenses,
  cost,
  href,
  ...to
}: To & {
  changes: readonly { readonly change: ReportChange; readonly names: readonly string[] }[];
  notMatched: number;
  licenses: number;
  cost: { readonly perMonth: number; readonly currency: string } | null;
  href: string;
}): Message {
  const count = (change: ReportChange): number => changes.find((one) => one.change === change)?.names.length ?? 0;
  const cutOff = count('new') + count('came-back');
  const back = count('repaired');
  return {
    subject: `Sales Navigator: ${people(cutOff)} newly cut off, ${back} repaired`,
    text: [
      letter(to, 'since the last digest this changed:'),
      changes.map(({ change, names }) => `${reportChangeLabels[change]}, ${names.length}: ${namesInWords(names)}.`).join('\n\n'),
      `Now ${people(notMatched)} of ${licenses} with a license ${notMatched === 1 ? 'is' : 'are'} Not Matched${cost === null ? '' : `, at ${money(cost.perMonth, cost.currency)} a month`}.`,
    ].join('\n\n'),
    action: { label: 'Open the report', href },
  };
}

/** A scheduled comparison planned and approved email changes by itself, and a person carries the file. */
export function autoRepairNotice({
  count,
  schedule,
  file,
  href,
  ...to
}: To & { count: number; schedule: string; file: string; href: string }): Message {
  const emails = count === 1 ? '1 license email' : `${count} license emails`;
  return {
    subject: `A file waits for you: ${emails} to correct`,
    text: letter(
      to,
      `the schedule ${schedule} found ${emails} that ${count === 1 ? 'differs' : 'differ'} from the CRM, each of somebody who is surely known, and made ${file}. No invitation is sent and no license is removed.\n\nDownload it, upload it in Admin Center, and bring back what LinkedIn says.`,
    ),
    action: { label: 'Open the repair', href },
  };
}

/** The wait for LinkedIn's daily CRM job is over. */
export function newExportReminder({ count, href, ...to }: To & { count: number; href: string }): Message {
  return {
    subject: `Bring a new export: has LinkedIn matched ${people(count)}?`,
    text: letter(
      to,
      `${count === 1 ? 'the email of 1 person was' : `the emails of ${count} people were`} corrected, and LinkedIn's daily CRM job has run since. A new export shows if LinkedIn matched them.`,
    ),
    action: { label: 'Bring a new export', href },
  };
}

/** What did not fit into a month's assignments. `month` as "November", `nextOn` ISO 8601 day. */
export function nextWaveReminder(facts: To & { count: number; month: string; nextOn: string; href: string }): Message {
  const next = dayInWords(facts.nextOn);
  return {
    subject: `${people(facts.count)} could not be repaired in ${facts.month}. Next on ${next}`,
    text: letter(
      facts,
      `${people(facts.count)} could not be repaired in ${facts.month}: the assignments of the month were used up. They are next on ${next}.\n\nApprove their plan again then.`,
    ),
    action: { label: 'Open the plan', href: facts.href },
  };
}

/** An email task nobody touched for 14 days. */
export function stoppedNotice({ file, days, href, ...to }: To & { file: string; days: number; href: string }): Message {
  return {
    subject: `${file} was stopped: nothing was removed`,
    text: letter(
      to,
      `${file} was downloaded ${days} days ago, and nobody brought back what LinkedIn did with it. It is closed. No license was removed; emails that were changed all the same are recognised in the next export.`,
    ),
    action: { label: 'Open the plan', href },
  };
}

/** A sitting that was planned for a time. `at` as "Tuesday 10:00". */
export function sittingReminder({
  count,
  at,
  minutes,
  href,
  ...to
}: To & { count: number; at: string; minutes: number; href: string }): Message {
  return {
    subject: `${at}: ${people(count)}, about ${minutes} minutes without a pause`,
    text: letter(
      to,
      `you planned this sitting for ${at}: the licenses of ${people(count)} are taken off and given back. You need about ${minutes} minutes, a computer, and must not stop between off and on.`,
    ),
    action: { label: 'Open the sitting', href },
  };
}

/** To see that a post arrives. */
export function testPost(by: string): Message {
  return {
    subject: 'Posts from Seatmatch arrive here',
    text: `${by} sent this to see if it arrives. It does: nothing else to do.`,
    action: { label: 'Open the outbox', href: '/outbox' },
  };
}

/** To whoever sits at a phone and asked for it: LinkedIn's admin pages need a desktop (help a162746). */
export function openOnDesktopMessage(by: string, href: string): Message {
  return {
    subject: 'Open this on a desktop',
    text: `${by} sent this link from a phone. LinkedIn's admin pages work on a desktop only: open it there and go on where you were.`,
    action: { label: 'Open it in Seatmatch', href },
  };
}

/** To see that mail arrives. */
export function testMessage(by: string): Message {
  return {
    subject: 'Mail from Seatmatch arrives here',
    text: `${by} sent this mail to see if mail arrives. It does: nothing else to do.`,
    action: { label: 'Open the settings', href: '/settings' },
  };
}
