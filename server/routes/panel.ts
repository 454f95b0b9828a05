import type pg from 'pg';
import type { Overview, PanelPeople, PanelPlanPeople, PanelRecord } from '../api.ts';
import { actorLabels, statusLabels } from '../core/labels.ts';
import { actors, type Actor as NextActor, statuses } from '../core/status.ts';
import { findKeyOfCrmUser } from '../store/finding.ts';
import type { Actor } from '../store/session.ts';
import type { Call, Handlers } from './endpoint.ts';
import { type HandOverAddressParts, handOverAddress } from './hand-over-address.ts';
import { panelCallerOf } from './panel-caller.ts';
import { panelOf } from './panel-overview.ts';
import { changedEmailWarning, nobodyOnRecord, panelPersonDetailOf, panelPersonOf } from './panel-person.ts';
import { panelPlanOf, plannedPerson, repairedPerson } from './panel-plan.ts';
import { whyNoAct } from './panel-rights.ts';
import { panelWords } from './panel-words.ts';
import { RequestRefused } from './problem.ts';

type PanelEndpoint = 'getPanel' | 'listPanelPeople' | 'getPanelPerson' | 'getPanelRecord' | 'getPanelPlan' | 'listPanelPlanPeople';

/** What the API says elsewhere, which panels show in words. */
type Told = Pick<
  Handlers,
  | 'getOverview'
  | 'listAlarms'
  | 'listJobs'
  | 'listPlans'
  | 'listSchedules'
  | 'listConnections'
  | 'listPeople'
  | 'getPerson'
  | 'listRematches'
  | 'getPlan'
  | 'getJob'
  | 'listPlanPeople'
>;

export interface PanelParts extends HandOverAddressParts {
  readonly pool: pg.Pool;
}

const shownPlanPeople = 25;

export function panelRoutes(parts: PanelParts, told: Told): Pick<Handlers, PanelEndpoint> {
  const { pool, workspace } = parts;
  const asks = (call: Call<unknown>) => ({ ...call, params: undefined, query: undefined, body: undefined, actor: call.actor as Actor });

  async function planPeople(
    call: Call<unknown>,
    id: string,
    isDraft: boolean,
    total: number,
    page: { cursor?: string | undefined; limit: number },
  ) {
    const asked = asks(call);
    const { cursor, limit } = page;
    if (isDraft) {
      const planned = await told.listPlanPeople({ ...asked, params: { id }, query: { cursor, limit } });
      return { total, rows: planned.rows.map(plannedPerson), next: planned.next };
    }
    const { rows, next } = await told.listRematches({ ...asked, query: { planId: id, cursor, limit } });
    return { total, rows: rows.map(repairedPerson), next } satisfies PanelPlanPeople;
  }

  async function personDetail(call: Call<unknown>, key: string, overview: Overview) {
    const asked = asks(call);
    const [person, { rows }] = await Promise.all([
      told.getPerson({ ...asked, params: { key } }),
      told.listRematches({ ...asked, query: { key, limit: 20 } }),
    ]);
    const { canAct } = viewerOf(call);
    return { person, detail: panelPersonDetailOf(person, rows, overview.contract.crmName, { canAct, rootCauses: overview.rootCauses }) };
  }

  return {
    async getPanel(call) {
      const asked = asks(call);
      const [overview, alarms, jobs, plans, schedules, connections] = await Promise.all([
        told.getOverview(asked),
        told.listAlarms(asked),
        told.listJobs(asked),
        told.listPlans({ ...asked, query: { limit: 20 } }),
        told.listSchedules(asked),
        told.listConnections(asked),
      ]);
      return panelOf({
        viewer: viewerOf(call),
        overview,
        alarms: alarms.rows,
        jobs: jobs.rows,
        plans: plans.rows,
        schedules: schedules.rows,
        connections: connections.rows,
      });
    },
    async listPanelPeople(call) {
      const { status, ...query } = call.query;
      const narrows = [status, query.reason, query.rootCause, query.actor, query.change, query.search].some((given) => given !== undefined);
      const wanted = status?.includes('all')
        ? undefined
        : (status?.filter((one) => one !== 'all') ?? (narrows ? undefined : ['not-matched' as const]));
      const asked = asks(call);
      const [overview, page] = await Promise.all([
        told.getOverview(asked),
        told.listPeople({ ...asked, query: { ...query, status: wanted } }),
      ]);
      const { canAct } = viewerOf(call);
      return {
        rows: page.rows.map((finding) => panelPersonOf(finding, { canAct, rootCauses: overview.rootCauses })),
        total: page.total,
        totalSentence: page.total === 1 ? '1 person' : `${page.total.toLocaleString('en-US')} people`,
        next: page.next,
        filters: filtersOf(overview),
      };
    },
    async getPanelPerson(call) {
      const overview = await told.getOverview(asks(call));
      return (await personDetail(call, call.params.key, overview)).detail;
    },
    async getPanelRecord(call) {
      const { crmUserId, ownerId, email } = call.query;
      if ((crmUserId === undefined) === (ownerId === undefined))
        throw new RequestRefused(400, 'Say which record it is: crmUserId or ownerId.');
      const overview = await told.getOverview(asks(call));
      const { crmName } = overview.contract;
      const userId = crmUserId ?? (await panelCallerOf(call.request)?.userOfOwner?.(ownerId!)) ?? null;
      const key = userId === null ? null : await findKeyOfCrmUser(pool, workspace, userId);
      const shared = { words: panelWords, viewer: viewerOf(call) };
      if (key === null) return { ...nobodyOnRecord(crmName, overview.latest !== null), warning: null, ...shared };
      const { person, detail } = await personDetail(call, key, overview);
      return {
        found: true,
        heading: detail.reason,
        sentence: detail.sentence,
        tone: detail.tone,
        person: detail,
        warning: changedEmailWarning(person.finding, email, crmName),
        ...shared,
      };
    },
    async getPanelPlan(call) {
      const asked = asks(call);
      const plan = await told.getPlan({ ...asked, params: call.params });
      const wasApproved = plan.approvedAt !== null;
      const [job, people] = await Promise.all([
        wasApproved ? told.getJob({ ...asked, params: call.params }) : null,
        planPeople(call, plan.id, !wasApproved, plan.people, { limit: shownPlanPeople }),
      ]);
      const { canAct } = viewerOf(call);
      return panelPlanOf({
        plan,
        job,
        people,
        canAct,
        href: canAct ? ((await handOverAddress(parts, plan.id, call.actor, call.request))?.href ?? null) : null,
      });
    },
    async listPanelPlanPeople(call) {
      const plan = await told.getPlan({ ...asks(call), params: call.params });
      return planPeople(call, plan.id, plan.approvedAt === null, plan.people, call.query);
    },
  };
}

/** Who looks, and whether they may act: in the console everybody may. */
function viewerOf({ actor, request }: Call<unknown>): PanelRecord['viewer'] {
  const caller = panelCallerOf(request);
  const sentence = caller && whyNoAct(caller);
  return { name: actor.name, canAct: sentence === null, sentence };
}

/** What a list can be narrowed by, with how many people there are. */
function filtersOf({ byStatus, byReason, rootCauses }: Overview): PanelPeople['filters'] {
  const present = statuses.filter((status) => byStatus.some((one) => one.status === status));
  return [
    {
      id: 'status',
      label: panelWords.status,
      options: [
        ...present.map((status) => ({
          value: status,
          label: statusLabels[status],
          count: byStatus.find((one) => one.status === status)?.count ?? 0,
        })),
        { value: 'all', label: panelWords.all, count: null },
      ],
    },
    {
      id: 'reason',
      label: panelWords.reason,
      options: byReason
        .filter(({ status }) => status === 'not-matched')
        .map(({ reason, label, count }) => ({ value: reason, label, count })),
    },
    {
      id: 'actor',
      label: panelWords.actor,
      options: actors.map((actor: NextActor) => ({ value: actor, label: actorLabels[actor], count: null })),
    },
    {
      id: 'change',
      label: 'Since the last run',
      options: [
        { value: 'new', label: 'New', count: null },
        { value: 'came-back', label: 'Came back', count: null },
        { value: 'repaired', label: 'Repaired', count: null },
      ],
    },
    { id: 'rootCause', label: panelWords.causes, options: rootCauses.map(({ id, title, count }) => ({ value: id, label: title, count })) },
  ];
}
