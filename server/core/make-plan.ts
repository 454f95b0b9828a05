import { type Candidate, type ChooseOptions, choosePeople, type FindingList } from './choose-people.ts';
import { type CutOptions, cutFiles, emailKindOf, isUnderDeclaredDomain, type TakenOrGiven } from './cut-files.ts';
import { joinKeyOf } from './email.ts';
import { type ActionClass, type GuardTrip, guardLimits, guardOddRun, isLifted, type Limit, type Override } from './guard.ts';
import { guardLedger, type Ledger, type LedgerAnswer } from './guard-ledger.ts';
import {
  guardCompleteRead,
  guardContractCrm,
  guardIncomplete,
  guardOrg,
  guardSandbox,
  guardStale,
  type OrgIdentity,
  type PlanSource,
  type ReadProof,
} from './guard-read.ts';
import { targetTaken } from './guard-target.ts';
import { addressShared, lintRows, orderChanges, type RefusedRow, sharedAddresses } from './order-changes.ts';
import type { ExpectedMinutes, Holder, LeftOut, Plan, PlanFile, PlanNote, PlanRow, PlanWindow, UploadRules } from './plan.ts';
import { priceOf, priceSentence } from './plan-price.ts';
import type { Route } from './status.ts';
import { guardSentence } from './wording.ts';

export interface PlanOptions extends ChooseOptions {
  /** Unique for this plan; part of the file names. */
  readonly id: string;
  /** ISO 8601. */
  readonly now: string;
  readonly by: string;
  /** The contract's name; '' when there is only one. */
  readonly tenant: string;
  readonly licenses: PlanSource;
  readonly crm: PlanSource;
  /** What is known of the license side's read beside its count; removals need it. */
  readonly licenseProof: ReadProof;
  /** Whether somebody said which CRM the contract's CRM Sync is connected to. */
  readonly isContractCrmKnown: boolean;
  readonly org: OrgIdentity | null;
  /** The CRM org's name where it is a sandbox or a test org. */
  readonly sandbox: string | null;
  /** A comparison in which many people changed status at once and nobody said that this is right; null where there is none. */
  readonly oddRun: { readonly changed: number; readonly of: number } | null;
  readonly limits: Readonly<Record<ActionClass, Limit>>;
  readonly maxAgeHours: { readonly email: number; readonly removal: number };
  /** ISO 8601: our last write to this contract; null: none yet. */
  readonly lastWriteAt: string | null;
  readonly expiresAfterHours: number;
  /** People in the first file of a domain change and in the first sitting; 0 sends all at once. */
  readonly canary: number;
  /** Whether this domain change was already seen to work in this contract. */
  readonly canaryProven: boolean;
  /** People of one sitting at most. */
  readonly sittingSize: number;
  /** By license id; whoever is not in it goes by files. */
  readonly routes: Readonly<Record<string, Route>>;
  /** Null: nobody typed in this month's assignments. */
  readonly ledger: Ledger | null;
  /** Assignments that other running plans still need. */
  readonly reservedAssignments: number;
  /** Null: nobody said how many are free. */
  readonly freeLicenses: number | null;
  readonly window: PlanWindow | null;
  readonly expected: ExpectedMinutes;
  readonly override: Override | null;
  readonly upload: UploadRules;
}

/** Our choices, each a setting. Ages: design "email files 3 days, removal 24 h"; a plan lives one day. */
export const planDefaults = {
  mode: 'email-first',
  scope: { kind: 'everybody' },
  leftOutByAdmin: [],
  underRepair: [],
  protected: [],
  tenant: '',
  licenseProof: { isWhole: true, lastGood: null },
  isContractCrmKnown: true,
  org: null,
  sandbox: null,
  oddRun: null,
  domainAliases: [],
  released: [],
  others: [],
  formerEmails: [],
  limits: {
    email: { percent: 25, absolute: 500 },
    remove: { percent: 25, absolute: 100 },
    assign: { percent: 25, absolute: 100 },
    invite: { percent: 25, absolute: 100 },
  },
  maxAgeHours: { email: 72, removal: 24 },
  lastWriteAt: null,
  expiresAfterHours: 24,
  canary: 3,
  canaryProven: false,
  sittingSize: 25,
  routes: {},
  ledger: null,
  reservedAssignments: 0,
  freeLicenses: null,
  window: null,
  expected: { withoutLicense: 20, withoutAccess: 24 * 60 },
  override: null,
} as const satisfies Partial<PlanOptions>;

export type PlanOutcome =
  | { readonly kind: 'plan'; readonly plan: Plan }
  /** A guard tripped: nothing is planned. `draft` shows what it would have been. */
  | { readonly kind: 'stopped'; readonly trips: readonly GuardTrip[]; readonly draft: Plan };

/**
 * Plans the repair of the people in scope. `email-first`: email changes and nothing else, for people who are Not Matched. `full`:
 * LinkedIn's whole procedure, for people who are Not Matched (their email changes first) and for people whose emails agree though
 * LinkedIn shows Not Matched. Everybody in scope ends in exactly one place: the files, the CRM change list, the identity request, or
 * left out with a reason.
 */
export function makePlan(findings: FindingList, options: PlanOptions): PlanOutcome {
  const chosen = choosePeople(findings, options);
  const routeOf = (licenseId: string): Route => options.routes[licenseId] ?? 'files';
  const kindOf = (row: PlanRow) => emailKindOf(row, routeOf(row.licenseId), options);
  const settled = settle(chosen.candidates, chosen.holders, options, kindOf);

  return composePlan(options, {
    mode: options.mode,
    waves: settled.waves,
    sittings: settled.sittings,
    routeOf,
    emailKindOf: kindOf,
    canary: options.canary,
    licenseHolders: chosen.licenseHolders,
    crmChanges: chosen.crmChanges,
    identityRequests: chosen.identityRequests,
    leftOut: [...chosen.leftOut, ...settled.leftOut],
    notes: [...settled.notes, ...seatNotes(settled.sittings.length, options)],
    window: options.mode === 'full' ? options.window : null,
    priceOf: (files) => priceSentence(priceOf({ files, expected: options.expected })),
    trips: [],
  });
}

/** What one kind of plan has of its own. */
export interface PlanContents
  extends Pick<Plan, 'mode' | 'licenseHolders' | 'crmChanges' | 'identityRequests' | 'leftOut' | 'notes' | 'window'>,
    Pick<CutOptions, 'routeOf' | 'emailKindOf' | 'canary'> {
  readonly waves: readonly (readonly PlanRow[])[];
  readonly sittings: readonly TakenOrGiven[];
  /** The price of these files, as it is approved. */
  priceOf(files: readonly PlanFile[]): string;
  /** What stops it beside the guards of every plan. */
  readonly trips: readonly GuardTrip[];
}

/** A plan from one comparison, whatever it does: its files, when it ends, which lists it was made from, and what stops it. */
export function composePlan(options: PlanOptions, contents: PlanContents): PlanOutcome {
  const { mode, waves, sittings, routeOf, emailKindOf: kindOf, canary, priceOf: priceOfFiles, trips: own, ...lists } = contents;
  const day = options.now.slice(0, 10);
  const expiresAt = new Date(Date.parse(options.now) + options.expiresAfterHours * 3_600_000).toISOString();
  const cut = { ...options, day, until: expiresAt.slice(0, 10), routeOf, emailKindOf: kindOf, canary };
  const files = cutFiles(waves, sittings, cut);
  const plan: Plan = {
    id: options.id,
    mode,
    tenant: options.tenant,
    crmName: options.crmName,
    crmKind: options.crmKind,
    idColumn: options.upload.idColumn,
    createdAt: options.now,
    expiresAt,
    createdBy: options.by,
    licenses: versionOf(options.licenses),
    crm: versionOf(options.crm),
    files,
    ...lists,
    expected: options.expected,
    override: options.override,
    price: priceOfFiles(files),
  };
  const trips = [...own, ...guardPlan(plan, options)].filter((trip) => !isLifted(trip, options.override, options.now));
  return trips.length === 0 ? { kind: 'plan', plan } : { kind: 'stopped', trips, draft: plan };
}

/** What a whole plan is held against before its first write; asked when it is made, and again with the newest reads when it starts. */
export function guardPlan(
  plan: Pick<Plan, 'files' | 'mode' | 'licenseHolders' | 'expected'>,
  options: Pick<
    PlanOptions,
    | 'crmName'
    | 'isContractCrmKnown'
    | 'org'
    | 'sandbox'
    | 'oddRun'
    | 'licenses'
    | 'licenseProof'
    | 'now'
    | 'maxAgeHours'
    | 'lastWriteAt'
    | 'limits'
    | 'domainAliases'
  >,
): readonly GuardTrip[] {
  const { now, licenses, lastWriteAt, maxAgeHours } = options;
  const price = priceOf(plan);
  const isFull = plan.mode === 'full';
  const declared = emailRows(plan.files).filter((row) => isUnderDeclaredDomain(row, options.domainAliases)).length;
  const single = [
    guardContractCrm(options.isContractCrmKnown),
    guardSandbox(options.crmName, options.sandbox),
    guardOrg(options.crmName, options.org),
    guardOddRun(options.oddRun),
    isFull ? guardCompleteRead(licenses, options.licenseProof) : guardIncomplete(licenses),
    guardStale(licenses, {
      now,
      lastWriteAt,
      maxHours: isFull ? maxAgeHours.removal : maxAgeHours.email,
      action: isFull ? 'remove' : 'email',
    }),
  ];
  const people = {
    email: price.emailChanges - declared,
    remove: price.removals,
    assign: price.assignments,
    invite: price.invitations,
  };
  return [...single.filter((trip) => trip !== null), ...guardLimits(people, plan.licenseHolders, options.limits)];
}

const emailRows = (files: readonly PlanFile[]): readonly PlanRow[] =>
  files.filter((file) => file.sitting === null).flatMap((file) => file.rows);

/** Only what is sealed: a source may come as a whole CompleteRead. */
export const versionOf = ({ source, sha256, asOf, received, rejected, expected }: PlanSource): PlanSource => ({
  source,
  sha256,
  asOf,
  received,
  rejected,
  expected,
});

const seatNotes = (people: number, { freeLicenses }: PlanOptions): readonly PlanNote[] =>
  freeLicenses === 0 && people > 1 ? [{ code: 'no-free-license', sentence: guardSentence('no-free-license') }] : [];

interface Settled {
  readonly waves: readonly (readonly PlanRow[])[];
  readonly sittings: readonly { readonly off: PlanRow; readonly on: PlanRow }[];
  readonly leftOut: readonly LeftOut[];
  readonly notes: readonly PlanNote[];
}

/**
 * Leaves people out until everybody who stays can be carried out to the end: somebody who gets no assignment changes no email
 * either, and whoever waited for that address is left out with them.
 */
function settle(
  candidates: readonly Candidate[],
  holders: readonly Holder[],
  options: PlanOptions,
  kindOf: (row: PlanRow) => PlanFile['kind'],
): Settled {
  const isFull = options.mode === 'full';
  const shared = sharedAddresses(holders);
  const recorded = new Map(holders.map((holder) => [holder.id, holder.licenses]));
  const leftOut: LeftOut[] = [];
  const notes: PlanNote[] = [];
  let left = candidates;
  for (;;) {
    const ordered = orderChanges(
      left.filter((one) => one.changesEmail).map((one) => one.row),
      holders,
      options.upload,
      kindOf,
    );
    const refused = [
      ...ordered.refused,
      ...left.filter((one) => !one.changesEmail && shared.has(joinKeyOf(one.row.existingEmail))).map((one) => addressShared(one.row)),
    ];
    const gone = new Set(refused.map(({ row }) => row.licenseId));
    const kept = left.filter((one) => !gone.has(one.row.licenseId));
    const sittings = isFull ? kept.map((one) => sittingRow(one, recorded.get(one.row.licenseId) ?? [])) : [];
    const unfit = isFull ? whoDoesNotFit(sittings, ordered.after, options) : { refused: [], answer: null };
    if (unfit.refused.length === 0) {
      leftOut.push(...refused.map((one) => leaveOut(one, null)));
      return { waves: ordered.waves, sittings: sittings.map((row) => ({ off: row, on: row })), leftOut, notes };
    }
    const { answer } = unfit;
    if (answer?.code) notes.push({ code: answer.code, sentence: answer.sentence });
    leftOut.push(...unfit.refused.map((one) => leaveOut(one, answer?.until ?? null)));
    const out = new Set(unfit.refused.map(({ row }) => row.licenseId));
    left = left.filter((one) => !out.has(one.row.licenseId));
  }
}

/** The license goes and comes back at the address that the person has by then, and only after that address was seen. */
const sittingRow = ({ row, changesEmail }: Candidate, licenses: readonly string[]): PlanRow => ({
  ...row,
  existingEmail: row.newEmail,
  after: changesEmail ? row.licenseId : null,
  licenses,
});

/** Whom LinkedIn's upload would refuse, off or on; where nobody is, whom the month's assignments leave over. */
function whoDoesNotFit(
  rows: readonly PlanRow[],
  holders: readonly Holder[],
  { upload, ledger, reservedAssignments, now }: PlanOptions,
): { readonly refused: readonly RefusedRow[]; readonly answer: LedgerAnswer | null } {
  if (rows.length === 0) return { refused: [], answer: null };
  const off = lintRows('license-off', rows, holders, upload);
  const on = off.accepted.length === 0 ? off : lintRows('license-on', off.accepted, holders, upload);
  const refused = off.accepted.length === 0 ? off.refused : [...off.refused, ...on.refused];
  if (refused.length > 0) return { refused, answer: null };
  const answer = guardLedger(rows.length, ledger, reservedAssignments, now);
  return {
    answer,
    refused: rows.slice(answer.fits).map((row) => ({ row, code: answer.code!, sentence: answer.sentence })),
  };
}

const leaveOut = ({ row, code, sentence }: RefusedRow, until: string | null): LeftOut => ({
  licenseId: row.licenseId,
  name: row.name,
  licenseEmail: row.existingEmail,
  newEmail: row.newEmail,
  code,
  sentence,
  until,
  nextStep: nextSteps[code] ?? 'Correct the value at its source, then compare again.',
});

const nextSteps: Readonly<Record<string, string>> = {
  'target-taken': targetTaken().nextStep,
  ledger: 'Plan and approve again when the new month has begun.',
  'ledger-unknown': 'Type in what Admin Center shows under assignments, then plan again.',
};
