import { joinKeyOf, parseEmail } from './email.ts';
import type { Finding } from './finding.ts';
import {
  type GuardCode,
  type GuardTrip,
  guardIncomplete,
  guardLimit,
  guardSandbox,
  guardStale,
  type Limit,
  type PlanSource,
} from './guard.ts';
import type { DomainAlias } from './settings.ts';
import type { Difference, Rule } from './status.ts';
import { guardSentence } from './wording.ts';

export type PlanFileKind = 'email-change' | 'domain-change';

/** One license email that is to change. */
export interface PlanRow {
  readonly licenseId: string;
  readonly seatId: string;
  readonly uniqueUserId: string;
  readonly name: string;
  readonly existingEmail: string;
  readonly newEmail: string;
  readonly crmUserId: string;
  readonly rule: Rule | null;
  readonly difference: Difference | null;
  /** The license whose own change, in an earlier file, frees this new address; null where it is free today. */
  readonly after: string | null;
}

export interface PlanFile {
  readonly name: string;
  readonly kind: PlanFileKind;
  readonly rows: readonly PlanRow[];
  /** The first few of a domain change go alone, so that a wrong domain is found on them. */
  readonly canary: boolean;
}

/** For the CRM's admin: LinkedIn stays as it is. */
export interface CrmChange {
  readonly crm: string;
  readonly crmUserId: string;
  readonly name: string;
  readonly crmEmail: string;
  readonly newEmail: string;
  readonly licenseId: string;
  readonly why: string;
}

/** For the identity team: LinkedIn would be overwritten by the identity provider. */
export interface IdentityRequest {
  readonly licenseId: string;
  readonly uniqueUserId: string;
  readonly name: string;
  readonly existingEmail: string;
  readonly newEmail: string;
  readonly evidence: string;
}

/** Somebody Not Matched whom this plan does not repair, and why. */
export interface LeftOut {
  readonly licenseId: string;
  readonly name: string;
  readonly licenseEmail: string;
  readonly newEmail: string;
  /** A reason of the report, or a code of a guard or of the upload's linter. */
  readonly code: string;
  readonly sentence: string;
  readonly nextStep: string;
}

export interface Override {
  readonly codes: readonly GuardCode[];
  readonly reason: string;
  readonly by: string;
  /** ISO 8601. */
  readonly at: string;
}

/** What a set of email-first repairs would do. Sealed before anybody approves it. */
export interface Plan {
  readonly id: string;
  readonly mode: 'email-first';
  readonly tenant: string;
  readonly crmName: string;
  /** How the files spell LinkedIn's ID column. */
  readonly idColumn: string;
  /** ISO 8601, both. */
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly createdBy: string;
  readonly licenses: PlanSource;
  readonly crm: PlanSource;
  readonly licenseHolders: number;
  /** In the order in which they are to be uploaded, one at a time. */
  readonly files: readonly PlanFile[];
  readonly crmChanges: readonly CrmChange[];
  readonly identityRequests: readonly IdentityRequest[];
  readonly leftOut: readonly LeftOut[];
  readonly override: Override | null;
  /** What is approved, in one sentence. */
  readonly price: string;
}

/** Somebody in LinkedIn, for the question whose an address is. */
export interface Holder {
  readonly id: string;
  readonly email: string;
  readonly uniqueUserId: string;
  readonly licenses: readonly string[];
}

/** The vendor's side of a plan: what its files accept and what they are called. */
export interface UploadRules {
  readonly rowLimit: number;
  readonly idColumn: string;
  /**
   * Rows that must not be written, by index, with the reason in a sentence. Sees all rows of one kind together, before they
   * are cut into files of `rowLimit`. `holders`: everybody as of that upload.
   */
  lint(
    kind: PlanFileKind,
    rows: readonly PlanRow[],
    holders: Iterable<Holder>,
  ): readonly { readonly row: number | null; readonly code: string; readonly why: string }[];
  /** `index` counts the plan's files of this kind from 0. */
  nameFile(
    kind: PlanFileKind,
    index: number,
    plan: { readonly id: string; readonly tenant: string; readonly day: string; readonly until: string },
  ): string;
}

export interface PlanOptions {
  /** Unique for this plan; part of the file names. */
  readonly id: string;
  /** ISO 8601. */
  readonly now: string;
  readonly by: string;
  /** The contract's name; '' when there is only one. */
  readonly tenant: string;
  readonly crmName: string;
  readonly licenses: PlanSource;
  readonly crm: PlanSource;
  /** The CRM org's name where it is a sandbox or a test org. */
  readonly sandbox: string | null;
  readonly companyDomains: readonly string[];
  /** Declared by a person. Email changes under one of these, with equal local parts, are not counted against the limit. */
  readonly domainAliases: readonly DomainAlias[];
  /** License ids whose new address was released though it is on no company domain. */
  readonly released: readonly string[];
  /** People in LinkedIn who are not judged (no license, admin only): their addresses are taken all the same. */
  readonly others: readonly Holder[];
  /** Addresses that belonged to somebody in an earlier reconciliation. */
  readonly formerEmails: readonly { readonly licenseId: string; readonly email: string }[];
  readonly limit: Limit;
  readonly maxAgeHours: number;
  readonly expiresAfterHours: number;
  /** People in the first file of a domain change; 0 sends all at once. */
  readonly canary: number;
  readonly override: Override | null;
  readonly upload: UploadRules;
}

/** Our choices, each a setting. Ages: design "email files 3 days", a plan lives one day. */
export const planDefaults = {
  tenant: '',
  sandbox: null,
  domainAliases: [],
  released: [],
  others: [],
  formerEmails: [],
  limit: { percent: 25, absolute: 500 },
  maxAgeHours: 72,
  expiresAfterHours: 24,
  canary: 3,
  override: null,
} as const satisfies Partial<PlanOptions>;

export type PlanOutcome =
  | { readonly kind: 'plan'; readonly plan: Plan }
  /** A guard tripped: nothing is planned. `draft` shows what it would have been. */
  | { readonly kind: 'stopped'; readonly trips: readonly GuardTrip[]; readonly draft: Plan };

export interface FindingList {
  readonly length: number;
  at(index: number): Finding | undefined;
}

/**
 * Plans email changes, and nothing else, for the Not Matched license holders of one comparison. Everybody Not Matched ends
 * in exactly one place: a file, the CRM change list, the identity request, or left out with a reason.
 */
export function makePlan(findings: FindingList, options: PlanOptions): PlanOutcome {
  const candidates: PlanRow[] = [];
  const crmChanges: CrmChange[] = [];
  const identityRequests: IdentityRequest[] = [];
  const leftOut: LeftOut[] = [];
  const holders: Holder[] = [...options.others];
  /** Who has an address in the CRM; null where several have it. */
  const crmOwners = new Map<string, string | null>();
  const repairable: Finding[] = [];

  for (let i = 0; i < findings.length; i++) {
    const finding = findings.at(i)!;
    if (finding.crmUser !== null) {
      const key = joinKeyOf(finding.crmUser.email);
      const owner = crmOwners.get(key);
      crmOwners.set(key, owner === undefined || owner === finding.crmUser.id ? finding.crmUser.id : null);
    }
    if (finding.license === null) continue;
    holders.push(finding.license);
    if (finding.status === 'not-matched') repairable.push(finding);
  }
  const licenseHolders = holders.length - options.others.length;

  const former = new Map<string, Set<string>>();
  for (const { licenseId, email } of options.formerEmails)
    former.set(joinKeyOf(email), (former.get(joinKeyOf(email)) ?? new Set()).add(licenseId));
  const released = new Set(options.released);
  const companyDomains = new Set(
    [...options.companyDomains, ...options.domainAliases.map((alias) => alias.current)].map((d) => d.toLowerCase()),
  );

  for (const finding of repairable) {
    const license = finding.license!;
    const leave = (code: string, sentence: string, nextStep: string): void => {
      leftOut.push({
        licenseId: license.id,
        name: license.name,
        licenseEmail: license.email,
        newEmail: finding.targetEmail ?? '',
        code,
        sentence,
        nextStep,
      });
    };
    if (finding.reason !== 'email-differs' || finding.crmUser === null) {
      leave(finding.reason, finding.sentence, finding.nextStep);
    } else if (finding.changeSide !== 'license' && finding.changeSide !== 'crm') {
      leave('ask', finding.sentence, finding.nextStep);
    } else if (finding.targetEmail === null) {
      leave(finding.reason, finding.sentence, finding.nextStep);
    } else if (finding.changeSide === 'crm') {
      crmChanges.push({
        crm: finding.crmUser.crm,
        crmUserId: finding.crmUser.id,
        name: finding.crmUser.name,
        crmEmail: finding.crmUser.email,
        newEmail: finding.targetEmail,
        licenseId: license.id,
        why: finding.changeEvidence.join('; '),
      });
    } else if (finding.managedBy === 'idp') {
      identityRequests.push({
        licenseId: license.id,
        uniqueUserId: license.uniqueUserId,
        name: license.name,
        existingEmail: license.email,
        newEmail: finding.targetEmail,
        evidence: finding.managedByEvidence ?? '',
      });
    } else {
      const wrong = whyNotTarget(finding.targetEmail, license.id, finding.crmUser.id);
      if (wrong !== null) leave(wrong.code, wrong.sentence, wrong.nextStep);
      else
        candidates.push({
          licenseId: license.id,
          seatId: license.seatId,
          uniqueUserId: license.uniqueUserId,
          name: license.name,
          existingEmail: license.email,
          newEmail: finding.targetEmail,
          crmUserId: finding.crmUser.id,
          rule: finding.rule,
          difference: finding.difference,
          after: null,
        });
    }
  }

  function whyNotTarget(target: string, licenseId: string, crmUserId: string): { code: string; sentence: string; nextStep: string } | null {
    const parsed = parseEmail(target);
    if (parsed.kind !== 'address')
      return {
        code: 'not-an-address',
        sentence: 'The new address is not an email address.',
        nextStep: `Correct the email in ${options.crmName}, then compare again.`,
      };
    if (parsed.domain.endsWith('.invalid'))
      return {
        code: 'invalid-domain',
        sentence: 'The new address ends in .invalid, as in a sandbox: no mail can reach it.',
        nextStep: `Correct the email in ${options.crmName}, then compare again.`,
      };
    if (!companyDomains.has(parsed.domain) && !released.has(licenseId))
      return {
        code: 'target-domain',
        sentence: guardSentence('target-domain', { crmName: options.crmName }),
        nextStep: `Release the address for this person, or correct it in ${options.crmName}.`,
      };
    const key = joinKeyOf(target);
    if ([...(former.get(key) ?? [])].some((id) => id !== licenseId))
      return {
        code: 'target-taken-before',
        sentence: 'The new address belonged to somebody else in an earlier comparison. It may be reused.',
        nextStep: 'Ask who uses this address today, then link the right person.',
      };
    if ((crmOwners.get(key) ?? crmUserId) !== crmUserId || crmOwners.get(key) === null)
      return taken(`Somebody else already has the new address in ${options.crmName}. Solve that person first.`);
    return null;
  }

  const { waves, refused } = inWaves(candidates, holders, options);
  for (const { row, code, sentence } of refused)
    leftOut.push({
      licenseId: row.licenseId,
      name: row.name,
      licenseEmail: row.existingEmail,
      newEmail: row.newEmail,
      code,
      sentence,
      nextStep: code === 'target-taken' ? taken('').nextStep : 'Correct the value at its source, then compare again.',
    });

  const day = options.now.slice(0, 10);
  const expiresAt = new Date(Date.parse(options.now) + options.expiresAfterHours * 3_600_000).toISOString();
  const files = asFiles(waves, options, day, expiresAt.slice(0, 10));
  const people = files.reduce((sum, file) => sum + file.rows.length, 0);
  const plan: Plan = {
    id: options.id,
    mode: 'email-first',
    tenant: options.tenant,
    crmName: options.crmName,
    idColumn: options.upload.idColumn,
    createdAt: options.now,
    expiresAt,
    createdBy: options.by,
    licenses: versionOf(options.licenses),
    crm: versionOf(options.crm),
    licenseHolders,
    files,
    crmChanges,
    identityRequests,
    leftOut,
    override: options.override,
    price: people === 0 ? 'No license email changes.' : guardSentence('approve: email', { n: people }),
  };
  const limited = files.flatMap((file) => file.rows).filter((row) => !underDeclaredDomain(row, options.domainAliases)).length;
  const trips = [
    guardSandbox(options.crmName, options.sandbox),
    guardIncomplete(options.licenses),
    guardStale(options.licenses, options.now, options.maxAgeHours),
    guardLimit(limited, licenseHolders, options.limit),
  ].filter((trip) => trip !== null && !(trip.canOverride && options.override?.codes.includes(trip.code))) as GuardTrip[];
  return trips.length === 0 ? { kind: 'plan', plan } : { kind: 'stopped', trips, draft: plan };
}

/** Only what is sealed: a source may come as a whole CompleteRead. */
const versionOf = ({ source, sha256, asOf, received, rejected, expected }: PlanSource): PlanSource => ({
  source,
  sha256,
  asOf,
  received,
  rejected,
  expected,
});

const taken = (sentence: string): { code: string; sentence: string; nextStep: string } => ({
  code: 'target-taken',
  sentence,
  nextStep: 'Repair or correct the person who has this address, then plan again.',
});

interface RefusedRow {
  readonly row: PlanRow;
  readonly code: string;
  readonly sentence: string;
}

/**
 * Orders changes so that an address is given away before it is given on: A may get B's address only in a file after the one
 * that changed B. A ring (two people who swap) has no such order and is refused.
 */
function inWaves(
  candidates: readonly PlanRow[],
  holders: readonly Holder[],
  { upload, ...options }: PlanOptions,
): { readonly waves: readonly (readonly PlanRow[])[]; readonly refused: readonly RefusedRow[] } {
  const present = new Map<string, Holder>();
  // An address that two people have is not free when one of them leaves it.
  const shared = new Set<string>();
  for (const holder of holders) {
    const key = joinKeyOf(holder.email);
    if (present.has(key)) shared.add(key);
    present.set(key, holder);
  }
  const planned = new Map(candidates.map((row) => [row.licenseId, row]));
  const freedBy = new Map<string, string>();
  const refused: RefusedRow[] = [];
  const waves: PlanRow[][] = [];
  let waiting = candidates.filter((row) => !shared.has(joinKeyOf(row.existingEmail)));
  for (const row of candidates)
    if (shared.has(joinKeyOf(row.existingEmail)))
      refused.push({
        row,
        code: 'address-shared',
        sentence: 'Two people in LinkedIn have the present address, so an upload could change the wrong one.',
      });
  while (waiting.length > 0) {
    const isFree = (row: PlanRow): boolean => {
      const key = joinKeyOf(row.newEmail);
      const holder = present.get(key);
      return holder === undefined || (holder.id === row.licenseId && !shared.has(key));
    };
    const ready = waiting.filter(isFree).map((row) => ({ ...row, after: freedBy.get(joinKeyOf(row.newEmail)) ?? null }));
    waiting = waiting.filter((row) => !isFree(row));
    if (ready.length === 0) break;
    const wave: PlanRow[] = [];
    for (const kind of ['domain-change', 'email-change'] as const) {
      const rows = ready.filter((row) => kindOf(row, options) === kind);
      if (rows.length === 0) continue;
      const found = upload.lint(kind, rows, present.values());
      const whole = found.find((refusal) => refusal.row === null);
      rows.forEach((row, index) => {
        const refusal = whole ?? found.find((one) => one.row === index);
        if (refusal === undefined) wave.push(row);
        else refused.push({ row, code: refusal.code, sentence: refusal.why });
      });
    }
    // Two kinds of file, one address: the linter sees one file at a time.
    const targets = Map.groupBy(wave, (row) => joinKeyOf(row.newEmail));
    const isAlone = (row: PlanRow): boolean => targets.get(joinKeyOf(row.newEmail))!.length === 1;
    const accepted = wave.filter(isAlone);
    for (const row of wave)
      if (!isAlone(row)) refused.push({ row, code: 'double-target', sentence: 'Two people of this plan would get the same address.' });
    for (const row of accepted) {
      const before = joinKeyOf(row.existingEmail);
      const holder = present.get(before);
      if (holder?.id === row.licenseId) present.delete(before);
      freedBy.set(before, row.licenseId);
    }
    for (const row of accepted) {
      const { licenseId: id, uniqueUserId } = row;
      present.set(joinKeyOf(row.newEmail), { id, email: row.newEmail, uniqueUserId, licenses: [] });
    }
    if (accepted.length > 0) waves.push(accepted);
  }
  for (const row of waiting) {
    const holder = present.get(joinKeyOf(row.newEmail))!;
    refused.push({
      row,
      code: 'target-taken',
      sentence: planned.has(holder.id)
        ? 'The new address belongs to somebody whose own change is not possible before this one. Solve that person first.'
        : guardSentence('target-taken'),
    });
  }
  return { waves, refused };
}

/**
 * A domain-change file is only for a domain change with equal local parts (LinkedIn help a147282): a declared one, or one
 * between two company domains. Everything else goes into an email-change file.
 */
function kindOf(row: PlanRow, options: Pick<PlanOptions, 'domainAliases' | 'companyDomains'>): PlanFileKind {
  if (underDeclaredDomain(row, options.domainAliases)) return 'domain-change';
  const before = split(row.existingEmail);
  const after = split(row.newEmail);
  const ours = new Set(options.companyDomains.map((domain) => domain.toLowerCase()));
  const between = before.local === after.local && before.domain !== after.domain && ours.has(before.domain) && ours.has(after.domain);
  return between ? 'domain-change' : 'email-change';
}

function underDeclaredDomain(row: PlanRow, aliases: readonly DomainAlias[]): boolean {
  const before = split(row.existingEmail);
  const after = split(row.newEmail);
  return (
    before.local === after.local &&
    aliases.some((alias) => alias.old.toLowerCase() === before.domain && alias.current.toLowerCase() === after.domain)
  );
}

/** The local part as written: whether LinkedIn's "equal" minds letter case is not documented. */
function split(email: string): { readonly local: string; readonly domain: string } {
  const at = email.lastIndexOf('@');
  return { local: email.slice(0, at), domain: email.slice(at + 1).toLowerCase() };
}

function asFiles(waves: readonly (readonly PlanRow[])[], options: PlanOptions, day: string, until: string): readonly PlanFile[] {
  const files: PlanFile[] = [];
  const counts: Record<PlanFileKind, number> = { 'domain-change': 0, 'email-change': 0 };
  const add = (kind: PlanFileKind, rows: readonly PlanRow[], canary: boolean): void => {
    const name = options.upload.nameFile(kind, counts[kind]++, { id: options.id, tenant: options.tenant, day, until });
    files.push({ name, kind, rows, canary });
  };
  for (const wave of waves)
    for (const kind of ['domain-change', 'email-change'] as const) {
      const rows = wave.filter((row) => kindOf(row, options) === kind);
      const first = kind === 'domain-change' && counts[kind] === 0 && rows.length > options.canary ? options.canary : 0;
      if (first > 0) add(kind, rows.slice(0, first), true);
      for (let start = first; start < rows.length; start += options.upload.rowLimit)
        add(kind, rows.slice(start, start + options.upload.rowLimit), false);
    }
  return files;
}
