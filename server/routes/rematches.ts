import type { Rematch } from '../api.ts';
import { endLabels } from '../core/job-view.ts';
import { isBetweenOffAndOn, minutesWithout, rematchWording, stepNames, stepOf } from '../core/rematch.ts';
import type { RematchStep } from '../core/status.ts';
import type { PlanDesk } from '../jobs/plan-desk.ts';
import { answerFor, observePerson, steerPerson } from '../jobs/steer-plan.ts';
import { findRematch, historyOfRematch, listRematches, type RematchHistory, type StoredRematch } from '../store/rematch.ts';
import { readSettings } from '../store/setting.ts';
import type { Workspace } from '../store/workspace.ts';
import type { Handlers } from './endpoint.ts';
import { notFound } from './problem.ts';

type RematchEndpoint =
  | 'listRematches'
  | 'getRematch'
  | 'cancelRematch'
  | 'pauseRematch'
  | 'resumeRematch'
  | 'answerRematch'
  | 'observeRematch';

export function rematchRoutes({ desk, workspace }: { desk: PlanDesk; workspace: Workspace }): Pick<Handlers, RematchEndpoint> {
  const { pool } = desk;
  const crmName = async (): Promise<string> => (await readSettings(pool, workspace)).settings.crmName;
  return {
    async listRematches({ query }) {
      const filter = {
        planId: query.planId,
        findingKey: query.key,
        ended: query.ended === undefined ? undefined : query.ended === 'true',
        withoutLicense: query.withoutLicense === 'true' || undefined,
      };
      const page = await listRematches(pool, workspace, filter, { after: query.cursor ?? null, limit: query.limit });
      const crm = await crmName();
      const now = desk.now().toISOString();
      return { ...page, rows: page.rows.map((row) => toRematch(row, now, crm)) };
    },
    async getRematch({ params }) {
      const found = await findRematch(pool, workspace, params.id);
      if (!found) throw notFound('This repair');
      const history = await historyOfRematch(pool, workspace, params.id);
      return { ...toRematch(found, desk.now().toISOString(), await crmName()), history: history.map(toLine) };
    },
    cancelRematch: async ({ params, actor }) => ({ sentence: await steerPerson(desk, workspace, params.id, 'cancel', actor.name) }),
    async pauseRematch({ params, actor }) {
      await steerPerson(desk, workspace, params.id, 'pause', actor.name);
    },
    async resumeRematch({ params, actor }) {
      await steerPerson(desk, workspace, params.id, 'resume', actor.name);
    },
    answerRematch: ({ params, body, actor }) => answerFor(desk, workspace, params.id, body.answer, actor.name, body.reason),
    observeRematch: ({ params, body, actor }) => observePerson(desk, workspace, params.id, body.verdict, body.on, actor.name),
  };
}

function toRematch({ id, planId, findingKey, route, state, changedAt }: StoredRematch, now: string, crmName: string): Rematch {
  const { n, m } = stepOf(state);
  const wording = rematchWording(state, now, crmName, route);
  const minutes = minutesWithout(state, now);
  const isOver = state.ended !== null;
  return {
    id,
    planId,
    key: findingKey,
    licenseId: state.licenseId,
    name: state.name,
    oldEmail: state.oldEmail,
    newEmail: state.newEmail,
    mode: state.mode,
    route,
    step: state.step,
    stepNumber: n,
    steps: m,
    ended: state.ended,
    cause: state.cause,
    paused: state.paused,
    label: isOver ? capital(endLabels[state.ended]) : wording.label,
    sentence: isOver ? (state.cause ?? `${capital(endLabels[state.ended])}.`) : wording.sentence,
    nextStep: isOver ? '' : wording.nextStep,
    actor: isOver ? 'nobody-wait' : wording.actor,
    dueAt: state.waitUntil,
    withoutLicenseSince: isBetweenOffAndOn(state) ? state.licenseOffAt : null,
    minutesWithoutLicense: minutes?.license ?? null,
    minutesWithoutAccess: minutes?.access ?? null,
    question: state.asked && {
      askedAt: state.asked.at,
      until: state.asked.until,
      answer: state.answer?.answer ?? null,
      by: state.answer?.by ?? null,
    },
    changedAt,
  };
}

const capital = (text: string): string => text[0]!.toUpperCase() + text.slice(1);

const eventWords: Readonly<Record<string, string>> = {
  row: 'LinkedIn’s answer to the file',
  read: 'Seen in an export',
  'handed-over': 'The file was handed over',
  asked: 'The person was asked at the new address',
  answered: 'The question was answered',
  observed: 'Somebody looked in Admin Center',
  reminded: 'Reminded to accept the invitation',
  time: 'The time was up',
  'left-out': 'Left out',
  'not-removed': 'The license was not removed',
  pause: 'Paused',
  resume: 'Resumed',
  cancel: 'Cancelled',
};

/** "Seen in an export. Now: wait for LinkedIn." */
function toLine({ at, actor, step, event, detail }: RematchHistory) {
  const words = event.split(', ').map((kind) => eventWords[kind] ?? kind);
  const ended = typeof detail.ended === 'string' ? ` Ended: ${endLabels[detail.ended as keyof typeof endLabels]}.` : '';
  const reason = typeof detail.reason === 'string' ? ` “${detail.reason}”` : '';
  return { at, actor, sentence: `${[...new Set(words)].join(', ')}.${reason}${ended || ` Now: ${stepNames[step as RematchStep]}.`}` };
}
