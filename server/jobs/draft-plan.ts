import { randomUUID } from 'node:crypto';
import type { FindingList } from '../core/choose-people.ts';
import { joinKeyOf } from '../core/email.ts';
import type { RootCause } from '../core/finding.ts';
import type { Override } from '../core/guard.ts';
import { makePlan, type PlanOptions } from '../core/make-plan.ts';
import type { Plan } from '../core/plan.ts';
import { isLicenseKind } from '../core/plan.ts';
import { sealPlan } from '../core/seal-plan.ts';
import type { PlanMode, Route, Rule } from '../core/status.ts';
import { writeAudit } from '../store/audit.ts';
import { type Scope, transaction } from '../store/database.ts';
import { agreeingPairs } from '../store/finding.ts';
import { notify } from '../store/notify.ts';
import { findPlan, insertPlan, listPlans, lockPlans, type NewPlan, type PlanOrigin, replaceDraft, runningPlans } from '../store/plan.ts';
import { doneReconciliations, type StoredReconciliation } from '../store/reconciliation.ts';
import { readSettings } from '../store/setting.ts';
import { composeReclaim } from './draft-reclaim.ts';
import { composeUndo } from './draft-undo.ts';
import { mustGoOverScim } from './must-go-over-scim.ts';
import { ActionRefused, type PlanDesk } from './plan-desk.ts';
import { planOptions } from './plan-options.ts';
import { waysOf } from './ways-of-contract.ts';

/** Whom somebody wants to repair, and how. */
export interface PlanWish {
  readonly mode: PlanMode;
  /** Null: the contract's own way: over SCIM where it has a connection that may, by hand where that was chosen, else by files. */
  readonly route: Route | null;
  /** License ids that are done by hand whatever the route. */
  readonly guided: readonly string[];
  /** One of the two; both null: everybody whom a repair is possible for. */
  readonly rootCause: string | null;
  readonly licenseIds: readonly string[] | null;
  readonly leaveOut: readonly string[];
  readonly assignee: string | null;
  readonly backup: string | null;
  readonly override: Override | null;
  readonly auto: boolean;
  /** Only people whose owner one of these rules decided; absent: whoever it was. */
  readonly rules?: ReadonlySet<Rule>;
}

/** Makes a plan from the newest comparison, as a draft that somebody has to approve. Returns its id. Throws ActionRefused without one. */
export const draftPlan = (desk: PlanDesk, scope: Scope, wish: PlanWish, by: string): Promise<string> =>
  transaction(desk.pool, async (client) => {
    await lockPlans(client, scope);
    const id = randomUUID();
    const made = await compose(desk, client, scope, id, wish, by);
    await keepDraft(client, scope, id, made, wish, by);
    return id;
  });

async function keepDraft(client: PlanClient, scope: Scope, id: string, made: Composed, wish: PlanWish, by: string): Promise<void> {
  await insertPlan(client, scope, { id, ...made, createdBy: by, assignee: wish.assignee ?? by, backup: wish.backup });
  await writeAudit(client, scope.workspaceId, {
    actor: by,
    action: 'plan made',
    subject: id,
    detail: { seal: made.seal, mode: wish.mode, origin: made.origin.title },
  });
  await notify(client, { workspace: scope.workspaceId, contract: scope.contractId, kind: 'plan', id });
}

/** What became of a repair that nobody asked for. */
export type AutoOutcome =
  | { readonly kind: 'made' }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'stopped'; readonly sentence: string };

/**
 * As `draftPlan`, where nobody is there to read it: nothing is kept that nobody could approve. While another plan is under way nothing is
 * planned either; a later run takes up whoever is left.
 */
export const draftAutoPlan = (desk: PlanDesk, scope: Scope, wish: PlanWish, by: string): Promise<AutoOutcome> =>
  transaction(desk.pool, async (client) => {
    await lockPlans(client, scope);
    if ((await runningPlans(client, scope)).length > 0) return { kind: 'nothing' };
    const id = randomUUID();
    const made = await compose(desk, client, scope, id, wish, by);
    const [trip] = made.origin.trips;
    if (made.plan.files.length === 0) return { kind: 'nothing' };
    if (trip !== undefined) return { kind: 'stopped', sentence: `${trip.sentence} ${trip.nextStep}` };
    await keepDraft(client, scope, id, made, wish, by);
    return { kind: 'made' };
  });

/** Makes a draft anew from other choices: what was approved before would not be it, so its seal is another one. */
export const redraftPlan = (
  desk: PlanDesk,
  scope: Scope,
  id: string,
  change: Partial<PlanWish> & { readonly routes?: Readonly<Record<string, Route>> },
  by: string,
): Promise<void> =>
  transaction(desk.pool, async (client) => {
    await lockPlans(client, scope);
    const before = await findPlan(client, scope, id);
    if (before === null) throw new ActionRefused('not-found', 'This plan is not here (any more).');
    if (before.state !== 'draft')
      throw new ActionRefused('not-now', 'This plan was approved already and cannot be changed. Make a new one.');
    const { origin, plan } = before;
    if (origin.reverseOf !== null && origin.reverseFile !== undefined) {
      refuseOther(change, 'An undo goes back the way its file went; only people can be left out, and who carries it can change.');
      const undo = { id, planId: origin.reverseOf, file: origin.reverseFile, leaveOut: change.leaveOut ?? origin.leftOut, by };
      const made = await composeUndo(desk, client, scope, undo);
      const { assignee, backup } = { ...before, ...change };
      await replaceDraft(client, scope, { id, ...made, createdBy: before.createdBy, assignee, backup });
      await notify(client, { workspace: scope.workspaceId, contract: scope.contractId, kind: 'plan', id });
      return;
    }
    if (origin.reclaim) {
      const { leaveOut = origin.leftOut, override = plan.override, assignee = before.assignee, backup = before.backup, ...other } = change;
      refuseOther(other, 'Licenses are taken back as they were planned; only people can be left out, and who carries it can change.');
      const route = plan.files[0]?.route === 'guided' ? 'guided' : 'files';
      const wish = { licenseIds: origin.licenseIds, leaveOut, route, override, assignee, backup } as const;
      const made = await composeReclaim(desk, client, scope, id, wish, by);
      await replaceDraft(client, scope, { id, ...made, createdBy: before.createdBy, assignee, backup });
      await notify(client, { workspace: scope.workspaceId, contract: scope.contractId, kind: 'plan', id });
      return;
    }
    if (origin.handOver !== undefined)
      throw new ActionRefused('not-possible', 'A hand-over is what its two people are. Cancel this one and plan another.');
    const { routes = {}, ...rest } = change;
    const asBefore: PlanWish = {
      mode: plan.mode,
      route: routeOfAll(plan),
      guided: plan.files.filter((file) => file.route === 'guided').flatMap(({ rows }) => rows.map(({ licenseId }) => licenseId)),
      rootCause: origin.rootCause,
      licenseIds: origin.licenseIds,
      leaveOut: origin.leftOut,
      assignee: before.assignee,
      backup: before.backup,
      override: plan.override,
      auto: false,
      ...rest,
    };
    const wish = Object.keys(routes).length === 0 ? asBefore : withRoutes(asBefore, plan, routes);
    const made = await compose(desk, client, scope, id, wish, by);
    await replaceDraft(client, scope, { id, ...made, createdBy: before.createdBy, assignee: wish.assignee, backup: wish.backup });
    await notify(client, { workspace: scope.workspaceId, contract: scope.contractId, kind: 'plan', id });
  });

/** The way of all whom nobody does by hand; `guided` where that is nobody. */
const routeOfAll = ({ files }: Plan): Route | null =>
  files.find(({ route }) => route !== 'guided')?.route ?? (files.length > 0 ? 'guided' : null);

/** Some go by hand, the others together, whatever went for everybody. */
function withRoutes(wish: PlanWish, plan: Plan, routes: Readonly<Record<string, Route>>): PlanWish {
  const everybody = plan.files.flatMap(({ rows }) => rows.map(({ licenseId }) => licenseId));
  const guided = new Set(wish.route === 'guided' ? everybody : wish.guided);
  const others = Object.values(routes).find((route) => route !== 'guided') ?? (wish.route === 'guided' ? null : wish.route);
  for (const [licenseId, route] of Object.entries(routes)) {
    if (route === 'guided') guided.add(licenseId);
    else guided.delete(licenseId);
  }
  return { ...wish, route: others, guided: [...guided] };
}

/** @param sentence what can be changed of such a draft */
function refuseOther({ leaveOut: _, assignee: __, backup: ___, ...other }: Partial<PlanWish>, sentence: string): void {
  if (Object.values(other).some((value) => value !== undefined && value !== null)) throw new ActionRefused('not-possible', sentence);
}

type Composed = Pick<NewPlan, 'plan' | 'seal' | 'origin'>;

async function compose(desk: PlanDesk, client: PlanClient, scope: Scope, id: string, wish: PlanWish, by: string): Promise<Composed> {
  const [run] = await doneReconciliations(client, scope, 1);
  if (!run) throw new ActionRefused('not-now', 'Nothing was compared yet. Bring both user lists first.');
  const chosen = new Set(wish.licenseIds ?? []);
  const { findings, options } = await planOptions(desk, client, scope, run, chosen);
  const route = wish.route ?? (await ownRoute(desk, client, scope, wish.mode));
  const own: PlanOptions = {
    ...options,
    id: id.slice(0, 8),
    by,
    mode: wish.mode,
    scope: wish.rules
      ? { kind: 'people', licenseIds: decidedBy(findings, wish.rules) }
      : wish.rootCause !== null
        ? { kind: 'root-cause', id: wish.rootCause }
        : wish.licenseIds !== null
          ? { kind: 'people', licenseIds: wish.licenseIds }
          : { kind: 'everybody' },
    leftOutByAdmin: wish.leaveOut,
    routes: routesOf(wish, findings, route),
    canaryProven: await isDomainChangeProven(client, scope, options.domainAliases, run.summary?.rootCauses ?? [], wish.rootCause),
    override: wish.override,
  };
  const outcome = makePlan(findings, own);
  const plan = outcome.kind === 'plan' ? outcome.plan : outcome.draft;
  await mustGoOverScim(desk, client, scope, plan);
  const origin: PlanOrigin = {
    reconciliationId: run.id,
    rootCause: wish.rootCause,
    licenseIds: wish.licenseIds,
    leftOut: wish.leaveOut,
    auto: wish.auto,
    reverseOf: null,
    title: titleOf(plan, run, wish),
    trips: outcome.kind === 'plan' ? [] : outcome.trips,
  };
  return { ...sealPlan(plan, desk.tools.sha256), origin };
}

const decidedBy = (findings: FindingList, rules: ReadonlySet<Rule>): string[] =>
  Array.from({ length: findings.length }, (_, index) => findings.at(index)!).flatMap(({ license, rule, reason }) =>
    license !== null && rule !== null && rules.has(rule) && reason === 'email-differs' ? [license.id] : [],
  );

type PlanClient = Parameters<typeof planOptions>[1];

/** Licenses are taken over SCIM only once somebody saw on one person that nothing else goes with them. */
async function ownRoute(desk: PlanDesk, client: PlanClient, scope: Scope, mode: PlanMode): Promise<Route> {
  const { deliveries, byHand } = await waysOf(desk, client, scope);
  if (byHand) return 'guided';
  const { scim } = deliveries;
  if (!scim?.capabilities.updateEmail) return 'files';
  const { setLicense, assigns } = scim.capabilities;
  if (mode === 'email-first' || setLicense === 'explicit') return 'scim';
  const confirmedOn = (await readSettings(client, scope)).settings.scimRemoval?.confirmedOn ?? null;
  return setLicense === 'side-effect' && assigns !== null && confirmedOn !== null ? 'scim' : 'files';
}

/** By hand for those whom the wish names, all others in one way. */
const routesOf = ({ guided }: PlanWish, findings: Parameters<typeof allLicenseIds>[0], route: Route): PlanOptions['routes'] =>
  Object.fromEntries([
    ...(route === 'files' ? [] : allLicenseIds(findings).map((licenseId) => [licenseId, route] as const)),
    ...guided.map((licenseId) => [licenseId, 'guided'] as const),
  ]);

const allLicenseIds = (findings: {
  readonly length: number;
  at(index: number): { readonly license: { readonly id: string } | null } | undefined;
}): string[] => Array.from({ length: findings.length }, (_, index) => findings.at(index)?.license?.id ?? '').filter((id) => id !== '');

/** How many people must have been seen with the new domain before a domain change needs no canary. */
const provenBy = 3;

/**
 * Whether this domain change was already seen to work here: people whose license had the old domain and has the new one now, Matched.
 * Then nobody has to go first.
 */
async function isDomainChangeProven(
  client: PlanClient,
  scope: Scope,
  aliases: PlanOptions['domainAliases'],
  causes: readonly RootCause[],
  rootCause: string | null,
): Promise<boolean> {
  const cause = causes.find(({ id }) => id === rootCause);
  const named = /^old-domain:(?<old>[^>]+)>(?<current>.+)$/u.exec(cause?.id ?? '')?.groups as { old: string; current: string } | undefined;
  const pairs = named ? [named] : aliases;
  if (pairs.length === 0) return false;
  const moved = await agreeingPairs(client, scope);
  const domain = (email: string): string => joinKeyOf(email).replace(/^.*@/u, '');
  return pairs.every(
    ({ old, current }) =>
      moved.filter((one) => domain(one.before) === old.toLowerCase() && domain(one.now) === current.toLowerCase()).length >= provenBy,
  );
}

function titleOf(plan: Plan, run: StoredReconciliation, { rootCause, mode }: PlanWish): string {
  const people = new Set(plan.files.flatMap((file) => file.rows.map((row) => row.licenseId))).size;
  const cause = run.summary?.rootCauses.find(({ id }) => id === rootCause);
  const who = `${people} ${people === 1 ? 'person' : 'people'}`;
  const what = plan.files.some(({ kind }) => isLicenseKind(kind)) || mode === 'full' ? 'full rematch' : 'email change';
  return cause ? `${who}: ${cause.title.replace(/^\d+ of \d+: /u, '')}` : `${who}: ${what}`;
}

/** Drafts that ran out before anybody approved them. */
export async function expireDrafts(desk: PlanDesk, scope: Scope): Promise<void> {
  const now = desk.now().toISOString();
  await transaction(desk.pool, async (client) => {
    const drafts = (await listPlans(client, scope, { before: null, limit: 200 })).filter(
      ({ state, expiresAt }) => state === 'draft' && expiresAt < now,
    );
    for (const { id } of drafts)
      await client.query(`update plan set state = 'expired', ended_at = $3 where workspace_id = $1 and plan_id = $2 and state = 'draft'`, [
        scope.workspaceId,
        id,
        now,
      ]);
  });
}
