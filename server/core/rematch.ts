import { hasCrmSync } from './crm-sync.ts';
import { joinKeyOf } from './email.ts';
import type { RowOutcome } from './plan-progress.ts';
import type { PlanMode, QuestionAnswer, RematchEnd, RematchStep, Route, Verdict } from './status.ts';
import { guardSentence, type Wording, wordingOf } from './wording.ts';

export type RematchPurpose = 'undo' | 'hand-over-from' | 'hand-over-to' | 'reclaim' | 'give-back';

/** One person's way through an approved plan. Times are ISO 8601. */
export interface Rematch {
  readonly mode: PlanMode;
  /** Which kind of CRM the contract has. Absent in rematches from before it was kept. */
  readonly crmKind?: string;
  /**
   * Absent: the emails are to agree. `undo` writes the email from before; the next two pass a license from a leaver to a successor;
   * `reclaim` takes one for good, and `give-back` turns that back.
   */
  readonly purpose?: RematchPurpose;
  readonly licenseId: string;
  readonly seatId: string;
  readonly uniqueUserId: string;
  readonly crmUserId: string;
  readonly name: string;
  readonly oldEmail: string;
  /** The address that must hold; equal to `oldEmail` where only the license is given anew. */
  readonly newEmail: string;
  /** License types as the export wrote them before: given back exactly. */
  readonly licenses: readonly string[];
  readonly step: RematchStep;
  readonly stepSince: string;
  readonly ended: RematchEnd | null;
  /** Why it stopped, in one sentence; null while nothing stopped it. */
  readonly cause: string | null;
  readonly paused: boolean;
  /** Asked for between off and on: it ends once the license is back. */
  readonly cancelAsked: boolean;
  readonly emailSeenAt: string | null;
  /** When LinkedIn's daily CRM job should have shown the new email. */
  readonly waitUntil: string | null;
  readonly asked: { readonly at: string; readonly until: string } | null;
  readonly answer: { readonly answer: QuestionAnswer; readonly at: string; readonly by: string; readonly reason: string | null } | null;
  /** When the license-off file was handed over, or a read first showed the license gone. */
  readonly licenseOffAt: string | null;
  /** When a read showed that it is gone: only then it is given on. */
  readonly licenseOffSeenAt: string | null;
  readonly licenseOnAt: string | null;
  readonly activatedAt: string | null;
  /** How many reminders to accept the invitation went out. */
  readonly reminders: number;
  readonly observed: { readonly verdict: Verdict; readonly at: string; readonly by: string } | null;
  /** Age of the newest read that showed this person, and what it showed. */
  readonly readAt: string | null;
  readonly seen: SeenInPlan | null;
}

/** What a plan knows of a person when it is approved. */
export type RematchStart = Pick<
  Rematch,
  'mode' | 'crmKind' | 'purpose' | 'licenseId' | 'seatId' | 'uniqueUserId' | 'crmUserId' | 'name' | 'oldEmail' | 'newEmail' | 'licenses'
>;

export function startRematch(start: RematchStart, at: string): Rematch {
  return {
    ...start,
    step: firstStep(start),
    stepSince: at,
    ended: null,
    cause: null,
    paused: false,
    cancelAsked: false,
    emailSeenAt: null,
    waitUntil: null,
    asked: null,
    answer: null,
    licenseOffAt: null,
    licenseOffSeenAt: null,
    licenseOnAt: null,
    activatedAt: null,
    reminders: 0,
    observed: null,
    readAt: null,
    seen: null,
  };
}

function firstStep({ purpose, mode, oldEmail, newEmail }: RematchStart): RematchStep {
  // Who leaves is not asked, and who follows has no license that could be taken.
  if (purpose === 'hand-over-from' || purpose === 'reclaim') return 'remove-license';
  if (isGivenTo({ purpose })) return 'reassign-license';
  if (joinKeyOf(oldEmail) !== joinKeyOf(newEmail)) return 'update-email';
  return mode === 'full' ? 'ask-person' : 'wait';
}

/** One person as a read of LinkedIn shows them. `unknown`: the export has no such column. */
export interface AccountSeen {
  readonly email: string;
  readonly licenses: readonly string[];
  readonly state: 'none' | 'invited' | 'activated' | 'licensed' | 'unknown';
  /** LinkedIn's own verdict. */
  readonly crmStatus: Verdict;
  readonly crmSync: 'on' | 'off' | 'unknown';
}

/** Somebody of a plan in a read. */
export interface SeenInPlan extends AccountSeen {
  /** Whether the read showed the new address at somebody else. */
  readonly isTargetTaken: boolean;
}

export type RematchEvent =
  /** A row of a file: what LinkedIn's answer or an export said of it. */
  | { readonly kind: 'row'; readonly file: 'email' | 'license-off' | 'license-on'; readonly outcome: RowOutcome }
  /** The file with this person's row was handed over: to Admin Center by a person's word, or by a delivery. */
  | { readonly kind: 'handed-over'; readonly file: 'email' | 'license-off' | 'license-on' }
  | { readonly kind: 'read'; readonly account: SeenInPlan; readonly asOf: string }
  /** A complete read has nobody with their IDs or either address. */
  | { readonly kind: 'missing'; readonly asOf: string }
  | { readonly kind: 'asked'; readonly until: string }
  | { readonly kind: 'answered'; readonly answer: QuestionAnswer; readonly reason: string | null }
  | { readonly kind: 'observed'; readonly verdict: Exclude<Verdict, 'unknown'>; readonly on: string }
  | { readonly kind: 'reminded' }
  | { readonly kind: 'time' }
  | { readonly kind: 'left-out'; readonly cause: string }
  /** The license-off file is through, and a read after it still shows the license. */
  | { readonly kind: 'not-removed'; readonly cause: string }
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'cancel' };

export interface RematchContext {
  /** ISO 8601. */
  readonly at: string;
  readonly by: string;
  /** How long LinkedIn's CRM job may take to show a correction. */
  readonly crmJobHours: number;
}

const hourMs = 3_600_000;
const later = (at: string, hours: number): string => new Date(Date.parse(at) + hours * hourMs).toISOString();
const same = (a: string, b: string): boolean => joinKeyOf(a) === joinKeyOf(b);

/** Between the moment a license may be off and the moment a read shows it back: never cancelled, paused or left lying. */
export const isBetweenOffAndOn = (rematch: Rematch): boolean =>
  rematch.licenseOffAt !== null && rematch.licenseOnAt === null && !isLeaver(rematch);

const isHandOver = ({ purpose }: Rematch): boolean => purpose === 'hand-over-from' || purpose === 'hand-over-to';

/** Their license is not missed by anybody: no clock runs for it. */
const isLeaver = ({ purpose }: Pick<Rematch, 'purpose'>): boolean => purpose === 'hand-over-from' || purpose === 'reclaim';

/** They have no license that could be taken: they only get one. */
const isGivenTo = ({ purpose }: { readonly purpose?: RematchPurpose | undefined }): boolean =>
  purpose === 'hand-over-to' || purpose === 'give-back';

/** Whether an assignment of the month is still to be used for this person. */
export const needsAssignment = (rematch: Rematch): boolean =>
  rematch.mode === 'full' && rematch.licenseOnAt === null && rematch.purpose !== 'reclaim';

/**
 * What becomes of a rematch when something happens. The same object comes back where the event says nothing new, so that a repeat after
 * a crash changes nothing.
 */
export function advanceRematch(rematch: Rematch, event: RematchEvent, context: RematchContext): Rematch {
  const isAboutLicense = event.kind === 'read' ? isBetweenOffAndOn(rematch) : event.kind === 'row' && rematch.licenseOffAt !== null;
  if (rematch.ended !== null && !isAboutLicense) return rematch;
  switch (event.kind) {
    case 'row':
      return afterRow(rematch, event, context);
    case 'handed-over':
      return event.file === 'license-off' && rematch.step === 'remove-license' && rematch.licenseOffAt === null
        ? { ...rematch, licenseOffAt: context.at }
        : rematch;
    case 'read':
      return afterRead(rematch, event.account, event.asOf, context);
    case 'missing':
      return afterMissing(rematch, event.asOf);
    case 'asked':
      return rematch.step === 'ask-person' && rematch.asked === null
        ? { ...rematch, asked: { at: context.at, until: event.until } }
        : rematch;
    case 'answered':
      return afterAnswer(rematch, event, context);
    case 'observed':
      return afterVerdict(
        { ...rematch, observed: { verdict: event.verdict, at: event.on, by: context.by } },
        event.verdict,
        event.on,
        context,
      );
    case 'reminded':
      return rematch.step === 'onboarding' ? { ...rematch, reminders: rematch.reminders + 1 } : rematch;
    case 'time':
      return afterTime(rematch, context);
    case 'left-out':
      return rematch.licenseOffAt === null ? end(rematch, 'left-out', event.cause) : rematch;
    case 'not-removed':
      return rematch.step === 'remove-license' && rematch.licenseOffSeenAt === null
        ? end({ ...rematch, licenseOffAt: null }, 'failed', event.cause)
        : rematch;
    case 'pause':
      return rematch.paused || isBetweenOffAndOn(rematch) ? rematch : { ...rematch, paused: true };
    case 'resume':
      return rematch.paused ? { ...rematch, paused: false } : rematch;
    case 'cancel':
      if (isBetweenOffAndOn(rematch)) return rematch.cancelAsked ? rematch : { ...rematch, cancelAsked: true };
      return end(rematch, 'cancelled', null);
    default:
      return event satisfies never;
  }
}

const end = (rematch: Rematch, ended: RematchEnd, cause: string | null): Rematch => ({ ...rematch, ended, cause, paused: false });

const toStep = (rematch: Rematch, step: RematchStep, at: string): Rematch =>
  rematch.step === step ? rematch : { ...rematch, step, stepSince: at };

function afterRow(rematch: Rematch, { file, outcome }: Extract<RematchEvent, { kind: 'row' }>, context: RematchContext): Rematch {
  if (file === 'email') {
    if (rematch.step !== 'update-email') return rematch;
    if (outcome.outcome === 'done') return emailHolds(rematch, context.at, context);
    if (outcome.outcome === 'left-out') return end(rematch, 'left-out', 'Their row was taken out of the file before it was uploaded.');
    return rematch;
  }
  if (outcome.outcome !== 'done') {
    // The off file came after its on file: whoever it reached is without a license again.
    if (file === 'license-on' && rematch.licenseOnAt !== null && outcome.outcome === 'untouched' && outcome.proven)
      return {
        ...rematch,
        step: 'reassign-license',
        stepSince: context.at,
        licenseOnAt: null,
        activatedAt: null,
        // A new invitation goes out, so there is the rest of the way to go.
        ended: rematch.ended === 'repaired' ? null : rematch.ended,
      };
    return file === 'license-off' &&
      outcome.outcome === 'left-out' &&
      rematch.step === 'remove-license' &&
      rematch.licenseOffSeenAt === null
      ? end({ ...rematch, licenseOffAt: null }, 'left-out', 'Their row was taken out of the file before it was uploaded.')
      : rematch;
  }
  return file === 'license-off' ? licenseGone(rematch, context.at) : licenseBack(rematch, context.at);
}

function emailHolds(rematch: Rematch, at: string, { crmJobHours }: RematchContext): Rematch {
  // The emails differ again, as before: there is nothing to wait for.
  if (rematch.purpose === 'undo') return end({ ...rematch, emailSeenAt: at }, 'undone', null);
  const held = { ...rematch, emailSeenAt: rematch.emailSeenAt ?? at };
  if (!hasCrmSync(rematch.crmKind)) return rematch.mode === 'full' ? toStep(held, 'ask-person', at) : end(held, 'emails-agree', null);
  return toStep({ ...held, waitUntil: rematch.waitUntil ?? later(at, crmJobHours) }, rematch.mode === 'full' ? 'ask-person' : 'wait', at);
}

function licenseGone(rematch: Rematch, at: string): Rematch {
  if (rematch.step !== 'remove-license') return rematch;
  if (isLeaver(rematch)) return end({ ...rematch, licenseOffSeenAt: at }, 'handed-over', null);
  return { ...toStep(rematch, 'reassign-license', at), licenseOffAt: rematch.licenseOffAt ?? at, licenseOffSeenAt: at };
}

function licenseBack(rematch: Rematch, at: string): Rematch {
  if ((rematch.licenseOffAt === null && !isGivenTo(rematch)) || rematch.licenseOnAt !== null) return rematch;
  // As before: whether they use it again is not part of it.
  if (rematch.purpose === 'give-back') return end({ ...rematch, licenseOnAt: at }, 'undone', null);
  const back = { ...toStep(rematch, 'onboarding', at), licenseOnAt: at };
  return rematch.cancelAsked ? end(back, 'cancelled', null) : back;
}

const missing = 'LinkedIn’s complete list has neither of their addresses any more: somebody else removed or moved them.';
const withdrawn = 'The license was taken away in LinkedIn and we didn’t do it.';

function afterRead(before: Rematch, account: SeenInPlan, asOf: string, context: RematchContext): Rematch {
  if (before.readAt !== null && Date.parse(asOf) <= Date.parse(before.readAt)) return before;
  const holds = same(account.email, before.newEmail);
  // An export from before the upload that is compared after it: LinkedIn's result file knows more.
  if (!holds && before.emailSeenAt !== null && Date.parse(asOf) < Date.parse(before.emailSeenAt)) return before;
  let rematch: Rematch = { ...before, readAt: asOf, seen: account };
  if (holds && rematch.step === 'update-email') rematch = emailHolds(rematch, asOf, context);
  // The old address is explained by an upload that is still to come, until the new one was seen once.
  const explained = holds || (same(account.email, rematch.oldEmail) && rematch.emailSeenAt === null);
  const licensed = account.state !== 'none' && (account.state !== 'unknown' || account.licenses.length > 0);
  const known = account.state !== 'unknown' || account.licenses.length > 0;
  if (known && !licensed) {
    const hasNoneYet = isGivenTo(rematch) && rematch.licenseOnAt === null;
    if (rematch.licenseOffAt !== null && rematch.licenseOnAt === null) rematch = licenseGone(rematch, asOf);
    else if (rematch.ended === null && !hasNoneYet) rematch = end(rematch, 'conflict', withdrawn);
  } else if (known && rematch.step === 'reassign-license' && hasAll(account.licenses, rematch.licenses)) {
    rematch = licenseBack(rematch, asOf);
  } else if (known && isBetweenOffAndOn(rematch) && !hasAll(account.licenses, rematch.licenses)) {
    // Something else that they hold stayed.
    rematch = licenseGone(rematch, asOf);
  }
  if (rematch.ended !== null) return rematch;
  if (!explained) return isBetweenOffAndOn(rematch) ? rematch : end(rematch, 'conflict', guardSentence('other-writer'));
  if (rematch.step === 'onboarding' && account.state === 'activated') {
    // There is no CRM Sync to enable, and LinkedIn will never say that they match: the person is back, and that is all.
    if (!hasCrmSync(rematch.crmKind)) return end({ ...rematch, activatedAt: asOf }, 'emails-agree', null);
    rematch = { ...toStep(rematch, 'enable-crm-sync', asOf), activatedAt: asOf, waitUntil: later(asOf, context.crmJobHours) };
  }
  return account.crmStatus === 'unknown' ? afterSilence(rematch, asOf) : afterVerdict(rematch, account.crmStatus, asOf, context);
}

/**
 * Nothing is left to repair of somebody who is not in the list any more. Whoever may be without a license stays on the list of those who
 * must get it back, and a successor may not be in LinkedIn yet.
 */
function afterMissing(rematch: Rematch, asOf: string): Rematch {
  const isOld = Date.parse(asOf) <= Date.parse(rematch.readAt ?? rematch.stepSince);
  if (isOld || isBetweenOffAndOn(rematch) || isHandOver(rematch)) return rematch;
  return end({ ...rematch, readAt: asOf }, 'conflict', missing);
}

/** The types that were recorded; an export without the column shows only that there is a license. */
const hasAll = (now: readonly string[], recorded: readonly string[]): boolean =>
  now.length === 0 || recorded.every((type) => now.some((one) => same(one, type)));

/** LinkedIn's own verdict. Not Matched counts only from after the wait: the job runs once a day. */
function afterVerdict(rematch: Rematch, verdict: Exclude<Verdict, 'unknown'>, on: string, context: RematchContext): Rematch {
  // Whether LinkedIn matches a leaver decides nothing.
  if (isLeaver(rematch)) return rematch;
  const observed = { verdict, at: on, by: context.by };
  const isStill = rematch.step === 'ask-person' || rematch.step === 'remove-license';
  // Matched before anything was taken away: nobody loses a license for nothing.
  if (verdict === 'matched' && isStill && rematch.licenseOffAt === null) return end({ ...rematch, observed }, 'repaired', null);
  if (rematch.step !== 'wait' && rematch.step !== 'enable-crm-sync') return rematch;
  if (verdict === 'matched') return end({ ...rematch, observed }, 'repaired', null);
  if (rematch.waitUntil === null || Date.parse(on) < Date.parse(rematch.waitUntil)) return rematch;
  return rematch.step === 'wait'
    ? end({ ...rematch, observed }, 'full-offered', 'The email is right and LinkedIn still shows Not Matched.')
    : end({ ...rematch, observed }, 'failed', 'The license was given anew and LinkedIn still shows Not Matched.');
}

/** A read after the wait that says nothing of LinkedIn's verdict: the emails agree, and that is all there is to know. */
const afterSilence = (rematch: Rematch, asOf: string): Rematch =>
  rematch.step === 'wait' && rematch.waitUntil !== null && Date.parse(asOf) >= Date.parse(rematch.waitUntil)
    ? end(rematch, 'emails-agree', null)
    : rematch;

function afterAnswer(
  rematch: Rematch,
  { answer, reason }: Extract<RematchEvent, { kind: 'answered' }>,
  { at, by }: RematchContext,
): Rematch {
  if (rematch.step !== 'ask-person' || rematch.answer?.answer === 'confirmed') return rematch;
  const answered = { ...rematch, answer: { answer, at, by, reason } };
  switch (answer) {
    case 'confirmed':
      return toStep(answered, 'remove-license', at);
    case 'wrong-person':
      return end(answered, 'conflict', 'Whoever reads the new address says that it is not theirs.');
    case 'not-now':
      return end(answered, 'left-out', 'They asked not to be moved now.');
    default:
      return answer satisfies never;
  }
}

/** Silence never leads to a removal: whoever did not answer in time is left out. */
function afterTime(rematch: Rematch, { at }: RematchContext): Rematch {
  const { asked, step } = rematch;
  if (step !== 'ask-person' || asked === null || Date.parse(at) < Date.parse(asked.until)) return rematch;
  return end(rematch, 'left-out', guardSentence('not-asked', { ownerName: rematch.name || 'This person' }));
}

/** When somebody must look at this person again even if nothing happens; null when only an event moves them. */
export function rematchDueAt(rematch: Rematch): string | null {
  if (rematch.ended !== null) return null;
  switch (rematch.step) {
    case 'wait':
    case 'enable-crm-sync':
      return rematch.waitUntil;
    case 'ask-person':
      return rematch.asked?.until ?? null;
    case 'onboarding':
      return reminderDueAt(rematch);
    case 'update-email':
    case 'remove-license':
    case 'reassign-license':
      return null;
    default:
      return rematch.step satisfies never;
  }
}

/** Reminders to accept the invitation go out after 1, 2 and 4 working days; on day 5 somebody must call (design §3 step 7). */
export const onboardingDays = [1, 2, 4, 5] as const;

function reminderDueAt({ licenseOnAt, reminders }: Rematch): string | null {
  const days = onboardingDays[reminders];
  return licenseOnAt === null || days === undefined ? null : addWorkingDays(licenseOnAt, days);
}

/** The same time of day, Saturdays and Sundays (UTC) left out. */
export function addWorkingDays(at: string, days: number): string {
  const date = new Date(at);
  for (let left = days; left > 0; ) {
    date.setUTCDate(date.getUTCDate() + 1);
    if (date.getUTCDay() % 6 !== 0) left--;
  }
  return date.toISOString();
}

/** Whether the invitation stays open although all reminders went out. */
export const isStuckInOnboarding = (rematch: Rematch, now: string): boolean =>
  rematch.step === 'onboarding' &&
  rematch.ended === null &&
  rematch.licenseOnAt !== null &&
  Date.parse(now) >= Date.parse(addWorkingDays(rematch.licenseOnAt, onboardingDays.at(-1)!));

/** Both clocks in whole minutes, running until they end; null where nothing was taken away. */
export function minutesWithout(
  rematch: Pick<Rematch, 'purpose' | 'licenseOffAt' | 'licenseOnAt' | 'activatedAt'>,
  now: string,
): { readonly license: number; readonly access: number } | null {
  const { licenseOffAt, licenseOnAt, activatedAt } = rematch;
  if (licenseOffAt === null || isLeaver(rematch)) return null;
  const since = (until: string): number => Math.max(0, Math.floor((Date.parse(until) - Date.parse(licenseOffAt)) / 60_000));
  return { license: since(licenseOnAt ?? now), access: since(activatedAt ?? now) };
}

/** What a step is called, in the middle of a sentence. */
export const stepNames: Readonly<Record<RematchStep, string>> = {
  'update-email': 'update the email',
  wait: 'wait for LinkedIn',
  'ask-person': 'ask the person',
  'remove-license': 'remove the license',
  'reassign-license': 'give the license back',
  onboarding: 'accept the invitation',
  'enable-crm-sync': 'enable CRM sync',
};

const stepNumbers: Readonly<Record<RematchStep, number>> = {
  'update-email': 2,
  wait: 3,
  'ask-person': 4,
  'remove-license': 5,
  'reassign-license': 6,
  onboarding: 7,
  'enable-crm-sync': 8,
};

/** "Step 2 of 3": the design's numbers; the check before the plan was the first. The last one is LinkedIn's match, where there can be one. */
export const stepOf = ({ mode, crmKind, step }: Pick<Rematch, 'mode' | 'crmKind' | 'step'>): { readonly n: number; readonly m: number } => {
  const all = mode === 'full' ? 8 : 3;
  return { n: stepNumbers[step], m: hasCrmSync(crmKind) ? all : all - 1 };
};

export function licenseStateOf(rematch: Rematch): string {
  if (rematch.licenseOnAt === null) return rematch.licenseOffAt === null ? 'untouched' : 'off';
  // A successor had none before.
  const given = rematch.licenseOffAt === null ? 'given' : 'given back';
  return rematch.activatedAt === null ? `${given}, invitation open` : `${given} and active`;
}

const tasks: Readonly<Record<RematchStep, readonly [actor: string, task: string]>> = {
  'update-email': ['LinkedIn admin', 'upload the file with the new email and bring back the proof'],
  wait: ['LinkedIn admin', 'bring a new export once the CRM job has run'],
  'ask-person': ['The person', 'confirm the new address in the message they got'],
  'remove-license': ['LinkedIn admin', 'start the sitting that removes the license and gives it back'],
  'reassign-license': ['LinkedIn admin', 'upload the give-back file and bring back the proof'],
  onboarding: ['The person', 'accept the new invitation'],
  'enable-crm-sync': ['LinkedIn admin', 'enable CRM for them in Admin Center, then bring a new export'],
};

/** What is nobody's task where the server writes over SCIM. */
const scimTasks: Partial<typeof tasks> = {
  'update-email': ['Seatmatch', 'change the email over SCIM and read it back'],
  'reassign-license': ['Seatmatch', 'give the license back over SCIM and read it back'],
};

/** Label, sentence and next step of a running rematch, in the words of wording.md. */
export function rematchWording(
  rematch: Rematch,
  now: string,
  crmName: string,
  route: Route,
): Wording & { readonly reason: 'being-repaired' | 'stuck-onboarding' } {
  const { n, m } = stepOf(rematch);
  if (isStuckInOnboarding(rematch, now)) {
    const days = Math.floor((Date.parse(now) - Date.parse(rematch.licenseOnAt!)) / (24 * hourMs));
    const facts = {
      status: 'being-repaired',
      reason: 'stuck-onboarding',
      crmName,
      idpName: '',
      since: rematch.licenseOnAt,
      n: days,
    } as const;
    return { reason: 'stuck-onboarding', ...wordingOf(facts) };
  }
  const [actorName, task] = (route === 'scim' ? scimTasks[rematch.step] : undefined) ?? tasks[rematch.step];
  const wording = wordingOf({
    status: 'being-repaired',
    reason: 'being-repaired',
    variant: isBetweenOffAndOn(rematch) ? 'no-license' : null,
    crmName,
    idpName: '',
    stepNumber: n,
    steps: m,
    step: stepNames[rematch.step],
    licenseState: licenseStateOf(rematch),
    actorName,
    task,
    time: rematch.licenseOffAt,
    minutes: minutesWithout(rematch, now)?.license ?? null,
  });
  const byPerson = rematch.step === 'ask-person' || rematch.step === 'onboarding';
  const actor = byPerson ? 'the-person' : actorName === 'Seatmatch' ? 'nobody-wait' : wording.actor;
  return { reason: 'being-repaired', ...wording, actor };
}
