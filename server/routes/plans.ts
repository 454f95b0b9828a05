import { createHash } from 'node:crypto';
import type { Job, Plan, PlanPerson, PlanRow, ProofOutcome } from '../api.ts';
import { inCenter } from '../core/admin-center.ts';
import { contractWarnings } from '../core/contract-facts.ts';
import { markDifference } from '../core/email-difference.ts';
import { guidedSteps } from '../core/guided-steps.ts';
import { fileTasks, giveBackView, heldBackView, type JobFacts, jobCounts, jobEnd, jobHead, jobStep, notYou } from '../core/job-view.ts';
import { undoDays } from '../core/make-undo.ts';
import { givesAlone } from '../core/plan.ts';
import { listsOf } from '../core/plan-lists.ts';
import { type PersonPlan, type PlannedStep, peopleOf, priceOf } from '../core/plan-price.ts';
import { fileOut, releaseNext, siftMade } from '../core/plan-progress.ts';
import { sittingClocks, sittingSteps } from '../core/sitting-view.ts';
import { approvePlan } from '../jobs/approve-plan.ts';
import { type OpenPlan, openPlan } from '../jobs/change-plan.ts';
import type { Delivery } from '../jobs/delivery.ts';
import { draftHandOver, listSuccessors } from '../jobs/draft-hand-over.ts';
import { draftPlan, redraftPlan } from '../jobs/draft-plan.ts';
import { draftReclaim } from '../jobs/draft-reclaim.ts';
import { draftUndo } from '../jobs/draft-undo.ts';
import { downloadFile, makeGiveBackFile, makeNextFile, sayOfFile } from '../jobs/hand-out-files.ts';
import { lookAtSitting, type SittingGate } from '../jobs/look-at-sitting.ts';
import { ActionRefused, type PlanDesk } from '../jobs/plan-desk.ts';
import { gateOf } from '../jobs/plan-gate.ts';
import type { ProofShown } from '../jobs/proof-shown.ts';
import { cancelPlan, pausePlan, planSitting, resumePlan } from '../jobs/steer-plan.ts';
import { readBrought, takeProofAnywhere, takeProofOf } from '../jobs/take-read.ts';
import { waysOf } from '../jobs/ways-of-contract.ts';
import { writeAudit } from '../store/audit.ts';
import { withClient } from '../store/database.ts';
import { findPlan, listPlans, listProofs, runningPlans, type StoredPlan } from '../store/plan.ts';
import { countRematches } from '../store/rematch.ts';
import { readSettings } from '../store/setting.ts';
import type { Workspace } from '../store/workspace.ts';
import type { Handlers } from './endpoint.ts';
import { type HandOverAddressParts, handOverAddress } from './hand-over-address.ts';
import { panelCallerOf } from './panel-caller.ts';
import { notFound, RequestRefused } from './problem.ts';
import { readBody } from './read-body.ts';

export interface PlanParts extends HandOverAddressParts {
  readonly desk: PlanDesk;
  readonly largestBytes: number;
}

type PlanEndpoint =
  | 'createPlan'
  | 'listSuccessors'
  | 'listPlans'
  | 'getPlan'
  | 'changePlan'
  | 'listPlanPeople'
  | 'getPlanList'
  | 'approvePlan'
  | 'cancelPlan'
  | 'pausePlan'
  | 'resumePlan'
  | 'getJob'
  | 'listJobs'
  | 'makeFile'
  | 'downloadFile'
  | 'sayOfFile'
  | 'undoFile'
  | 'giveBack'
  | 'planSitting'
  | 'makeHandOverLink'
  | 'bringProof'
  | 'bringProofAnywhere';

const stepSentences: Readonly<Record<PlannedStep, string>> = {
  preflight: 'Check that nothing changed since the comparison',
  'update-email': 'Update the email in LinkedIn',
  wait: "Wait for LinkedIn's daily CRM job and read it back",
  'ask-person': 'Ask the person, at the new address',
  'remove-license': 'Remove the license and wait until it is gone',
  'reassign-license': 'Give the same license back; a new invitation goes out',
  onboarding: 'Wait until they accepted the invitation, with reminders',
  'enable-crm-sync': 'Enable CRM sync and see LinkedIn’s own Matched',
};

const handOverSteps: Partial<Record<PlannedStep, string>> = {
  'remove-license': 'Take the license from the leaver and wait until it is free',
  'reassign-license': 'Give it to the successor; an invitation goes out',
};

export function planRoutes(parts: PlanParts): Pick<Handlers, PlanEndpoint> {
  const { desk, clock, workspace, largestBytes } = parts;
  const { pool } = desk;

  async function find(id: string): Promise<StoredPlan> {
    const plan = await findPlan(pool, workspace, id);
    if (!plan) throw notFound('This plan');
    return plan;
  }

  async function rowsOf(plans: readonly StoredPlan[]): Promise<PlanRow[]> {
    const counts = await countRematches(
      pool,
      workspace,
      plans.map(({ id }) => id),
    );
    return plans.map((plan) =>
      toRow(
        plan,
        counts.filter((count) => count.planId === plan.id),
      ),
    );
  }

  /** A plan is shown whatever became of the connection. */
  async function scimHere(): Promise<Delivery | undefined> {
    try {
      return (await waysOf(desk, pool, workspace)).deliveries.scim;
    } catch (error) {
      if (error instanceof ActionRefused) return undefined;
      throw error;
    }
  }

  async function toPlan(stored: StoredPlan): Promise<Plan> {
    const [row] = await rowsOf([stored]);
    const scim = await scimHere();
    const { plan, origin } = stored;
    const people = peopleOf(plan);
    const price = priceOf(plan);
    const isHandOver = origin.handOver !== undefined;
    const isReclaim = origin.reclaim === true;
    const isGiveBack = plan.files.some((_, index) => givesAlone(plan.files, index));
    const { contractFacts, ownSubscriptions } = (await readSettings(pool, workspace)).settings;
    const given = plan.files.filter(({ kind }) => kind === 'license-on').flatMap(({ rows }) => rows);
    const warnings = contractWarnings(contractFacts, {
      changesEmails: price.emailChanges > 0,
      takesLicenses: price.removals > 0,
      paidByThemselves: given.filter(({ crmUserId }) => ownSubscriptions.includes(crmUserId)).map(({ name, newEmail }) => name || newEmail),
      handsOver: isHandOver,
    });
    const lists = listsOf(plan);
    const list = (name: string, rows: number, sentence: string, actor: Plan['lists'][number]['actor']) =>
      rows > 0 && lists[name] !== undefined ? [{ name, rows, sentence, actor }] : [];
    return {
      ...row!,
      seal: stored.seal,
      crmName: plan.crmName,
      reconciliationId: origin.reconciliationId,
      // Nothing is waited for once the email from before is back.
      steps: [...new Set(people.flatMap(({ steps }) => steps))]
        .filter((step) => step !== 'wait' || origin.reverseOf === null)
        // Whether they use it again is not part of giving it back.
        .filter((step) => !isGiveBack || (step !== 'onboarding' && step !== 'enable-crm-sync'))
        .map((step) => (isHandOver ? handOverSteps[step] : isReclaim ? reclaimSteps[step] : undefined) ?? stepSentences[step]),
      facts: isHandOver ? handOverFacts(price) : isReclaim ? reclaimFacts(plan) : factsOf(price),
      trips: origin.trips.map((trip) => ({ ...trip })),
      notes: [...plan.notes.map(({ sentence }) => sentence), ...warnings],
      routes: [...(scim?.capabilities.updateEmail ? (['scim'] as const) : []), 'files', 'guided'],
      choosable: origin.reverseOf === null && !isHandOver && !isReclaim,
      approval: {
        sentence: plan.price,
        button:
          origin.handOver !== undefined
            ? 'Approve: hand the license over'
            : isReclaim
              ? `Approve: take ${people.length} ${people.length === 1 ? 'license' : 'licenses'} back`
              : isGiveBack
                ? `Approve: give ${people.length} ${people.length === 1 ? 'license' : 'licenses'} back`
                : plan.mode === 'full'
                  ? `Approve a full rematch of ${people.length}`
                  : `Approve: change ${people.length} ${people.length === 1 ? 'email' : 'emails'}`,
      },
      files: plan.files.map(({ name, kind, route, rows, canary, sitting }) => ({ name, kind, route, rows: rows.length, canary, sitting })),
      lists: [
        ...list(
          'crm-change-list.csv',
          plan.crmChanges.length,
          `Emails to correct in ${plan.crmName}. LinkedIn stays as it is.`,
          'crm-admin',
        ),
        ...list(
          'identity-request.csv',
          plan.identityRequests.length,
          'A request for the identity team: LinkedIn would undo a change made there.',
          'identity-team',
        ),
        ...list('left-out.csv', plan.leftOut.length, 'Everybody whom this plan does not repair, each with the reason.', 'linkedin-admin'),
      ],
      leftOut: plan.leftOut.map(({ licenseId, name, code, sentence, nextStep }) => ({
        key: `license:${licenseId}`,
        licenseId,
        name,
        code,
        sentence,
        nextStep,
        byAdmin: code === 'left-out-by-you',
      })),
    };
  }

  /** The page of a plan's tasks, with what holds the next file as things are now. Nothing is changed. */
  async function toJob(id: string, viewer: string): Promise<Job> {
    return readPlan(desk, workspace, id, async (open) => {
      const { plan: stored } = open;
      const gate = await gateOf(open);
      const out = fileOut(stored.progress);
      const waits =
        out === null
          ? releaseNext(stored.plan, stored.progress, desk.tools.nameRetry, open.context, gate)
          : siftMade(stored.plan, stored.progress, open.context, gate);
      const { adminCenter } = (await readSettings(open.client, workspace)).settings;
      const facts: JobFacts = {
        plan: stored.plan,
        progress: stored.progress,
        isOver: stored.state !== 'running',
        people: open.people.map(({ findingKey, state }) => ({ key: findingKey, state })),
        waitingFor: waits?.kind === 'waiting' ? waits.sentence : null,
        now: open.context.at,
        assignee: stored.assignee,
        guided: (kind) => inCenter(adminCenter, guidedSteps(kind)),
      };
      const tasks = fileTasks(facts);
      const proofs = await listProofs<ProofShown>(open.client, workspace, id);
      const sitting = await lookAtSitting(open);
      return {
        planId: id,
        number: stored.number,
        title: stored.origin.title,
        head: jobHead(facts),
        mode: stored.plan.mode,
        state: stateOf(stored),
        assignee: stored.assignee,
        backup: stored.backup,
        notYou: notYou(stored, viewer, (await readSettings(open.client, workspace)).settings.contractFacts.uploaders),
        now: open.context.at,
        delivered: stored.delivered,
        step: jobStep(tasks, facts.isOver),
        tasks: tasks.map((task) => ({
          ...task,
          seen: { ...task.seen },
          log: [...task.log],
          people: [...task.people],
          checklist: [...task.checklist],
        })),
        sitting: sitting && sittingOf(sitting),
        sittingSteps:
          stored.origin.handOver === undefined && !stored.origin.reclaim ? [...sittingSteps(facts, sitting?.hasList ?? false)] : [],
        clocks: [...sittingClocks(facts)],
        giveBack: mutable(giveBackView(facts)),
        heldBack: heldBackView(facts).map((held) => ({ ...held })),
        end: jobEnd(facts),
        proofs: proofs.map(({ name, kind, at, by, outcome }) => ({ name, kind, at, by, sentences: [...outcome.sentences] })),
        counts: [...jobCounts(facts.people)],
      };
    });
  }

  async function broughtFile(
    request: Parameters<typeof readBody>[0],
    query: { name: string; modifiedAt?: string | undefined; exportedAt?: string | undefined; adminCenterCount?: number | undefined },
  ) {
    const bytes = await readBody(request, largestBytes);
    const exportedAt = query.exportedAt ?? (query.modifiedAt === undefined ? clock.now().toISOString() : clock.at(query.modifiedAt));
    const brought = await readBrought(desk, query.name, bytes, exportedAt);
    return { brought, sha256: createHash('sha256').update(bytes).digest('hex'), adminCenterCount: query.adminCenterCount ?? null };
  }

  return {
    async createPlan({ body, actor }) {
      const { rootCause, licenseIds, all, handOver, reclaim, mode, route, guided, leaveOut, assignee, backup } = body;
      const chosen = [rootCause, licenseIds, all, handOver, reclaim].filter((choice) => choice !== undefined);
      if (chosen.length !== 1)
        throw new RequestRefused(
          400,
          'Say whom to repair in one way: a root cause, license ids, everybody, a hand-over, or licenses to take back.',
        );
      if (handOver) {
        if (route === 'scim') throw new RequestRefused(400, 'A hand-over goes by upload files, or by hand.');
        const wish = { ...handOver, route: route ?? null, assignee: assignee ?? null, backup: backup ?? null };
        return { id: await draftHandOver(desk, workspace, wish, actor.name) };
      }
      if (reclaim) {
        if (route === 'scim') throw new RequestRefused(400, 'Licenses are taken back by upload files, or by hand.');
        const wish = {
          licenseIds: reclaim === 'leavers' ? null : reclaim,
          leaveOut,
          route: route ?? 'files',
          override: null,
          assignee: assignee ?? null,
          backup: backup ?? null,
        };
        return { id: await draftReclaim(desk, workspace, wish, actor.name) };
      }
      const wish = {
        mode,
        route: route ?? null,
        guided,
        leaveOut,
        rootCause: rootCause ?? null,
        licenseIds: licenseIds ?? null,
        assignee: assignee ?? null,
        backup: backup ?? null,
        override: null,
        auto: false,
      };
      return { id: await draftPlan(desk, workspace, wish, actor.name) };
    },
    async listSuccessors({ query }) {
      const found = await listSuccessors(pool, workspace, query.search, 20);
      return { rows: found.map(({ id, email, uniqueUserId }) => ({ licenseId: id, email, uniqueUserId })) };
    },
    async listPlans({ query }) {
      const before = query.cursor === undefined ? null : Number(query.cursor);
      if (before !== null && !(Number.isInteger(before) && before > 0 && before < 2 ** 31))
        throw new RequestRefused(400, 'The cursor does not belong to this list. Begin at the first page.');
      const plans = await listPlans(pool, workspace, { before, limit: query.limit + 1 });
      const shown = plans.slice(0, query.limit);
      return { rows: await rowsOf(shown), next: plans.length > shown.length ? String(shown.at(-1)!.number) : null };
    },
    getPlan: async ({ params }) => toPlan(await find(params.id)),
    async changePlan({ params, body, actor }) {
      const change = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
      await redraftPlan(desk, workspace, params.id, change, actor.name);
      return toPlan(await find(params.id));
    },
    async listPlanPeople({ params, query }) {
      const { plan } = await find(params.id);
      const people = peopleOf(plan);
      const from = query.cursor === undefined ? 0 : Number(query.cursor);
      if (!(Number.isInteger(from) && from >= 0))
        throw new RequestRefused(400, 'The cursor does not belong to this list. Begin at the first page.');
      const shown = people.slice(from, from + query.limit);
      const rules = new Map(
        plan.files.flatMap((file) => file.rows.map((row) => [row.licenseId, { rule: row.rule, file: file.name }] as const)).toReversed(),
      );
      return {
        rows: shown.map((person): PlanPerson => {
          const { a: before, b: after } = markDifference(person.emailBefore, person.emailAfter);
          return {
            key: `license:${person.licenseId}`,
            licenseId: person.licenseId,
            name: person.name,
            before,
            after,
            rule: rules.get(person.licenseId)?.rule ?? null,
            route: person.route,
            file: rules.get(person.licenseId)?.file ?? '',
            steps: person.steps.map((step) => stepSentences[step]),
            price: priceOfPerson(person),
          };
        }),
        total: people.length,
        next: from + shown.length < people.length ? String(from + shown.length) : null,
      };
    },
    async getPlanList({ params, response }) {
      const text = listsOf((await find(params.id)).plan)[params.name];
      if (text === undefined) throw notFound('This list');
      response.attachment(params.name).type('text/csv').send(text);
    },
    async approvePlan({ params, body, actor, request }) {
      const { override } = body;
      // A CRM says who may repair, not who may lift what protects everybody.
      if (override && panelCallerOf(request))
        throw new RequestRefused(403, 'A guard is lifted in Seatmatch itself, never in a panel. Ask an admin of Seatmatch.');
      const read = await find(params.id);
      if (read.seal !== body.seal)
        throw new RequestRefused(409, 'The plan was changed after you opened it. Look at it again, then approve what you see.');
      if (override) {
        const now = desk.now().toISOString();
        const until = `${override.until}T23:59:59.000Z`;
        // Until there are roles, whoever is signed in is a full admin.
        const lifted = { codes: override.codes, reason: override.reason, by: actor.name, byFullAdmin: true, at: now, until };
        await redraftPlan(desk, workspace, params.id, { override: lifted }, actor.name);
      }
      const plan = await find(params.id);
      // With an override the seal is another one; the files must be those that were read.
      if (JSON.stringify(plan.plan.files) !== JSON.stringify(read.plan.files))
        throw new RequestRefused(409, 'People changed since you opened the plan. Look at it again, then approve what you see.');
      const tripped = plan.origin.trips[0];
      if (tripped) throw new RequestRefused(409, `${tripped.sentence} ${tripped.nextStep}`);
      await approvePlan(desk, workspace, params.id, plan.seal, actor.name);
      return toPlan(await find(params.id));
    },
    cancelPlan: async ({ params, actor }) => ({ sentence: await cancelPlan(desk, workspace, params.id, actor.name) }),
    pausePlan: ({ params, actor }) => pausePlan(desk, workspace, params.id, actor.name),
    resumePlan: ({ params, actor }) => resumePlan(desk, workspace, params.id, actor.name),
    getJob: ({ params, actor }) => toJob(params.id, actor.name),
    async listJobs({ actor }) {
      const rows: Job[] = [];
      for (const { id } of await runningPlans(pool, workspace)) rows.push(await toJob(id, actor.name));
      return { rows };
    },
    async makeFile({ params, actor }) {
      await makeNextFile(desk, workspace, params.id, actor.name);
      return toJob(params.id, actor.name);
    },
    async downloadFile({ params, actor, response }) {
      const text = await downloadFile(desk, workspace, params.id, params.name, actor.name);
      response.attachment(params.name).type('text/csv').send(text);
    },
    async sayOfFile({ params, body, actor }) {
      await sayOfFile(desk, workspace, params.id, params.name, body.said, actor.name);
      return toJob(params.id, actor.name);
    },
    undoFile: async ({ params, actor }) => ({ id: await draftUndo(desk, workspace, params.id, params.name, actor.name) }),
    async giveBack({ params, actor }) {
      await makeGiveBackFile(desk, workspace, params.id, actor.name);
      return toJob(params.id, actor.name);
    },
    async planSitting({ params, body, actor }) {
      await planSitting(desk, workspace, params.id, body.plannedFor, actor.name);
      return toJob(params.id, actor.name);
    },
    async makeHandOverLink({ params, actor, request }) {
      const plan = await find(params.id);
      if (plan.state !== 'running')
        throw new RequestRefused(409, 'Only the tasks of a repair that is under way can be handed over. Approve the plan first.');
      const made = await handOverAddress(parts, plan.id, actor, request);
      if (made === null)
        throw new RequestRefused(409, 'This server has no secret key to sign a link with. Ask whoever runs it to set one.');
      await writeAudit(pool, workspace.workspaceId, {
        actor: actor.name,
        action: 'link to the tasks given away',
        subject: plan.id,
        detail: { until: made.until },
      });
      return {
        ...made,
        sentence: `Whoever has this link may carry out the tasks of this repair until then, in your name, and nothing else.${
          parts.publicUrl === null ? ' This server has no public address, so the link works on this machine only.' : ''
        }`,
      };
    },
    async bringProof({ params, query, actor, request }) {
      await find(params.id);
      const shown = await takeProofOf(desk, workspace, params.id, await broughtFile(request, query), actor.name);
      return toProofOutcome(params.id, shown);
    },
    async bringProofAnywhere({ query, actor, request }) {
      const taken = await takeProofAnywhere(desk, workspace, await broughtFile(request, query), actor.name);
      return { rows: taken.map(({ planId, shown }) => toProofOutcome(planId, shown)) };
    },
  };
}

/** A plan as it is now, for reading. */
async function readPlan<Result>(desk: PlanDesk, scope: Workspace, id: string, read: (open: OpenPlan) => Promise<Result>): Promise<Result> {
  return withClient(desk.pool, async (client) => {
    const plan = await findPlan(client, scope, id);
    if (!plan) throw notFound('This plan');
    return read(await openPlan(desk, client, scope, plan, ''));
  });
}

const stateOf = ({ state, paused }: StoredPlan): PlanRow['state'] => (state === 'running' && paused ? 'paused' : state);

type Counts = Awaited<ReturnType<typeof countRematches>>;

function toRow(stored: StoredPlan, counts: Counts): PlanRow {
  const sum = (fits: (count: Counts[number]) => boolean): number => counts.filter(fits).reduce((n, { count }) => n + count, 0);
  const { plan, progress } = stored;
  const out = fileOut(progress);
  const people = counts.length === 0 ? new Set(plan.files.flatMap((file) => file.rows.map((row) => row.licenseId))).size : sum(() => true);
  return {
    id: stored.id,
    number: stored.number,
    title: stored.origin.title,
    mode: plan.mode,
    state: stateOf(stored),
    price: plan.price,
    people,
    done: sum(({ ended }) => ended === 'repaired' || ended === 'emails-agree'),
    stopped: sum(({ ended }) => ended !== null && ended !== 'repaired' && ended !== 'emails-agree'),
    withoutLicense: sum(({ withoutLicense }) => withoutLicense),
    nextTask: nextTaskOf(stored, out),
    createdBy: stored.createdBy,
    createdAt: stored.createdAt,
    expiresAt: stored.expiresAt,
    approvedBy: stored.approvedBy,
    approvedAt: stored.approvedAt,
    assignee: stored.assignee,
    backup: stored.backup,
  };
}

function nextTaskOf(stored: StoredPlan, out: ReturnType<typeof fileOut>): PlanRow['nextTask'] {
  const href = `/plans/${stored.id}/job`;
  if (stored.state === 'draft') return { sentence: 'Look at it, then approve it.', href: `/plans/${stored.id}` };
  if (stored.state !== 'running') return null;
  if (out === null) return { sentence: 'Open the repair: no file is out.', href };
  switch (out.state) {
    case 'made':
      return { sentence: `Download ${out.name} and upload it.`, href };
    case 'downloaded':
      return { sentence: `You downloaded ${out.name}. Uploaded, or throw it away?`, href };
    default:
      return { sentence: `Bring the proof of ${out.name}.`, href };
  }
}

const reclaimSteps: Partial<Record<PlannedStep, string>> = {
  'remove-license': 'Take the license, which is recorded, and wait until it is free',
};

const reclaimFacts = ({ files }: StoredPlan['plan']): Plan['facts'] => {
  const rows = files.flatMap((file) => file.rows);
  const types = Map.groupBy(
    rows.flatMap(({ licenses }) => licenses),
    (license) => license,
  );
  return [
    { label: 'Licenses that become free', value: String(rows.length) },
    { label: 'Recorded to give back', value: [...types].map(([license, of]) => `${license} (${of.length})`).join(', ') || 'nothing' },
    { label: 'Can be turned back', value: `for ${undoDays} days after the proof, for an assignment each` },
  ];
};

const handOverFacts = ({ invitations, assignments, givesBack }: ReturnType<typeof priceOf>): Plan['facts'] => [
  { label: 'Changes hands', value: givesBack.map(({ license }) => license).join(', ') || 'nothing' },
  { label: 'New invitations', value: String(invitations) },
  { label: 'Assignments used', value: String(assignments) },
];

function factsOf(price: ReturnType<typeof priceOf>): Plan['facts'] {
  const facts: [string, string][] = [['Emails that change', String(price.emailChanges)]];
  if (price.removals > 0) {
    facts.push(
      ['Licenses taken off and given back', String(price.removals)],
      ['New invitations', String(price.invitations)],
      ['Assignments used', String(price.assignments)],
      ['Without a license, each', `about ${price.minutesWithoutLicense} minutes`],
      ['Without access, each', `until they accept, about ${duration(price.minutesWithoutAccess)}`],
      ['Recorded to give back', price.givesBack.map(({ license, people }) => `${license} (${people})`).join(', ') || 'their license'],
    );
  } else facts.push(['Licenses touched', 'none'], ['Invitations sent', 'none']);
  return facts.map(([label, value]) => ({ label, value }));
}

const duration = (minutes: number): string => (minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`);

const priceOfPerson = (person: PersonPlan): string =>
  person.steps.includes('remove-license') && person.assignments === 0
    ? 'The license is taken for good. No invitation, no assignment.'
    : person.assignments === 0
      ? 'No invitation, no license touched.'
      : person.steps.includes('reassign-license') && !person.steps.includes('remove-license')
        ? 'A new invitation, one assignment.'
        : `About ${person.minutesWithoutLicense} minutes without a license, a new invitation, one assignment.`;

const sittingOf = ({ gate, needs, plannedFor, startedAt, canStart }: SittingGate): Job['sitting'] => ({
  gate,
  needs: [...needs],
  plannedFor,
  startedAt,
  canStart,
});

const mutable = (view: ReturnType<typeof giveBackView>): Job['giveBack'] => view && { ...view, people: [...view.people] };

const toProofOutcome = (planId: string, shown: ProofShown): ProofOutcome => ({
  planId,
  recognizedAs: shown.recognizedAs,
  sentences: [...shown.sentences],
  already: shown.already,
});
