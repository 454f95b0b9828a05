import { hasCrmSync } from './crm-sync.ts';
import { isLicenseKind, type Plan, type PlanFile } from './plan.ts';
import { type Route, rematchSteps } from './status.ts';
import { guardSentence } from './wording.ts';

/** What is done for a person, in order: the check before, then what their rematch does. */
const plannedSteps = ['preflight', ...rematchSteps] as const;
export type PlannedStep = (typeof plannedSteps)[number];

/** What a plan costs as a whole. */
export interface PlanPrice {
  readonly emailChanges: number;
  readonly removals: number;
  readonly assignments: number;
  readonly invitations: number;
  /** People who go through LinkedIn's onboarding again. */
  readonly onboardings: number;
  /** What is expected for each of them, in minutes; 0 where no license is touched. */
  readonly minutesWithoutLicense: number;
  readonly minutesWithoutAccess: number;
  /** License types recorded to be given back, most first. */
  readonly givesBack: readonly { readonly license: string; readonly people: number }[];
}

export interface PersonPlan {
  readonly licenseId: string;
  readonly name: string;
  readonly route: Route;
  readonly emailBefore: string;
  readonly emailAfter: string;
  readonly steps: readonly PlannedStep[];
  readonly invitations: number;
  readonly onboardings: number;
  readonly assignments: number;
  readonly minutesWithoutLicense: number;
  readonly minutesWithoutAccess: number;
  /** The license types recorded to be given back. */
  readonly givesBack: readonly string[];
  /** Null where no license is touched. */
  readonly sitting: number | null;
  readonly canary: boolean;
}

/** Every person of a plan once, in the order in which their turn comes, each with steps, route and price. */
export function peopleOf({ files, expected, crmKind }: Pick<Plan, 'files' | 'expected' | 'crmKind'>): readonly PersonPlan[] {
  const rows = files.flatMap((file) => file.rows.map((row) => ({ file, row })));
  return [...Map.groupBy(rows, ({ row }) => row.licenseId)].map(([licenseId, own]) => {
    const has = (kind: PlanFile['kind']): boolean => own.some(({ file }) => file.kind === kind);
    const changesEmail = own.some(({ file }) => !isLicenseKind(file.kind));
    const isGiven = has('license-on');
    const isBack = isGiven && has('license-off');
    const first = own[0]!;
    const last = own.at(-1)!;
    const steps: Readonly<Record<PlannedStep, boolean>> = {
      preflight: true,
      'update-email': changesEmail,
      // A full plan does not wait for the daily CRM job between the email and the license.
      wait: !isLicenseKind(last.file.kind) && hasCrmSync(crmKind),
      'ask-person': isBack,
      'remove-license': has('license-off'),
      'reassign-license': isGiven,
      onboarding: isGiven,
      'enable-crm-sync': isGiven && hasCrmSync(crmKind),
    };
    return {
      licenseId,
      name: first.row.name,
      route: first.file.route,
      emailBefore: first.row.existingEmail,
      emailAfter: last.row.newEmail,
      steps: plannedSteps.filter((step) => steps[step]),
      invitations: isGiven ? 1 : 0,
      onboardings: isGiven ? 1 : 0,
      assignments: isGiven ? 1 : 0,
      minutesWithoutLicense: isBack ? expected.withoutLicense : 0,
      minutesWithoutAccess: isBack ? expected.withoutAccess : 0,
      givesBack: isGiven ? last.row.licenses : [],
      sitting: last.file.sitting,
      canary: last.file.canary,
    };
  });
}

export function priceOf({ files, expected }: Pick<Plan, 'files' | 'expected'>): PlanPrice {
  const count = (fits: (file: PlanFile) => boolean): number => files.filter(fits).reduce((sum, file) => sum + file.rows.length, 0);
  const given = count((file) => file.kind === 'license-on');
  const types = new Map<string, number>();
  for (const { kind, rows } of files)
    if (kind === 'license-on') for (const license of rows.flatMap((row) => row.licenses)) types.set(license, (types.get(license) ?? 0) + 1);
  return {
    emailChanges: count((file) => !isLicenseKind(file.kind)),
    removals: count((file) => file.kind === 'license-off'),
    assignments: given,
    invitations: given,
    onboardings: given,
    minutesWithoutLicense: given === 0 ? 0 : expected.withoutLicense,
    minutesWithoutAccess: given === 0 ? 0 : expected.withoutAccess,
    givesBack: [...types].map(([license, people]) => ({ license, people })).toSorted((a, b) => b.people - a.people),
  };
}

/** What is approved, in one sentence. */
export function priceSentence({ emailChanges, removals, assignments }: PlanPrice): string {
  if (removals + assignments > 0) return guardSentence('approve: full', { n: assignments });
  return emailChanges === 0 ? 'No license email changes.' : guardSentence('approve: email', { n: emailChanges });
}
