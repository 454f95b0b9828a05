import type pg from 'pg';
import { type EndpointName, endpoints, type Plan } from '../../server/api.ts';
import type { PlanProgress } from '../../server/core/plan-progress.ts';
import type { RematchStep, ServerRoute } from '../../server/core/status.ts';
import type { StoredSitting } from '../../server/store/plan.ts';
import type { ServerProcess } from '../server/child-process-server.ts';
import type { Company, Wish } from './company.ts';
import type { MortalProcesses } from './mortal-processes.ts';

/** A plan as its admin keeps it in mind. */
export interface KnownPlan {
  readonly id: string;
  readonly seal: string;
  readonly wish: Wish;
}

interface PersonNow {
  readonly id: string;
  readonly licenseId: string;
  readonly step: RematchStep;
  readonly isAsked: boolean;
}

/** Makes a plan of each wish while nothing has been written: a removal is planned on a list from after the last write. */
export async function draftPlans(server: ServerProcess, wishes: readonly Wish[], route: ServerRoute): Promise<KnownPlan[]> {
  const plans: KnownPlan[] = [];
  for (const wish of wishes) {
    const body = { route, mode: wish.kind === 'emails' ? 'email-first' : 'full', licenseIds: wish.people.map(({ id }) => `LIC-${id}`) };
    const { id } = await server.ok<{ id: string }>('createPlan', { body });
    const plan = await server.ok<Plan>('getPlan', { params: { id } });
    if (plan.people !== wish.people.length || plan.trips.length > 0)
      throw new Error(`The plan is another one than was wished: ${JSON.stringify({ trips: plan.trips, leftOut: plan.leftOut })}`);
    plans.push({ id, seal: plan.seal, wish });
  }
  return plans;
}

/**
 * Whoever sits at the console, and the people behind the licenses: approves, answers, starts sittings, accepts invitations, brings an export
 * now and then, as often as it takes. Whatever server answers is good enough; one that dies is asked again.
 */
export async function carryOut(
  plans: readonly KnownPlan[],
  processes: MortalProcesses,
  company: Company,
  db: pg.Client,
  route: ServerRoute,
  isEnough: () => boolean,
): Promise<readonly KnownPlan[]> {
  const waiting = [...plans];
  const approved: KnownPlan[] = [];
  let active: KnownPlan[] = [];
  for (;;) {
    while (active.length < plansAtOnce && waiting.length > 0 && !isEnough()) {
      const plan = waiting.shift()!;
      active.push(plan);
      approved.push(plan);
    }
    if (active.length === 0) return approved;
    if (processes.mishaps.length > 0) throw new Error(processes.mishaps.join('\n'));
    const states: string[] = [];
    for (const plan of active) states.push(await attend(plan, processes, company, db, route));
    if (states.includes('waits for LinkedIn')) await bringList(processes, company);
    active = active.filter((_, index) => states[index] !== 'done');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function bringList(processes: MortalProcesses, company: Company): Promise<void> {
  const { csv, asOf } = company.exportByHand();
  const query = { name: 'users.csv', exportedAt: asOf, adminCenterCount: String(company.center.people.length) };
  return ask(processes, 'bringProofAnywhere', { query, raw: csv });
}

const plansAtOnce = 3;

/** One look at one plan, and whatever a person would do about it. */
async function attend(plan: KnownPlan, processes: MortalProcesses, company: Company, db: pg.Client, route: ServerRoute): Promise<string> {
  const params = { id: plan.id };
  const { rows } = await db.query<{ state: string; progress: PlanProgress; sitting: StoredSitting | null }>(
    'select state, progress, sitting from plan where plan_id = $1',
    [plan.id],
  );
  const { state, progress } = rows[0]!;
  if (state === 'draft') await ask(processes, 'approvePlan', { params, body: { seal: plan.seal } });
  if (state !== 'running') return state;
  const people = await stillIn(plan.id, db);
  const at = (step: RematchStep): PersonNow[] => people.filter((person) => person.step === step);
  const body = { answer: 'confirmed', reason: 'Said so on the phone.' };
  for (const { id } of at('ask-person').filter(({ isAsked }) => isAsked)) await ask(processes, 'answerRematch', { params: { id }, body });
  for (const { licenseId } of at('onboarding')) company.accept(licenseId);
  const isOut = ['made', 'downloaded', 'said-to-be-uploaded', 'seen'].includes(progress.files.at(-1)?.state ?? '');
  if (at('remove-license').length > 0 && at('update-email').length + at('ask-person').length === 0 && !isOut) {
    // What a removal rests on: SCIM does not bring it.
    if (route === 'scim') await bringList(processes, company);
    await ask(processes, 'planSitting', { params, body: { plannedFor: null } });
  }
  const expected = [...at('wait'), ...at('enable-crm-sync')].map(({ licenseId }) => licenseId);
  if (expected.length > 0) company.runCrmJob(expected);
  return expected.length + at('onboarding').length > 0 ? 'waits for LinkedIn' : 'goes on';
}

async function stillIn(planId: string, db: pg.Client): Promise<PersonNow[]> {
  const { rows } = await db.query<PersonNow>(
    `select rematch_id as id, license_id as "licenseId", step, state->>'asked' is not null as "isAsked" from rematch where plan_id = $1 and ended is null`,
    [planId],
  );
  return rows;
}

interface Asked {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly raw?: string;
}

/** Asks whoever answers. A refusal is as good as an answer: what it was about is looked at again; so is an answer that never came. */
async function ask(processes: MortalProcesses, name: EndpointName, { params = {}, query = {}, body, raw }: Asked): Promise<void> {
  const server = await processes.server();
  const { method, path } = endpoints[name];
  const filled = path.replaceAll(/:(\w+)/gu, (_, key: string) => encodeURIComponent(params[key]!));
  const init = { method, headers: { 'Content-Type': raw === undefined ? 'application/json' : 'application/octet-stream' } };
  try {
    const answer = await server.fetch(`${filled}?${new URLSearchParams(query)}`, { ...init, body: raw ?? JSON.stringify(body) });
    const text = await answer.text();
    if (answer.status >= 500) throw new Error(`${name}: ${answer.status} ${text}`);
  } catch (error) {
    // It was killed before it answered.
    if (!(error instanceof TypeError)) throw error;
  }
}
