import { createHash } from 'node:crypto';
import { fileOut } from '../core/plan-progress.ts';
import type { PlanMode } from '../core/status.ts';
import { approvePlan } from '../jobs/approve-plan.ts';
import { draftPlan } from '../jobs/draft-plan.ts';
import { downloadFile, makeNextFile, sayOfFile } from '../jobs/hand-out-files.ts';
import type { PlanDesk } from '../jobs/plan-desk.ts';
import { answerFor, planSitting } from '../jobs/steer-plan.ts';
import { readBrought, takeProofOf } from '../jobs/take-read.ts';
import type { Scope } from '../store/database.ts';
import { findPlan, type StoredPlan } from '../store/plan.ts';
import { rematchesOfPlan } from '../store/rematch.ts';
import type { DemoCenter } from './demo-center.ts';
import type { DemoRepairs } from './make-demo.ts';

/** Who repairs in the made-up company, with which tools. Plans go by the clock of the Admin Center. */
export interface RepairDesk {
  readonly plans: PlanDesk;
  readonly scope: Scope;
  readonly center: DemoCenter;
  readonly by: string;
}

/** A full rematch that is through but for the person, who never accepted the new invitation. */
export async function repairWhoIsStuck(desk: RepairDesk, { stuck }: DemoRepairs): Promise<void> {
  const planId = await begin(desk, 'full', [stuck]);
  await carryFiles(desk, planId);
  await answer(desk, planId, [stuck], 'Added the address on LinkedIn, told me on the phone');
  await bringExport(desk, planId);
  await planSitting(desk.plans, desk.scope, planId, null, desk.by);
  await carryFiles(desk, planId);
}

/** Emails corrected by file: three people went first to the new domain and are Matched, and one was set back by somebody else. */
export async function repairWhoMoved(desk: RepairDesk, { moved, setBack }: DemoRepairs): Promise<void> {
  const planId = await begin(desk, 'email-first', [...moved, setBack]);
  await carryFiles(desk, planId);
  const { oldEmail, newEmail } = (await rematchesOfPlan(desk.plans.pool, desk.scope, planId)).find(
    ({ state }) => state.licenseId === setBack,
  )!.state;
  const [person] = desk.center.people(newEmail);
  desk.center.edit(person!.id, { email: oldEmail }, 'another-admin');
  desk.center.pass(24);
  await bringExport(desk, planId);
}

/** A full rematch under way: two people have confirmed, one was asked. Whoever looks at the demo may start the sitting. */
export async function repairToday(desk: RepairDesk, { confirmed, asked }: DemoRepairs): Promise<void> {
  const planId = await begin(desk, 'full', [...confirmed, asked]);
  desk.center.pass(0.2);
  await answer(desk, planId, confirmed, 'Confirmed in the team meeting');
}

async function begin({ plans, scope, by }: RepairDesk, mode: PlanMode, licenseIds: readonly string[]): Promise<string> {
  const wish = {
    mode,
    licenseIds,
    route: 'files',
    guided: [],
    rootCause: null,
    leaveOut: [],
    assignee: by,
    backup: null,
    override: null,
    auto: false,
  } as const;
  const planId = await draftPlan(plans, scope, wish, by);
  const { seal, origin, plan } = await planOf({ plans, scope }, planId);
  const people = new Set(plan.files.flatMap(({ rows }) => rows.map(({ licenseId }) => licenseId)));
  const wrong = [...origin.trips, ...plan.leftOut].map(({ sentence }) => sentence);
  if (wrong.length > 0 || people.size < licenseIds.length) throw new Error(`The demo's repair cannot be planned: ${wrong.join(' ')}`);
  await approvePlan(plans, scope, planId, seal, by);
  return planId;
}

async function planOf({ plans, scope }: Pick<RepairDesk, 'plans' | 'scope'>, planId: string): Promise<StoredPlan> {
  const plan = await findPlan(plans.pool, scope, planId);
  if (!plan) throw new Error('A plan of the demo is gone.');
  return plan;
}

/** Carries every file that may go now to Admin Center, and brings back what it answers: its result, and for licenses an export. */
async function carryFiles(desk: RepairDesk, planId: string): Promise<void> {
  const { plans, scope, center, by } = desk;
  for (;;) {
    const { plan, progress } = await planOf(desk, planId);
    const out = fileOut(progress);
    if (!out) return;
    const { kind } = plan.files[out.file]!;
    center.pass(0.05);
    const text = await downloadFile(plans, scope, planId, out.name, by);
    center.pass(0.05);
    const { number } = center.upload(out.name, Buffer.from(text));
    await sayOfFile(plans, scope, planId, out.name, 'uploaded', by);
    center.pass(0.05);
    const result = center.result(number)!;
    await bring(desk, planId, result.name, result.text, plans.now().toISOString(), null);
    if (kind === 'license-off' || kind === 'license-on') await bringExport(desk, planId);
    const after = await planOf(desk, planId);
    if (fileOut(after.progress) || after.state !== 'running') continue;
    const left = plan.files.slice(out.file + 1).filter((file) => file.sitting === plan.files[out.file]!.sitting);
    if (left.length > 0) await makeNextFile(plans, scope, planId, by);
  }
}

async function bringExport(desk: RepairDesk, planId: string): Promise<void> {
  desk.center.pass(0.05);
  const { name, csv, shown, asOf } = desk.center.export(null);
  await bring(desk, planId, name, csv, asOf, shown);
}

async function bring({ plans, scope, by }: RepairDesk, planId: string, name: string, text: string, asOf: string, shown: number | null) {
  const bytes = Buffer.from(text);
  const brought = await readBrought(plans, name, bytes, asOf);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await takeProofOf(plans, scope, planId, { brought, sha256, adminCenterCount: shown }, by);
}

async function answer({ plans, scope, by }: RepairDesk, planId: string, licenseIds: readonly string[], reason: string): Promise<void> {
  for (const { id, state } of await rematchesOfPlan(plans.pool, scope, planId))
    if (licenseIds.includes(state.licenseId)) await answerFor(plans, scope, id, 'confirmed', by, reason);
}
