import type pg from 'pg';
import type { Batch, BatchRow, CrmInvitations } from '../api.ts';
import { inCenter } from '../core/admin-center.ts';
import { reinviteSteps, viewCrmInvitation } from '../core/crm-invitation-view.ts';
import { batchOutcome, batchOutcomeSentences, batchSteps, batchWayLabels, isForOne, mostInBatch } from '../core/invitation-batch.ts';
import { activationRate, activationSentence, type InvitationRules, viewInvitation } from '../core/invitation-view.ts';
import { dayInWords } from '../core/messages.ts';
import { reportCsv } from '../core/report-csv.ts';
import type { LicenseKind, Permission } from '../core/status.ts';
import type { Clock } from '../jobs/clock.ts';
import { invitationRows } from '../jobs/look-at-invitations.ts';
import { writeAudit } from '../store/audit.ts';
import { transaction } from '../store/database.ts';
import {
  activationGroups,
  activationTrend,
  countInvitations,
  type InvitationFilter,
  listCrmInvitations,
  listInvitations,
  muteInvitation,
  type StoredInvitation,
  tellInvitations,
  tickReinvited,
} from '../store/invitation.ts';
import {
  discardBatch,
  findBatch,
  insertBatch,
  listBatches,
  listBatchPeople,
  type StoredBatch,
  saveTicks,
} from '../store/invitation-batch.ts';
import { readSettings } from '../store/setting.ts';
import type { Workspace } from '../store/workspace.ts';
import type { Handlers } from './endpoint.ts';
import { notFound, RequestRefused } from './problem.ts';

type InvitationEndpoint =
  | 'listInvitations'
  | 'changeInvitation'
  | 'getManagerTasks'
  | 'listBatches'
  | 'createBatch'
  | 'getBatch'
  | 'getBatchPeople'
  | 'tickBatchStep'
  | 'discardBatch'
  | 'listCrmInvitations'
  | 'sayReinvited';

export interface InvitationParts {
  readonly pool: pg.Pool;
  readonly workspace: Workspace;
  readonly clock: Clock;
}

const dayMs = 86_400_000;
const trendLength = 26;
const batchesShown = 50;

const noStatus =
  'No list says who has accepted. Tick “License status” and “Last invited date” when you download the next export from Admin Center.';
const noDate =
  'The list has no invited date, so age counts from the first list that showed them. Tick “Last invited date” in the next export.';

interface Choice {
  readonly team?: string | undefined;
  readonly manager?: string | undefined;
  readonly search?: string | undefined;
  readonly group?: string | undefined;
  readonly permission?: Permission | undefined;
  readonly kind?: LicenseKind | undefined;
  readonly age: 'all' | 'due' | 'fresh';
}

function filterOf({ team, manager, search, group, permission, kind, age }: Choice, rules: InvitationRules, now: string): InvitationFilter {
  const dueSince = new Date(Date.parse(now) - rules.resendAfterDays * dayMs).toISOString();
  return {
    team: team || undefined,
    manager: manager || undefined,
    search: search || undefined,
    group: group || undefined,
    permission,
    kind,
    ...(age === 'due' ? { invitedBy: dueSince } : age === 'fresh' ? { invitedAfter: dueSince } : {}),
  };
}

const writeCursor = ({ since, id }: StoredInvitation): string => `${since}~${id}`;

function readCursor(cursor: string): { readonly since: string; readonly id: string } {
  const [, since, id] = /^(\d{4}-\d\d-\d\dT[\d:.]+Z)~([\da-f-]{36})$/u.exec(cursor) ?? [];
  if (since === undefined || id === undefined)
    throw new RequestRefused(400, 'The cursor does not belong to this list. Begin at the first page.');
  return { since, id };
}

export function invitationRoutes({ pool, workspace, clock }: InvitationParts): Pick<Handlers, InvitationEndpoint> {
  const now = () => clock.now().toISOString();
  const rulesNow = async () => (await readSettings(pool, workspace)).settings.invitations;

  async function batchOf(id: string): Promise<Batch> {
    const stored = await findBatch(pool, workspace, id);
    if (!stored) throw notFound('This batch');
    const people = await listBatchPeople(pool, workspace, id);
    const { adminCenter } = (await readSettings(pool, workspace)).settings;
    return {
      ...batchRowOf(stored),
      steps: inCenter(adminCenter, batchSteps(stored.way, stored.people, stored.everybody)).map((step, k) => ({
        ...step,
        tick: stored.ticks[k + 1] ?? null,
      })),
      rows: people.map((person) => {
        const outcome = batchOutcome(stored.way, person, stored.doneAt);
        return {
          invitationId: person.invitationId,
          name: person.name,
          email: person.email,
          outcome,
          sentence: batchOutcomeSentences[outcome],
        };
      }),
    };
  }

  async function crmInvitations(): Promise<CrmInvitations> {
    const at = now();
    const byCrm = Map.groupBy(await listCrmInvitations(pool, workspace), ({ crmName }) => crmName);
    return {
      crms: [...byCrm].map(([crmName, open]) => ({
        crmName,
        rows: open.map((one) => ({
          crmUserId: one.crmUserId,
          name: one.name,
          email: one.email,
          active: one.active,
          reinvited: one.reinvited,
          ...viewCrmInvitation(one, crmName, at),
        })),
        steps: reinviteSteps(open[0]!.crm, crmName).map(({ title, steps }) => ({ title, steps: [...steps] })),
      })),
    };
  }

  return {
    async listInvitations({ query }) {
      const rules = await rulesNow();
      const group = { team: query.team || undefined, manager: query.manager || undefined };
      const filter = filterOf(query, rules, now());
      const after = query.cursor === undefined ? null : readCursor(query.cursor);
      const [found, total, due, trend, groups] = await Promise.all([
        listInvitations(pool, workspace, filter, { after, limit: query.limit + 1 }),
        countInvitations(pool, workspace, filter),
        countInvitations(pool, workspace, filterOf({ ...group, age: 'due' }, rules, now())),
        activationTrend(pool, workspace, group, trendLength),
        activationGroups(pool, workspace),
      ]);
      const shown = found.slice(0, query.limit);
      const latest = trend.at(-1);
      const numbers = { invited: latest?.invited ?? 0, activated: latest?.activated ?? 0 };
      return {
        rows: await invitationRows(pool, workspace, shown, rules, now()),
        total,
        due,
        next: found.length > shown.length ? writeCursor(shown.at(-1)!) : null,
        ...numbers,
        percent: activationRate(numbers),
        targetPercent: rules.targetPercent,
        sentence: activationSentence(numbers, rules.targetPercent),
        trend: trend.map((point) => ({
          number: point.number,
          at: point.asOf,
          invited: point.invited,
          activated: point.activated,
          percent: activationRate(point),
        })),
        ...groups,
        asOf: latest?.asOf ?? null,
        told: latest === undefined ? noStatus : shown.some(({ invitedAt }) => invitedAt === null) ? noDate : null,
      };
    },
    async changeInvitation({ params, body, actor }) {
      await transaction(pool, async (tx) => {
        if (!(await muteInvitation(tx, workspace, params.id, body.muted ? { by: actor.name, at: now() } : null)))
          throw notFound('This open invitation');
        const action = body.muted ? 'invitation muted' : 'invitation no longer muted';
        await writeAudit(tx, workspace.workspaceId, { actor: actor.name, action, subject: params.id });
        await tellInvitations(tx, workspace);
      });
    },
    async getManagerTasks({ response }) {
      const rules = await rulesNow();
      const due = await listInvitations(pool, workspace, filterOf({ age: 'due' }, rules, now()), { after: null, limit: 10_000 });
      const today = now().slice(0, 10);
      const rows = due
        .filter(({ inRepair }) => !inRepair)
        .map((person) => [
          `Ask ${person.name} to accept the Sales Navigator invitation`,
          today,
          'Not Started',
          person.manager,
          person.managerEmail,
          person.name,
          person.email,
          `${viewInvitation({ ...person, batch: null }, rules, now()).sentence} They accept it in LinkedIn's mail while signed in to their usual LinkedIn account.`,
        ]);
      response
        .type('text/csv; charset=utf-8')
        .set('Content-Disposition', 'attachment; filename="invitation-tasks-for-managers.csv"')
        .send(reportCsv(['Subject', 'Due Date', 'Status', 'Manager', 'Manager Email', 'Person', 'Person Email', 'Description'], rows));
    },
    async listBatches() {
      return { rows: (await listBatches(pool, workspace, batchesShown)).map(batchRowOf) };
    },
    async createBatch({ body, actor }) {
      const rules = await rulesNow();
      const filter = filterOf(body, rules, now());
      const ids = body.ids ?? (await listInvitations(pool, workspace, filter, { after: null, limit: mostInBatch + 1 })).map(({ id }) => id);
      if (ids.length === 0) throw new RequestRefused(422, 'Nobody is left by this filter, so there is nothing to send again.');
      if (ids.length > mostInBatch)
        throw new RequestRefused(
          422,
          `Admin Center's queue takes ${mostInBatch.toLocaleString('en-US')} users at once. Narrow it down by team or manager.`,
        );
      if (isForOne(body.way) && ids.length !== 1) throw new RequestRefused(422, 'This way is for one user. Choose one person.');
      const id = await transaction(pool, async (tx) => {
        const everybody = ids.length > 1 && ids.length === (await countInvitations(tx, workspace, {}));
        const made = await insertBatch(tx, workspace, { way: body.way, everybody, by: actor.name, at: now(), ids });
        // What was chosen a moment ago may be in another batch by now: then the steps would name the wrong number.
        if (made.people !== ids.length)
          throw new RequestRefused(
            409,
            `${ids.length - made.people} of ${ids.length} are in another open batch already, or have no open invitation any more.`,
          );
        const detail = { way: body.way, people: made.people };
        await writeAudit(tx, workspace.workspaceId, { actor: actor.name, action: 'invitations to send again', subject: made.id, detail });
        await tellInvitations(tx, workspace);
        return made.id;
      });
      return { id };
    },
    getBatch: ({ params }) => batchOf(params.id),
    async getBatchPeople({ params, response }) {
      const batch = await batchOf(params.id);
      response
        .type('text/csv; charset=utf-8')
        .set('Content-Disposition', 'attachment; filename="invitations-to-send-again.csv"')
        .send(
          reportCsv(
            ['Name', 'Email', 'State'],
            batch.rows.map(({ name, email, sentence }) => [name, email, sentence]),
          ),
        );
    },
    async tickBatchStep({ params, body, actor }) {
      await transaction(pool, async (tx) => {
        const stored = await findBatch(tx, workspace, params.id, true);
        if (!stored) throw notFound('This batch');
        if (stored.state !== 'open') throw new RequestRefused(409, 'This batch is closed. Begin a new one.');
        const steps = batchSteps(stored.way, stored.people, stored.everybody).length;
        if (params.step > steps) throw notFound('This step');
        const at = now();
        const { [params.step]: _, ...others } = stored.ticks;
        const ticks = body.done ? { ...others, [params.step]: { by: actor.name, at } } : others;
        const doneAt = Object.keys(ticks).length === steps ? (stored.doneAt ?? at) : null;
        await saveTicks(tx, workspace, stored.id, { ticks, doneAt });
        if (doneAt !== stored.doneAt)
          await writeAudit(tx, workspace.workspaceId, {
            actor: actor.name,
            action: doneAt === null ? 'invitations not sent again after all' : 'invitations said to be sent again',
            subject: stored.id,
          });
        await tellInvitations(tx, workspace);
      });
      return batchOf(params.id);
    },
    async discardBatch({ params, actor }) {
      await batchOf(params.id);
      await transaction(pool, async (tx) => {
        if (!(await discardBatch(tx, workspace, params.id, now()))) throw new RequestRefused(409, 'This batch is closed already.');
        await writeAudit(tx, workspace.workspaceId, { actor: actor.name, action: 'batch of invitations thrown away', subject: params.id });
        await tellInvitations(tx, workspace);
      });
      return batchOf(params.id);
    },
    listCrmInvitations: crmInvitations,
    async sayReinvited({ body, actor }) {
      await transaction(pool, async (tx) => {
        const known = await tickReinvited(tx, workspace, body.crmName, body.crmUserIds, { by: actor.name, at: now() });
        if (known === 0) throw notFound('These open invitations to the CRM');
        const detail = { people: known };
        await writeAudit(tx, workspace.workspaceId, {
          actor: actor.name,
          action: 'said to be re-invited',
          subject: workspace.contractId,
          detail,
        });
        await tellInvitations(tx, workspace);
      });
      return crmInvitations();
    },
  };
}

function batchRowOf(batch: StoredBatch): BatchRow {
  const { id, way, madeBy, madeAt, state, doneAt, closedAt, people, settled } = batch;
  return {
    id,
    way,
    label: batchWayLabels[way],
    madeBy,
    madeAt,
    state,
    doneAt,
    closedAt,
    people,
    settled,
    sentence: batchSentence(batch),
  };
}

function batchSentence({ way, state, doneAt, closedAt, people, settled }: StoredBatch): string {
  const seen = `${settled.toLocaleString('en-US')} of ${people.toLocaleString('en-US')}`;
  switch (state) {
    case 'closed':
      return `Done: the list of ${dayInWords(closedAt!)} shows all ${people === 1 ? 'of it' : people.toLocaleString('en-US')}.`;
    case 'discarded':
      return 'Thrown away.';
    case 'open':
      if (doneAt === null) return 'Carry out the steps in Admin Center, then bring a new export.';
      return way === 'copy-link'
        ? 'Sent, you said. It closes when a list shows that they have activated.'
        : `Sent, you said on ${dayInWords(doneAt)}. ${seen} seen in a list: bring a new export.`;
  }
}
