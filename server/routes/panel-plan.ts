import type { Job, PanelPlan, PanelPlanPeople, PanelPlanPerson, Plan, PlanPerson, Rematch } from '../api.ts';
import { fileStateLabels, planStateLabels } from '../core/labels.ts';
import type { Tone } from '../core/status.ts';
import { momentInWords, toneOfPlan } from './panel-overview.ts';

export interface PlanParts {
  readonly plan: Plan;
  /** Null: it was never approved. */
  readonly job: Job | null;
  readonly people: PanelPlanPeople;
  readonly canAct: boolean;
  /** The page that hands out files and takes proofs; null: nobody outside the server's machine reaches it. */
  readonly href: string | null;
}

/** What a plan would do, or how far it is, as a panel shows it. */
export function panelPlanOf({ plan, job, people, canAct, href }: PlanParts): PanelPlan {
  const isDraft = plan.state === 'draft';
  return {
    id: plan.id,
    number: plan.number,
    title: plan.title,
    state: plan.state,
    stateWords: planStateLabels[plan.state],
    tone: toneOfPlan(plan.state, plan.withoutLicense),
    price: plan.price,
    steps: plan.steps,
    facts: plan.facts,
    stops: isDraft ? plan.trips.map(({ sentence, nextStep }) => ({ sentence, nextStep })) : [],
    notes: isDraft ? plan.notes : [],
    approval:
      isDraft && canAct
        ? {
            heading: 'Approve this plan?',
            sentence: plan.approval.sentence,
            button: plan.approval.button,
            seal: plan.seal,
            possible: plan.trips.length === 0,
          }
        : null,
    progress: {
      value: plan.done,
      of: plan.people,
      sentence: isDraft ? 'Nothing happens before it is approved.' : progressSentence(plan, job),
      counts: (job?.counts ?? []).map(({ label, count }) => ({
        label: label[0]!.toUpperCase() + label.slice(1),
        count,
        tone: toneOfCount(label),
      })),
    },
    tasks: (job?.tasks ?? []).map((task) => ({
      id: task.name,
      title: task.title,
      sentence:
        task.waitingFor ??
        (task.isOpen
          ? `Step ${job!.step.n} of ${job!.step.m}: ${job!.step.sentence}.`
          : `Seen at LinkedIn: ${task.seen.n} of ${task.seen.of}.`),
      tone: task.isOpen ? (job!.giveBack ? 'bad' : 'info') : task.state === 'seen' || task.state === 'closed' ? 'good' : 'neutral',
      state: task.state === null ? 'Not made yet' : fileStateLabels[task.route][task.state],
      isOpen: task.isOpen,
      log: task.log.map(({ state, at, by }) => `${fileStateLabels[task.route][state]}: ${momentInWords(at)}, ${by}`),
    })),
    giveBack: job?.giveBack ? { sentence: job.giveBack.sentence, people: job.giveBack.people } : null,
    next: job?.end ?? null,
    people,
    leftOut: [
      ...plan.leftOut.map(({ name, sentence }) => ({ name, sentence })),
      ...(job?.heldBack ?? []).map(({ name, sentence }) => ({ name, sentence })),
    ],
    actions: actionsOf(plan, job, canAct, href),
    poll: plan.state !== 'running' ? null : job?.delivered ? 2 : 30,
  };
}

function progressSentence(plan: Plan, job: Job | null): string {
  if (plan.state === 'running' && job) return `Step ${job.step.n} of ${job.step.m}: ${job.step.sentence}.`;
  const stopped = plan.stopped > 0 ? `, ${plan.stopped} stopped` : '';
  return `${planStateLabels[plan.state]}: ${plan.done} of ${plan.people} repaired${stopped}.`;
}

const toneOfCount = (label: string): Tone =>
  label.startsWith('now: ')
    ? 'info'
    : label.startsWith('stopped')
      ? 'bad'
      : label.startsWith('still')
        ? 'warning'
        : label.startsWith('cancelled') || label.startsWith('left out')
          ? 'neutral'
          : 'good';

const cancelConfirm =
  'Changes that LinkedIn already made stay. If somebody has no license right now, the plan ends once everybody has theirs back.';

function actionsOf({ state }: Plan, job: Job | null, canAct: boolean, href: string | null): PanelPlan['actions'] {
  if (!canAct) return [];
  const byHand = job?.tasks.some(({ isOpen, route }) => isOpen && route !== 'scim') ?? false;
  return [
    ...(byHand && href !== null ? [{ id: 'open' as const, label: 'Get the file and bring the proof', confirm: null, href }] : []),
    ...(state === 'running' ? [{ id: 'pause' as const, label: 'Pause', confirm: null, href: null }] : []),
    ...(state === 'paused' ? [{ id: 'resume' as const, label: 'Go on', confirm: null, href: null }] : []),
    ...(state === 'draft' || state === 'running' || state === 'paused'
      ? [{ id: 'cancel' as const, label: 'Cancel the plan', confirm: cancelConfirm, href: null }]
      : []),
  ];
}

/** Somebody of a plan that nobody approved yet. */
export const plannedPerson = ({ key, name, before, after, price }: PlanPerson): PanelPlanPerson => ({
  key,
  name,
  before: before.map(({ text }) => text).join(''),
  after: after.map(({ text }) => text).join(''),
  state: 'Planned',
  sentence: price,
  tone: 'neutral',
});

/** Somebody on their way through a plan. */
export const repairedPerson = ({
  key,
  name,
  oldEmail,
  newEmail,
  label,
  sentence,
  ended,
  withoutLicenseSince,
}: Rematch): PanelPlanPerson => ({
  key,
  name,
  before: oldEmail,
  after: newEmail,
  state: label,
  sentence,
  tone: withoutLicenseSince
    ? 'bad'
    : ended === null
      ? 'info'
      : (
          {
            repaired: 'good',
            'emails-agree': 'good',
            undone: 'good',
            'handed-over': 'good',
            'full-offered': 'warning',
            cancelled: 'neutral',
            'left-out': 'neutral',
            failed: 'bad',
            conflict: 'bad',
          } as const
        )[ended],
});
