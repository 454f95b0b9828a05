import { linkedinUploadRules } from '../../../server/commands/linkedin-upload.ts';
import type { Finding } from '../../../server/core/finding.ts';
import { makePlan, type PlanOptions, planDefaults } from '../../../server/core/make-plan.ts';
import type { Plan } from '../../../server/core/plan.ts';
import { emailDiffers, matched } from './example-finding.ts';

export const exampleSource = (received: number) => ({
  source: 'users.csv',
  sha256: 'ab',
  asOf: '2026-11-21T09:00:00.000Z',
  received,
  rejected: 0,
  expected: received,
});

const everybody = { percent: 100, absolute: 1_000 };

/** A plan's options with nothing in its way: limits for everybody, assignments for all, a fresh and complete export. */
export const exampleOptions = (rest: Partial<PlanOptions> = {}): PlanOptions => ({
  ...planDefaults,
  id: '7f3c1d20',
  now: '2026-11-21T10:00:00.000Z',
  by: 'ada@acme.example',
  crmName: 'Salesforce',
  crmKind: 'salesforce',
  licenses: exampleSource(100),
  crm: exampleSource(120),
  companyDomains: ['acme.example'],
  limits: { email: everybody, remove: everybody, assign: everybody, invite: everybody },
  ledger: { limit: 100, used: 0, resetAt: '2026-12-01T00:00:00.000Z' },
  upload: linkedinUploadRules(),
  ...rest,
});

/** Somebody whose emails agree although LinkedIn shows Not Matched. */
export const disagrees = (id: string, rest: Partial<Finding> = {}): Finding => ({
  ...matched(id, `p${id}@acme.example`),
  reason: 'linkedin-disagrees',
  ...rest,
});

/** The plan that options make. Throws where a guard trips. */
export function planOf(findings: readonly Finding[], rest: Partial<PlanOptions> = {}): Plan {
  const outcome = makePlan(findings, exampleOptions(rest));
  if (outcome.kind === 'plan') return outcome.plan;
  throw new Error(outcome.trips.map((trip) => trip.sentence).join(' '));
}

/** A full plan for `n` people whose emails agree. */
export const fullPlan = (n: number, rest: Partial<PlanOptions> = {}): Plan =>
  planOf(
    Array.from({ length: n }, (_, index) => disagrees(`${index}`)),
    { mode: 'full', ...rest },
  );

export const inFiles = (plan: Plan): readonly string[] => plan.files.flatMap((file) => file.rows.map((row) => row.licenseId));

export const leftOutOf = (plan: Plan): Readonly<Record<string, string>> =>
  Object.fromEntries(plan.leftOut.map((one) => [one.licenseId, one.code]));

export { emailDiffers, matched };
