import { compareUsers, matchFlags, shownOwner } from './correlate.ts';
import type { CrmUser, Finding, LicenseHolder, Observed, RootCause, Summary } from './finding.ts';
import { eachUserOnEmail, licenseIdAt, userIdAt, userStates } from './index-people.ts';
import { differenceOf, type Judge } from './judge.ts';
import { eachInIndex } from './key-index.ts';
import { usersElsewhere } from './other-crms.ts';
import { canonicalEmailAt, emailKinds, fieldIndex, sameKey, textAt } from './people.ts';
import { owners } from './read-values.ts';
import type { Stage } from './stage.ts';
import {
  type Also,
  alsoCodes,
  changeSides,
  differences,
  type ManagedBy,
  type Reason,
  reasons,
  rules,
  type Status,
  statuses,
  type Variant,
  type Verdict,
  variants,
} from './status.ts';
import { fullName, suggestionsOf } from './suggest.ts';
import { mostNamesakes, mostSuggestions, type Suggester } from './suggestions.ts';
import { wordingOf } from './wording.ts';

/** What a row is made from. */
export interface FindingContext {
  readonly stage: Stage;
  readonly judge: Judge;
  readonly suggester: Suggester;
  readonly rootCauses: readonly RootCause[];
  readonly summary: Summary;
  /** Row plus one of the license holder whose license could be this CRM user's; 0 none. */
  readonly possible: Int32Array;
  /** How many license holders point to each CRM user. */
  readonly claims: Uint16Array;
}

/** How sure a rule is of the owner; 1 is a person's own decision. */
const confidences: Readonly<Record<(typeof rules)[number], number>> = {
  link: 1,
  'stable-id': 0.99,
  'exact-email': 1,
  'canonical-email': 0.98,
  'domain-alias': 0.97,
  'plus-tag': 0.95,
  'secondary-email': 0.97,
  history: 0.95,
  suggestion: 0,
};

export const keyOfAccount = (stage: Stage, i: number): string =>
  `license:${licenseIdAt(stage.sides.accounts, stage.sides.accountIndex, i)}`;

function holderOf(stage: Stage, i: number): LicenseHolder {
  const { accounts, accountIndex } = stage.sides;
  const text = (field: Parameters<typeof fieldIndex<(typeof accounts.fields)[number]>>[1]): string =>
    textAt(accounts, i, fieldIndex(accounts, field));
  const display = text('displayName');
  return {
    id: licenseIdAt(accounts, accountIndex, i),
    seatId: text('seatId').trim(),
    uniqueUserId: text('uniqueUserId').trim(),
    email: text('email'),
    name: display !== '' ? display : `${text('givenName')} ${text('familyName')}`.trim(),
    status: text('licenseStatus') || text('salesLicense'),
    licenses: text('licenseType')
      .split(/[;|]|, /)
      .map((type) => type.trim())
      .filter((type) => type !== ''),
  };
}

function crmUserOf(stage: Stage, user: number): CrmUser {
  const { users, userIndex } = stage.sides;
  return {
    crm: stage.settings.crm,
    id: userIdAt(users, user),
    email: textAt(users, user, fieldIndex(users, 'email')),
    name: fullName({ users }, user),
    active: userIndex.state[user] === userStates.active,
  };
}

const verdictNames = ['unknown', 'matched', 'not-matched'] as const satisfies readonly Verdict[];
const managerNames = ['unknown', 'idp', 'linkedin'] as const satisfies readonly ManagedBy[];

function alsoOf(bits: number): Also[] {
  return alsoCodes.filter((_, k) => (bits & (1 << k)) !== 0);
}

function observedOf(context: FindingContext, i: number): Observed {
  const code = context.stage.verdicts.observed[i]!;
  const verdict = verdictNames[code & 3] ?? 'unknown';
  if (verdict === 'unknown') return { verdict, source: null, at: null };
  return code >= 4
    ? { verdict, source: 'admin', at: context.judge.answers.get(i)!.at }
    : { verdict, source: 'export', at: context.stage.settings.asOf };
}

/** The row of one license holder, its sentences filled in. */
export function findingOfAccount(context: FindingContext, i: number): Finding {
  const { stage, judge, rootCauses } = context;
  const { verdicts, settings, comparison } = stage;
  const { accounts, users } = stage.sides;
  const status: Status = statuses[verdicts.status[i]!]!;
  const reason: Reason = reasons[verdicts.reason[i]!]!;
  const variant: Variant | null = variants[verdicts.variant[i]! - 1] ?? null;
  const holder = holderOf(stage, i);
  const known = comparison.matches.owner[i]!;
  const shown = shownOwner(comparison.matches, i);
  const owner = shown >= 0 ? crmUserOf(stage, shown) : null;
  const rule = shown >= 0 ? (rules[comparison.matches.rule[i]! - 1] ?? null) : null;
  const difference = differences[verdicts.difference[i]! - 1] ?? null;
  const changeSide = changeSides[verdicts.changeSide[i]! - 1] ?? null;
  const cause = rootCauses[verdicts.cause[i]! - 1] ?? null;
  const managedBy = managerNames[verdicts.managedBy[i]!] ?? 'unknown';
  const differs = difference !== null && known >= 0 ? differenceOf(judge, i) : null;
  // Of a conflict both people stand there: a person says which of them it is.
  const suggestions = shown >= 0 && reason !== 'identity-conflict' ? [] : possibleOwnersOf(context, i);
  const exception = judge.exceptions.get(i);
  const waiting = judge.waiting.get(i);
  const failed = judge.repairFailed.get(i);
  const rival = comparison.matches.rival[i]!;
  // A conflict's sentence names whom the ID points to; every other one the owner.
  const someOwner = known >= 0 && reason !== 'identity-conflict' ? known : rival;
  const licenseDomain = accounts.domains[accounts.domain[i]!]!;
  const crmDomain = known >= 0 ? users.domains[users.domain[known]!]! : '';
  const licenseUnusable = accounts.emailKind[i]! < emailKinds.address;
  const faulty = differs !== null ? differs.difference.side : null;
  const observed = observedOf(context, i);
  const expired = reason === 'crm-user-unconfirmed' ? expiredInvitation(context, known) : null;
  const wording = wordingOf({
    status,
    reason,
    variant,
    difference,
    changeSide,
    managedBy: managedBy === 'idp' && changeSide !== 'crm' ? managedBy : null,
    crmName: settings.crmName,
    crmKind: settings.crm,
    idpName: settings.idpName,
    otherCrm: judge.otherCrms.get(canonicalEmailAt(accounts, i))?.[0]?.crmName ?? null,
    ownerName: someOwner >= 0 ? fullName({ users }, someOwner) : null,
    rule: rules[comparison.matches.rule[i]! - 1] ?? null,
    side:
      reason === 'email-unusable' ? (licenseUnusable ? 'LinkedIn' : settings.crmName) : faulty === 'crm' ? settings.crmName : 'LinkedIn',
    n: expired ?? countFor(context, i, reason, variant, suggestions.length, cause),
    days: expired === null ? null : settings.invitationDays,
    license: holder.licenses.join(', ') || null,
    since: waiting?.since ?? sinceOf(context, i, reason, known, holder.id),
    until: reason === 'linkedin-disagrees' ? hoursAfter(observed.at, settings.crmJobHours) : (waiting?.until ?? exception?.until ?? null),
    date: observed.at ?? settings.notChecked?.date ?? null,
    by: exception?.author ?? null,
    why: exception?.reason ?? null,
    evidence: differs?.evidence[0] ?? null,
    oldDomain: licenseDomain,
    newDomain: crmDomain,
    suggestion: suggestions[0]?.name ?? null,
    step: failed?.step ?? null,
    cause: failed?.cause ?? null,
    licenseState: failed?.licenseState ?? null,
    fix: failed?.fix ?? null,
    source: settings.notChecked?.source ?? null,
  });
  const target =
    differs === null
      ? null
      : differs.side === 'license'
        ? canonicalEmailAt(users, known)
        : differs.side === 'crm'
          ? canonicalEmailAt(accounts, i)
          : null;
  return {
    key: keyOfAccount(stage, i),
    side: 'license',
    status,
    reason,
    variant,
    license: holder,
    crmUser: owner,
    rule,
    confidence: rule === null ? null : confidences[rule],
    suggestions,
    difference,
    changeSide,
    changeEvidence: differs?.evidence ?? [],
    targetEmail: target,
    rootCause: cause?.id ?? null,
    also: alsoOf(verdicts.also[i]!),
    predicted: verdictNames[verdicts.predicted[i]!] ?? 'unknown',
    observed,
    managedBy,
    managedByEvidence:
      managedBy === 'unknown'
        ? null
        : judge.managedBy(i) === owners.unsaid
          ? null
          : managedByWords(textAt(accounts, i, fieldIndex(accounts, 'managedBy')), settings.managedBySource),
    otherCrmUsers: usersElsewhere(judge.otherCrms, [
      canonicalEmailAt(accounts, i),
      ...(known >= 0 ? [canonicalEmailAt(users, known)] : []),
    ]),
    ...wording,
    asOf: settings.asOf,
  };
}

/** By what it is known who manages somebody: their own mark, else the contract's setting. */
const managedByWords = (mark: string, source: string | null): string =>
  mark.trim() === '' ? 'set for the whole contract' : source === null ? mark : `${source} says “${mark.trim()}”`;

/** Suggestions, and for an ambiguous person the CRM users between whom nothing decides. */
function possibleOwnersOf(context: FindingContext, i: number): Finding['suggestions'] {
  const { stage, suggester } = context;
  const found = suggestionsOf(suggester, i);
  if (found.length > 0) return found;
  const { comparison } = stage;
  const { owner, rival, rule, flags } = comparison.matches;
  const sameEmail = (flags[i]! & matchFlags.ambiguousCrm) !== 0 ? sameEmailUsers(stage, i) : [];
  const rows = [...new Set([...sameEmail, owner[i]!, rival[i]!])].filter((row) => row >= 0);
  return rows.slice(0, mostSuggestions).map((row) => {
    const { id, name, email } = crmUserOf(stage, row);
    const evidence = sameEmail.includes(row)
      ? 'the same email'
      : row !== rival[i]
        ? evidenceOf[rules[rule[i]! - 1] ?? 'exact-email']
        : comparison.linked.get(i) === row
          ? evidenceOf.link
          : comparison.known.get(i) === row
            ? evidenceOf.history
            : evidenceOf['stable-id'];
    return { crmUserId: id, name, email, score: row === rival[i] ? 0.5 : 0.99, evidence: [evidence] };
  });
}

const evidenceOf = {
  link: 'a link points to them',
  'stable-id': 'the ID points to them',
  'exact-email': 'the same email',
  'canonical-email': 'the same email apart from characters that cannot be seen',
  'domain-alias': 'the same address on another company domain',
  'plus-tag': 'the same email apart from a +tag',
  'secondary-email': 'a second address of theirs',
  history: 'an earlier comparison points to them',
  suggestion: 'a similar name',
} as const satisfies Record<(typeof rules)[number], string>;

/** The active CRM users on a license holder's address, in an order of their own. */
function sameEmailUsers(stage: Stage, i: number): number[] {
  const { accounts, users, userIndex } = stage.sides;
  const rows: number[] = [];
  eachUserOnEmail(users, userIndex, accounts, i, (row) => {
    if (userIndex.state[row] === userStates.active) rows.push(row);
  });
  return rows.sort((a, b) => compareUsers(stage.comparison, a, b));
}

/** What {n} counts in a reason's sentence. */
function countFor(
  context: FindingContext,
  i: number,
  reason: Reason,
  variant: Variant | null,
  suggestions: number,
  cause: RootCause | null,
): number | null {
  if (reason === 'owner-unconfirmed') return suggestions;
  if (reason === 'ambiguous') {
    if (variant === 'crm') return sameEmailUsers(context.stage, i).length;
    if (variant === 'namesakes') {
      const { namesakes, slotOf } = context.suggester.suggestions;
      return namesakes[slotOf[i]!]! < mostNamesakes ? namesakes[slotOf[i]!]! : null;
    }
    return context.claims[context.stage.comparison.matches.owner[i]!] ?? licensesOnEmail(context.stage, i);
  }
  return cause?.count ?? null;
}

function licensesOnEmail({ sides: { accounts, accountIndex } }: Stage, i: number): number {
  const [low, high] = [accounts.keys[4 * i + 2]!, accounts.keys[4 * i + 3]!];
  let licenses = 0;
  eachInIndex(
    accountIndex.email,
    low,
    high,
    (row) => sameKey(accounts, i, accounts, row),
    () => licenses++,
  );
  return licenses;
}

/** For how many days an invitation to the CRM is open that has expired; null where it is still good, or nobody knows. */
function expiredInvitation({ stage: { settings, sides } }: FindingContext, user: number): number | null {
  if (settings.invitationDays === null || user < 0) return null;
  const made = Date.parse(textAt(sides.users, user, fieldIndex(sides.users, 'createdAt')));
  const open = Math.floor((Date.parse(settings.asOf) - made) / 86_400_000);
  // Not so for a date that cannot be read.
  return open >= settings.invitationDays ? open : null;
}

function sinceOf(context: FindingContext, i: number, reason: Reason, owner: number, licenseId: string): string | null {
  const { settings, sides } = context.stage;
  const { users, accounts } = sides;
  if (reason === 'crm-user-inactive' && owner >= 0) return textAt(users, owner, fieldIndex(users, 'inactiveSince')) || null;
  if (reason === 'invitation-pending') return textAt(accounts, i, fieldIndex(accounts, 'invitedAt')) || null;
  if (reason === 'emails-agree') return settings.agreeing && (settings.agreeing.get(licenseId) ?? settings.asOf);
  return null;
}

/** Both ISO 8601; null where there is no moment to count from. */
function hoursAfter(moment: string | null, hours: number): string | null {
  const from = moment === null ? Number.NaN : Date.parse(moment);
  return Number.isNaN(from) ? null : new Date(from + hours * 3_600_000).toISOString();
}

/** What a row says of somebody in whose name no comparison of two people was made. */
export const nothingFound = {
  variant: null,
  license: null,
  crmUser: null,
  rule: null,
  confidence: null,
  suggestions: [],
  difference: null,
  changeSide: null,
  changeEvidence: [],
  targetEmail: null,
  rootCause: null,
  also: [],
  predicted: 'unknown',
  observed: { verdict: 'unknown', source: null, at: null },
  managedBy: 'unknown',
  managedByEvidence: null,
  otherCrmUsers: [],
} as const satisfies Partial<Finding>;

/** The row of an active CRM user in the seat scope without a license. */
export function findingOfUser(context: FindingContext, user: number): Finding {
  const { stage } = context;
  const { settings } = stage;
  const crmUser = crmUserOf(stage, user);
  const own = settings.ownSubscriptions.includes(crmUser.id);
  const license = context.possible[user]! - 1;
  const reason: Reason = own ? 'own-subscription' : license >= 0 ? 'may-have-one' : 'no-license';
  const wording = wordingOf({
    status: 'no-license',
    reason,
    crmName: settings.crmName,
    idpName: settings.idpName,
    ownerName: crmUser.name,
    suggestion: license >= 0 ? holderOf(stage, license).name : null,
  });
  return {
    key: `crm:${settings.crm}:${crmUser.id}`,
    side: 'crm',
    status: 'no-license',
    reason,
    ...nothingFound,
    crmUser,
    otherCrmUsers: usersElsewhere(context.judge.otherCrms, [canonicalEmailAt(stage.sides.users, user)]),
    ...wording,
    asOf: settings.asOf,
  };
}
