import { agreedWindowAt, opensSentence } from '../core/agreed-window.ts';
import { assignmentsLeft } from '../core/guard-ledger.ts';
import { isLicenseKind, type PlanFile, takesForGood } from '../core/plan.ts';
import { fileOut } from '../core/plan-progress.ts';
import { readSettings } from '../store/setting.ts';
import type { OpenPlan } from './change-plan.ts';
import { monthLedger } from './month-ledger.ts';
import { bringsList, gateOf } from './plan-gate.ts';
import { nextSitting } from './steer-plan.ts';

/** What must be known before the next sitting begins, and whether it may begin now. */
export interface SittingGate {
  readonly gate: string;
  readonly needs: readonly { readonly sentence: string; readonly met: boolean }[];
  readonly plannedFor: string | null;
  readonly startedAt: string | null;
  readonly canStart: boolean;
  /** Whether the list that a removal rests on is here, whole and new enough. */
  readonly hasList: boolean;
}

/** Asks the very gate that the off file will meet, as if the sitting began now; null where no license is left to take. */
export async function lookAtSitting(open: OpenPlan): Promise<SittingGate | null> {
  const index = nextSitting(open);
  const { plan: stored, people, context } = open;
  if (index === null || stored.state !== 'running') return null;
  const { plan, progress } = stored;
  const off = plan.files.find((file) => file.sitting === index && file.kind === 'license-off')!;
  const ids = new Set(off.rows.map(({ licenseId }) => licenseId));
  const of = people.filter(({ state }) => ids.has(state.licenseId) && state.ended === null);
  const confirmed = of.filter(({ state }) => state.step === 'remove-license').length;
  const begun = { index, plannedFor: null, startedAt: context.at };
  const otherWhy = (await gateOf(open, { sitting: begun, list: 'later' })).file(off);
  const listWhy = otherWhy === null && !bringsList(stored, off) ? (await gateOf(open, { sitting: begun })).file(off) : null;
  const isEmailDone = !plan.files.some((file, place) => !isLicenseKind(file.kind) && !progress.files.some((made) => made.file === place));
  const agreed = stored.sitting?.index === index ? stored.sitting : null;
  const isHandOver = stored.origin.handOver !== undefined;
  const isForGood = takesForGood(plan.files, plan.files.indexOf(off));
  const list = { sentence: listWhy ?? 'A new export of everybody is here.', met: listWhy === null };
  return {
    gate: isHandOver
      ? `${plan.price} Taking it, bringing the proof and giving it on takes about ${plan.expected.withoutLicense} minutes.`
      : isForGood
        ? `${plan.price} What each person has is recorded, and the file that gives it back is made and checked first.`
        : await gateSentence(open, off, of.length),
    needs: [
      ...(otherWhy === null && !bringsList(stored, off) ? [list] : []),
      ...(isHandOver || isForGood
        ? []
        : [
            { sentence: `Everybody was asked: ${confirmed} of ${of.length} confirmed.`, met: confirmed > 0 },
            { sentence: 'The emails are changed and seen in LinkedIn.', met: isEmailDone },
          ]),
      ...(otherWhy === null ? [] : [{ sentence: otherWhy, met: false }]),
    ],
    plannedFor: agreed?.plannedFor ?? null,
    startedAt: agreed?.startedAt ?? null,
    canStart: confirmed > 0 && isEmailDone && fileOut(progress) === null && otherWhy === null && listWhy === null,
    hasList: otherWhy === null && listWhy === null,
  };
}

/** "You will need about 20 minutes and must not stop between step 3 and step 5. 3 people lose access … 3 of 9 assignments this month." */
async function gateSentence({ client, scope, context, plan: { plan } }: OpenPlan, off: PlanFile, people: number): Promise<string> {
  const known = await readSettings(client, scope);
  const left = assignmentsLeft(await monthLedger(client, scope, known, context.at), 0, context.at);
  const window = agreedWindowAt(known.settings.removalWindow, context.at);
  const isLater = window !== null && Date.parse(window.from) > Date.parse(context.at);
  return [
    `You will need about ${plan.expected.withoutLicense} minutes and must not stop between step 3 and step 5.`,
    `${people === 1 ? 'One person loses' : `${people} people lose`} access until they accept the invitation.`,
    left === null
      ? 'Nobody typed in this month’s assignments, so one person at a time.'
      : `This takes ${people} of the ${left} ${left === 1 ? 'assignment' : 'assignments'} that are left this month.`,
    ...(off.canary && plan.files.some(({ sitting }) => sitting !== null && sitting > off.sitting!)
      ? ['They go first and to the end; everybody else follows once they are in again.']
      : []),
    ...(isLater ? [`Licenses are only taken in the agreed window. ${opensSentence(window, known.settings.removalWindow!.timeZone)}`] : []),
  ].join(' ');
}
