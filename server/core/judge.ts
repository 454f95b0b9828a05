import { decideChangeSide } from './change-side.ts';
import { accountName, type Comparison, joinsOwn, matchFlags, userName } from './correlate.ts';
import { canonicalDomain } from './domain-groups.ts';
import { parseEmail, publicMailProviders } from './email.ts';
import { describeDifference } from './email-difference.ts';
import type { OtherCrmUser } from './finding.ts';
import { hash, hashText } from './hash-bytes.ts';
import { accountById, accountStates, userStates } from './index-people.ts';
import type { Room } from './kernels/room.ts';
import { firstInIndex } from './key-index.ts';
import { otherCrmUsers } from './other-crms.ts';
import { canonicalEmailAt, emailKinds, fieldIndex, keyIsText, textAt, wouldJoin } from './people.ts';
import {
  invitations,
  licenseTypes,
  owners,
  readCrmSyncStatus,
  readInvitation,
  readLicenseType,
  readManagedBy,
  readSwitch,
  seen,
  valueReader,
} from './read-values.ts';
import type { Exception, ReconcileSettings } from './settings.ts';
import {
  type Also,
  alsoCodes,
  changeSides,
  differences,
  type Reason,
  reasons,
  type Status,
  statuses,
  type Variant,
  variants,
} from './status.ts';
import { mostSuggestions, type Suggestions } from './suggestions.ts';
import { ahead, touchOwners } from './touch-ahead.ts';

/** What was found of each license holder, as columns of positions in the lists of status.ts; optional ones plus one, 0 for none. */
export interface Verdicts {
  readonly status: Uint8Array;
  readonly reason: Uint8Array;
  readonly variant: Uint8Array;
  readonly difference: Uint8Array;
  readonly changeSide: Uint8Array;
  /** Bit per position in `alsoCodes`. */
  readonly also: Uint32Array;
  /** `seen` of read-values: what LinkedIn itself showed. Plus 4 where an admin's answer says it. */
  readonly observed: Uint8Array;
  /** 0 unknown, 1 matched, 2 not matched. */
  readonly predicted: Uint8Array;
  /** `owners` of read-values. */
  readonly managedBy: Uint8Array;
  /** Position of the root cause plus one; filled by `groupRootCauses`. */
  readonly cause: Uint16Array;
}

export const createVerdicts = (accounts: number, room: Room): Verdicts => ({
  status: room.u8(accounts),
  reason: room.u8(accounts),
  variant: room.u8(accounts),
  difference: room.u8(accounts),
  changeSide: room.u8(accounts),
  also: room.u32(accounts),
  observed: room.u8(accounts),
  predicted: room.u8(accounts),
  managedBy: room.u8(accounts),
  cause: room.u16(accounts),
});

export const predictions = { unknown: 0, matched: 1, notMatched: 2 } as const;

/** What judging looks at beside the comparison: this thread's readers and the settings by row. */
export interface Judge {
  readonly comparison: Comparison;
  readonly suggestions: Suggestions;
  readonly verdicts: Verdicts;
  readonly companyDomains: ReadonlySet<string>;
  readonly declaredOld: ReadonlySet<string>;
  readonly fitsColleagues: (userOrHolder: ReturnType<typeof userName>, local: string, domain: string) => boolean | null;
  readonly licenseType: (row: number) => number;
  readonly invitation: (row: number) => number;
  readonly crmSyncStatus: (row: number) => number;
  readonly crmSync: (row: number) => number;
  readonly managedBy: (row: number) => number;
  readonly confirmed: (row: number) => number;
  readonly lastLogin: number;
  readonly exceptions: ReadonlyMap<number, Exception>;
  readonly waiting: ReadonlyMap<number, ReconcileSettings['waiting'][number]>;
  readonly repairFailed: ReadonlyMap<number, ReconcileSettings['repairFailed'][number]>;
  readonly answers: ReadonlyMap<number, ReconcileSettings['observedAnswers'][number]>;
  readonly duplicateProfiles: ReadonlySet<number>;
  /** Canonical email → who has it in other CRMs. */
  readonly otherCrms: ReadonlyMap<string, readonly OtherCrmUser[]>;
  /** Somebody who was judged, by `likenessOf`. */
  readonly judged: Map<number, number>;
}

export function createJudge(
  comparison: Comparison,
  suggestions: Suggestions,
  verdicts: Verdicts,
  companyDomains: ReadonlySet<string>,
  fitsColleagues: Judge['fitsColleagues'],
): Judge {
  const { accounts, users, accountIndex, settings } = comparison;
  const byRow = <T extends { readonly licenseId: string }>(list: readonly T[]): Map<number, T> => {
    const map = new Map<number, T>();
    for (const item of list) {
      const row = accountById(accounts, accountIndex, item.licenseId);
      if (row >= 0) map.set(row, item);
    }
    return map;
  };
  const answers = new Map<number, ReconcileSettings['observedAnswers'][number]>();
  for (const answer of settings.observedAnswers) {
    const row = accountById(accounts, accountIndex, answer.licenseId);
    const earlier = row >= 0 ? answers.get(row) : undefined;
    if (row >= 0 && (earlier === undefined || earlier.at < answer.at)) answers.set(row, answer);
  }
  const managed =
    settings.managedByDefault === 'idp' ? owners.idp : settings.managedByDefault === 'linkedin' ? owners.linkedin : owners.unsaid;
  const managedBy = valueReader(accounts, 'managedBy', readManagedBy, owners.unsaid);
  return {
    comparison,
    suggestions,
    verdicts,
    companyDomains,
    declaredOld: new Set(settings.domainAliases.flatMap((alias) => canonicalDomain(alias.old) ?? [])),
    fitsColleagues,
    licenseType: valueReader(accounts, 'licenseType', readLicenseType, licenseTypes.unsaid),
    invitation: valueReader(accounts, 'licenseStatus', readInvitation, invitations.unsaid),
    crmSyncStatus: valueReader(accounts, 'crmSyncStatus', readCrmSyncStatus, seen.nothing),
    crmSync: valueReader(accounts, 'crmSync', readSwitch, -1),
    managedBy: (row) => managedBy(row) || managed,
    confirmed: valueReader(users, 'confirmed', readSwitch, -1),
    lastLogin: fieldIndex(users, 'lastLogin'),
    exceptions: byRow(settings.exceptions),
    waiting: byRow(settings.waiting),
    repairFailed: byRow(settings.repairFailed),
    answers,
    duplicateProfiles: new Set(settings.duplicateProfiles.map((id) => accountById(accounts, accountIndex, id)).filter((row) => row >= 0)),
    otherCrms: otherCrmUsers(settings.otherCrms),
    judged: new Map(),
  };
}

const statusCode = Object.fromEntries(statuses.map((status, k) => [status, k])) as Record<Status, number>;
const reasonCode = Object.fromEntries(reasons.map((reason, k) => [reason, k])) as Record<Reason, number>;
const alsoBit = Object.fromEntries(alsoCodes.map((code, k) => [code, 1 << k])) as Record<Also, number>;
const variantCode = Object.fromEntries(variants.map((variant, k) => [variant, k + 1])) as Record<Variant, number>;

/** Gives the license holders `from … to` their one status and reason (design §2). Writes only these rows. */
export function judge(state: Judge, from: number, to: number): void {
  const { comparison, verdicts, judged } = state;
  const { status, reason, variant, difference, changeSide, also, observed, predicted, managedBy } = verdicts;
  const { answers, exceptions, waiting, repairFailed, duplicateProfiles, otherCrms } = state;
  const knowsPersons =
    answers.size + exceptions.size + waiting.size + repairFailed.size + duplicateProfiles.size + otherCrms.size > 0 ||
    comparison.movedSinceLink.size > 0;
  for (let i = from; i < to; i++) {
    if ((i - from) % ahead === 0) touchOwners(comparison, i, Math.min(to, i + ahead));
    variant[i] = 0;
    difference[i] = 0;
    changeSide[i] = 0;
    also[i] = 0;
    observed[i] = 0;
    predicted[i] = predictions.unknown;
    managedBy[i] = 0;
    if (comparison.accountIndex.state[i] !== accountStates.holder) continue;
    const likeness = knowsPersons ? itself : likenessOf(state, i);
    const alike = likeness === itself ? undefined : judged.get(likeness);
    if (alike === undefined) {
      judgeOne(state, i);
      if (likeness !== itself) judged.set(likeness, i);
      continue;
    }
    status[i] = status[alike]!;
    reason[i] = reason[alike]!;
    variant[i] = variant[alike]!;
    also[i] = also[alike]!;
    observed[i] = observed[alike]!;
    predicted[i] = predicted[alike]!;
    managedBy[i] = managedBy[alike]!;
  }
}

/** What `likenessOf` says of somebody who has to be judged by himself. */
const itself = -1;

/**
 * Everything that `judgeOne` looks at as one number, so that of the many people who are alike one is judged; `itself` where it looks
 * at the very person: at two emails that differ. Of people of whom settings know something nobody may be asked for his likeness.
 */
function likenessOf(state: Judge, i: number): number {
  const { accounts, users, userIndex, matches } = state.comparison;
  const { suggestions } = state;
  const owner = matches.owner[i]!;
  const flags = matches.flags[i]!;
  if (owner >= 0 && !joinsOwn(flags)) return itself;
  const theirs =
    owner < 0
      ? 0
      : ((users.emailKind[owner]! * 4 + userIndex.state[owner]!) * 3 + state.confirmed(owner) + 1) * 2 +
        (state.lastLogin >= 0 && users.lengths[owner * users.fields.length + state.lastLogin] === 0 ? 1 : 0) +
        1;
  const slot = suggestions.slotOf[i]!;
  const suggested = slot < 0 ? 0 : suggestions.namesakes[slot]! > 1 ? 1 : suggestions.candidates[slot * mostSuggestions]! >= 0 ? 2 : 3;
  const read = ((state.licenseType(i) * 4 + state.invitation(i)) * 4 + state.crmSyncStatus(i)) * 3 + state.crmSync(i) + 1;
  return (((read * 4 + state.managedBy(i)) * 1024 + flags) * 128 + theirs) * 16 + suggested * 4 + accounts.emailKind[i]!;
}

/** What LinkedIn itself showed of one person: the newer of the export's column and an admin's answer. */
function observe(state: Judge, i: number, column: number): number {
  const answer = state.answers.size === 0 ? undefined : state.answers.get(i);
  const exported = column === seen.matched || column === seen.notMatched;
  if (answer === undefined || (exported && state.comparison.settings.asOf > answer.at)) return exported ? column : seen.nothing;
  return (answer.verdict === 'matched' ? seen.matched : seen.notMatched) + 4;
}

function judgeOne(state: Judge, i: number): void {
  const { comparison, verdicts } = state;
  const { accounts, users, userIndex, matches } = comparison;
  const flags = matches.flags[i]!;
  const owner = matches.owner[i]!;
  const type = state.licenseType(i);
  const invitation = state.invitation(i);
  const syncStatus = state.crmSyncStatus(i);
  const observed = observe(state, i, syncStatus);
  const off = state.crmSync(i) === 0 || syncStatus === seen.off;
  const managedBy = state.managedBy(i);
  const kind = accounts.emailKind[i]!;
  let also = 0;

  verdicts.observed[i] = observed;
  verdicts.managedBy[i] = managedBy;
  const disagrees = (observed & 3) === seen.notMatched;
  if (type === licenseTypes.unsaid || type === licenseTypes.unknown) also |= alsoBit['license-type-unknown'];
  if (type === licenseTypes.cannotSync) also |= alsoBit['license-without-crm-sync'];
  if (invitation === invitations.pending) also |= alsoBit['invitation-pending'];
  if (off) also |= alsoBit['crm-sync-off'];
  if ((observed & 3) === seen.matched) also |= alsoBit['observed-matched'];
  if (disagrees) also |= alsoBit['observed-not-matched'];
  if ((flags & matchFlags.duplicateUniqueId) !== 0) also |= alsoBit['duplicate-unique-user-id'];
  if ((flags & matchFlags.otherInactive) !== 0) also |= alsoBit['other-inactive-crm-user'];
  if ((flags & matchFlags.secondLicense) !== 0) also |= alsoBit['second-license'];
  if (managedBy === owners.idp) also |= alsoBit['managed-by-idp'];
  if (owner >= 0 && state.lastLogin >= 0 && users.lengths[owner * users.fields.length + state.lastLogin] === 0)
    also |= alsoBit['never-signed-in'];

  const { status, reason, variant } = decide(state, i, type, invitation, off);
  if (status === 'matched') {
    if (disagrees) also |= alsoBit['linkedin-disagrees'];
    if (state.duplicateProfiles.size > 0 && state.duplicateProfiles.has(i)) also |= alsoBit['duplicate-profile'];
    if (state.waiting.size > 0 && state.waiting.has(i) && (observed & 3) !== seen.matched) also |= alsoBit['waiting-for-linkedin'];
  }
  verdicts.predicted[i] =
    kind < emailKinds.address
      ? predictions.notMatched
      : (flags & matchFlags.ambiguousCrm) !== 0
        ? predictions.unknown
        : (flags & matchFlags.joins) !== 0 && reason !== 'crm-user-unconfirmed'
          ? predictions.matched
          : predictions.notMatched;
  if (owner >= 0 && userIndex.state[owner] === userStates.inactive) also |= alsoBit['crm-user-inactive'];
  if (owner >= 0 && state.confirmed(owner) === 0) also |= alsoBit['crm-user-unconfirmed'];
  if ((flags & matchFlags.conflict) !== 0) also |= alsoBit['identity-conflict'];
  if (comparison.movedSinceLink.size > 0 && comparison.movedSinceLink.has(i)) also |= alsoBit['email-moved-since-link'];
  if ((flags & matchFlags.ambiguousLicenses) !== 0 && variant !== 'licenses') also |= alsoBit['second-license'];
  if (state.otherCrms.size > 0 && state.otherCrms.has(canonicalEmailAt(accounts, i))) also |= alsoBit['in-other-crm'];
  const slot = state.suggestions.slotOf[i]!;
  if (slot >= 0 && state.suggestions.namesakes[slot]! > 1 && variant !== 'namesakes') also |= alsoBit.namesake;

  const differs =
    owner >= 0 && kind >= emailKinds.address && users.emailKind[owner]! >= emailKinds.address && !joinsOwner(comparison, i, owner);
  if (differs) also |= alsoBit['email-differs'];
  if (kind < emailKinds.address || (owner >= 0 && users.emailKind[owner]! < emailKinds.address)) also |= alsoBit['email-unusable'];
  if (reason === 'email-differs' || reason === 'repair-failed') {
    const described = differenceOf(state, i);
    verdicts.difference[i] = differences.indexOf(described.difference.difference) + 1;
    verdicts.changeSide[i] = changeSides.indexOf(described.side) + 1;
  }
  // What decided does not stand a second time beside itself.
  also &= ~(alsoBit[reason as Also] ?? 0);
  verdicts.status[i] = statusCode[status];
  verdicts.reason[i] = reasonCode[reason];
  verdicts.variant[i] = variant === null ? 0 : variantCode[variant];
  verdicts.also[i] = also;
}

interface Decision {
  readonly status: Status;
  readonly reason: Reason;
  readonly variant: Variant | null;
}
const decision = (status: Status, reason: Reason, variant: Variant | null = null): Decision => ({ status, reason, variant });
// Made once: a million people share them.
const decided = {
  notChecked: decision('not-checked', 'not-checked'),
  excepted: decision('excepted', 'excepted'),
  cannotSync: decision('cannot-sync', 'license-without-crm-sync'),
  missing: decision('not-matched', 'email-unusable', 'missing'),
  invalid: decision('not-matched', 'email-unusable', 'invalid'),
  conflictMatched: decision('matched', 'identity-conflict'),
  conflict: decision('not-matched', 'identity-conflict'),
  ambiguousCrm: decision('not-matched', 'ambiguous', 'crm'),
  ambiguousLicenses: decision('not-matched', 'ambiguous', 'licenses'),
  namesakes: decision('not-matched', 'ambiguous', 'namesakes'),
  inactive: decision('not-matched', 'crm-user-inactive'),
  unconfirmed: decision('not-matched', 'crm-user-unconfirmed'),
  otherCrm: decision('not-matched', 'in-other-crm'),
  repairFailed: decision('not-matched', 'repair-failed'),
  differs: decision('not-matched', 'email-differs'),
  suggested: decision('not-matched', 'owner-unconfirmed'),
  nobody: decision('not-matched', 'no-crm-user'),
  disagrees: decision('matched', 'linkedin-disagrees'),
  duplicate: decision('matched', 'duplicate-profile'),
  invited: decision('matched', 'invitation-pending'),
  off: decision('matched', 'crm-sync-off'),
  waiting: decision('matched', 'waiting-for-linkedin'),
  inSync: decision('matched', 'in-sync'),
  agree: decision('matched', 'emails-agree'),
} as const;

/** Whether LinkedIn would join a license holder with the owner: whom it joins with is the owner. */
const joinsOwner = ({ accounts, users, matches }: Comparison, i: number, owner: number): boolean =>
  joinsOwn(matches.flags[i]!) || wouldJoin(accounts, i, users, owner);

/** The ladder of design §2: the first question whose answer is yes decides. */
function decide(state: Judge, i: number, type: number, invitation: number, off: boolean): Decision {
  const { comparison, verdicts } = state;
  const { accounts, users, userIndex, matches } = comparison;
  const flags = matches.flags[i]!;
  const owner = matches.owner[i]!;
  const kind = accounts.emailKind[i]!;
  const observed = verdicts.observed[i]! & 3;
  if (comparison.settings.notChecked !== null) return decided.notChecked;
  if (state.exceptions.size > 0 && state.exceptions.has(i)) return decided.excepted;
  if (type === licenseTypes.cannotSync) return decided.cannotSync;

  if (kind < emailKinds.address) return kind === emailKinds.missing ? decided.missing : decided.invalid;
  const theirs = owner >= 0 ? users.emailKind[owner]! : emailKinds.address;
  if (theirs < emailKinds.address) return theirs === emailKinds.missing ? decided.missing : decided.invalid;
  if ((flags & matchFlags.conflict) !== 0) {
    const joined = owner >= 0 && (flags & matchFlags.joins) !== 0 && (flags & matchFlags.ambiguousLicenses) === 0;
    return joined && userIndex.state[owner] === userStates.active && state.confirmed(owner) !== 0
      ? decided.conflictMatched
      : decided.conflict;
  }
  if ((flags & matchFlags.ambiguousCrm) !== 0) return decided.ambiguousCrm;
  if ((flags & matchFlags.ambiguousLicenses) !== 0) return decided.ambiguousLicenses;
  if (owner < 0) {
    const slot = state.suggestions.slotOf[i]!;
    if (slot >= 0 && state.suggestions.namesakes[slot]! > 1) return decided.namesakes;
    if (state.otherCrms.size > 0 && state.otherCrms.has(canonicalEmailAt(accounts, i))) return decided.otherCrm;
    return slot >= 0 && state.suggestions.candidates[slot * mostSuggestions]! >= 0 ? decided.suggested : decided.nobody;
  }
  if (userIndex.state[owner] === userStates.inactive) return decided.inactive;
  if (state.confirmed(owner) === 0) return decided.unconfirmed;
  if (!joinsOwner(comparison, i, owner)) return state.repairFailed.has(i) ? decided.repairFailed : decided.differs;

  if (observed === seen.notMatched) return decided.disagrees;
  if (state.duplicateProfiles.size > 0 && state.duplicateProfiles.has(i)) return decided.duplicate;
  if (invitation === invitations.pending) return decided.invited;
  if (off) return decided.off;
  // LinkedIn's own Matched ends the wait early.
  if (observed === seen.matched) return decided.inSync;
  return state.waiting.size > 0 && state.waiting.has(i) ? decided.waiting : decided.agree;
}

/** Says what parts the two emails of a license holder whose owner is known, and which side is to change. */
export function differenceOf(
  state: Judge,
  i: number,
): { difference: ReturnType<typeof describeDifference>; side: 'license' | 'crm' | 'ask'; evidence: readonly string[] } {
  const { comparison } = state;
  const { accounts, users, accountIndex, groups, matches } = comparison;
  const owner = matches.owner[i]!;
  const licenseEmail = textAt(accounts, i, fieldIndex(accounts, 'email'));
  const crmEmail = textAt(users, owner, fieldIndex(users, 'email'));
  const ours = canonicalEmailAt(accounts, i);
  const theirs = canonicalEmailAt(users, owner);
  const difference = describeDifference(licenseEmail, crmEmail, {
    aliases: groups.representative,
    companyDomains: state.companyDomains,
    declaredOld: state.declaredOld,
    secondary: (comparison.aliases.get(ours) ?? []).includes(theirs),
    sameGivenNameChangedSurname() {
      const holder = accountName(comparison, i);
      const person = userName(comparison, owner);
      return (
        holder !== null &&
        person !== null &&
        holder.givenKey !== '' &&
        holder.givenKey === person.givenKey &&
        holder.familyKey !== person.familyKey
      );
    },
  });
  if ((matches.flags[i]! & matchFlags.joinsAnother) !== 0)
    return { difference, side: 'license', evidence: ['a person said who uses the license, and its email is somebody else’s in the CRM'] };
  hashText(theirs);
  const { low, high } = hash;
  const holds = (row: number): boolean => row !== i && keyIsText(accounts, row, theirs);
  const crmAddressTaken = firstInIndex(accountIndex.email, low, high, holds) >= 0;
  const { side, evidence } = decideChangeSide({
    license: parseEmail(licenseEmail),
    crm: parseEmail(crmEmail),
    difference,
    isCompanyDomain: (domain) => state.companyDomains.has(domain) && !publicMailProviders.has(domain),
    successor: (domain) => groups.successor(domain),
    fitsColleagues: (local, domain) => state.fitsColleagues(userName(comparison, owner) ?? accountName(comparison, i), local, domain),
    crmAddressTaken,
  });
  return { difference, side, evidence };
}
