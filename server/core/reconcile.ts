import type { AccountField, UserField } from '../../connectors/connector.ts';
import { type Comparison, correlate, matchFlags, mostAtOnce, settleClaims, shownOwner, traceRules } from './correlate.ts';
import { publicMailProviders } from './email.ts';
import { markDifference } from './email-difference.ts';
import { explainLadder } from './explain.ts';
import type { Explanation, Finding, RootCause, SuggestedAlias, Summary } from './finding.ts';
import { type FindingContext, findingOfAccount, findingOfUser, keyOfAccount } from './finding-of.ts';
import { type AccountIndex, accountStates, eachUserOnEmail, indexAccounts, indexUsers, licenseIdAt, userStates } from './index-people.ts';
import { type Judge, judge } from './judge.ts';
import { looseRoom, type Room } from './kernels/room.ts';
import { canonicalEmailAt, emailKinds, fieldIndex, type People, textAt } from './people.ts';
import { giveSuggestions, rankSuggestions } from './rank-suggestions.ts';
import { groupRootCauses } from './root-causes.ts';
import type { ReconcileSettings } from './settings.ts';
import { createStage, type Sides, type Stage, stageDomains, stageJudge } from './stage.ts';
import { reasons, statuses } from './status.ts';
import { suggest } from './suggest.ts';
import { indexFreeUsers, keyFreeUsers } from './suggestion-blocks.ts';
import { createSuggester, mostSuggestions, openSuggestions, type Suggester, type Suggestions } from './suggestions.ts';
import { seekTakenNamesakes } from './taken-namesakes.ts';

/** A finished comparison. Rows are made when asked for: a million objects would be slower than everything before. */
export interface Reconciliation {
  /** Rows of the report: one per license holder, then one per active CRM user in the seat scope without a license. */
  readonly length: number;
  at(row: number): Finding;
  explain(row: number): Explanation;
  /** Row of a license id, CRM user id, finding key or email; -1 where nobody has it. */
  find(who: string): number;
  readonly summary: Summary;
  readonly context: FindingContext;
  /** Account rows behind the first part of the report, in the order of the file. */
  readonly holders: Int32Array;
  /** CRM rows behind the second part. */
  readonly unlicensed: Int32Array;
}

/**
 * Compares two complete lists (design §2).
 * @param users the CRM side, as collected by `collectPeople`
 * @param accounts the license side
 * @param room where both were collected
 * @param accountIndex of the license side, where it was made already while the CRM was read
 * @param onStep told the share that is done, after each step
 */
export function reconcile(
  users: People<UserField>,
  accounts: People<AccountField>,
  settings: ReconcileSettings,
  room: Room = looseRoom,
  accountIndex: AccountIndex = indexAccounts(accounts, room),
  onStep: (share: number) => void = () => {},
): Reconciliation {
  const sides: Sides = { users, accounts, userIndex: indexUsers(users, idIsStable(settings), room), accountIndex };
  const stage = createStage(sides, settings, room);
  for (let row = 0; row < accounts.count; row += mostAtOnce) correlate(stage.comparison, row, Math.min(accounts.count, row + mostAtOnce));
  onStep(0.3);
  const claims = settleClaims(stage.comparison);
  const suggestions = openSuggestions(stage.comparison, claims);
  const suggester = createSuggester(stage.comparison, suggestions);
  keyFreeUsers(suggester, 0, suggestions.free.length);
  const blocks = indexFreeUsers(suggestions);
  suggest(suggester, blocks, 0, suggestions.open.length, 0);
  onStep(0.7);
  const own = stageDomains(stage);
  const countNamesakes = seekTakenNamesakes(suggester, claims, own);
  for (let row = 0; row < users.count; row += mostAtOnce) countNamesakes(row, Math.min(users.count, row + mostAtOnce));
  rankSuggestions(suggester, blocks, giveSuggestions(suggester), 0, suggestions.open.length);
  onStep(0.85);
  const state = stageJudge(stage, suggestions, own);
  judge(state, 0, accounts.count);
  onStep(0.95);
  return finish(stage, state, suggester, claims);
}

/** HubSpot's user ids are stable ids that LinkedIn's Unique User ID may hold (design §2). */
export const idIsStable = (settings: ReconcileSettings): boolean => settings.crm === 'hubspot';

/** Root causes, the CRM users' side and the numbers. Sequential, after all ranges are judged. */
export function finish(stage: Stage, state: Judge, suggester: Suggester, claims: Uint16Array): Reconciliation {
  const { sides, comparison, settings, verdicts } = stage;
  const { users, accounts, userIndex, accountIndex } = sides;
  const rootCauses = groupRootCauses(comparison, verdicts);
  const holders = rowsWhere(accounts.count, (row) => accountIndex.state[row] === accountStates.holder);
  const inScope = seatScope(users, settings);
  const unlicensed =
    settings.seatScope === 'none' || settings.notChecked !== null
      ? new Int32Array(0)
      : rowsWhere(users.count, (row) => userIndex.state[row] === userStates.active && claims[row] === 0 && inScope(row));
  // Nobody else is told of one.
  const possible = unlicensed.length === 0 ? new Int32Array(0) : possibleLicenses(stage, suggester.suggestions);
  const summary = summarize(stage, state, suggester.suggestions, claims, holders, unlicensed, possible, rootCauses);
  const context: FindingContext = { stage, judge: state, suggester, rootCauses, summary, possible, claims };
  return {
    length: holders.length + unlicensed.length,
    at: (row) =>
      row < holders.length ? findingOfAccount(context, holders[row]!) : findingOfUser(context, unlicensed[row - holders.length]!),
    explain(row) {
      if (row >= holders.length) {
        const finding = findingOfUser(context, unlicensed[row - holders.length]!);
        return {
          key: finding.key,
          trace: [],
          decidedBy: null,
          licenseEmail: [],
          crmEmail: [{ text: finding.crmUser?.email ?? '', differs: false }],
          ladder: explainLadder(null, finding),
        };
      }
      const i = holders[row]!;
      const finding = findingOfAccount(context, i);
      const marked = finding.crmUser === null ? null : markDifference(finding.license!.email, finding.crmUser.email);
      return {
        key: keyOfAccount(stage, i),
        trace: traceRules(comparison, i),
        decidedBy: finding.rule,
        licenseEmail: marked?.a ?? [{ text: finding.license!.email, differs: false }],
        crmEmail: marked?.b ?? [],
        ladder: explainLadder(state, finding, i),
      };
    },
    find(who) {
      const wanted = who.trim().toLowerCase();
      if (wanted === '') return -1;
      for (let row = 0; row < holders.length + unlicensed.length; row++) {
        if (row < holders.length) {
          const i = holders[row]!;
          const same =
            licenseIdAt(accounts, accountIndex, i).toLowerCase() === wanted ||
            keyOfAccount(stage, i).toLowerCase() === wanted ||
            textAt(accounts, i, fieldIndex(accounts, 'email')).trim().toLowerCase() === wanted ||
            textAt(accounts, i, fieldIndex(accounts, 'uniqueUserId')).trim().toLowerCase() === wanted;
          if (same) return row;
        }
      }
      for (let row = 0; row < holders.length + unlicensed.length; row++) {
        const user = row < holders.length ? comparison.matches.owner[holders[row]!]! : unlicensed[row - holders.length]!;
        if (user < 0) continue;
        const id = textAt(users, user, fieldIndex(users, 'id')).trim().toLowerCase();
        if (
          id === wanted ||
          `crm:${settings.crm}:${id}` === wanted ||
          textAt(users, user, fieldIndex(users, 'email')).trim().toLowerCase() === wanted
        )
          return row;
      }
      return -1;
    },
    summary,
    context,
    holders,
    unlicensed,
  };
}

function rowsWhere(count: number, test: (row: number) => boolean): Int32Array {
  const rows = new Int32Array(count);
  let n = 0;
  for (let row = 0; row < count; row++) if (test(row)) rows[n++] = row;
  return rows.slice(0, n);
}

/** Which active CRM users should have a license. */
function seatScope(users: People<UserField>, settings: ReconcileSettings): (row: number) => boolean {
  if (settings.seatScope === 'none' || settings.seatScope === 'all') return () => true;
  const field = fieldIndex(users, settings.seatScope.field);
  const wanted = new Set(settings.seatScope.values.map((value) => value.trim().toLowerCase()));
  return (row) => wanted.has(textAt(users, row, field).trim().toLowerCase());
}

/**
 * For each CRM user, the license holder (row plus one) whose license could be theirs: a suggestion, several users on one email, the
 * rival of a conflict. 0 for all others.
 */
function possibleLicenses(stage: Stage, suggestions: Suggestions): Int32Array {
  const { users, accounts, userIndex, accountIndex } = stage.sides;
  const { matches } = stage.comparison;
  const best = new Float32Array(users.count);
  const possible = new Int32Array(new SharedArrayBuffer(Math.max(8, users.count * 4)));
  for (let k = 0; k < mostSuggestions; k++) {
    for (let slot = 0; slot < suggestions.open.length; slot++) {
      const user = suggestions.candidates[slot * mostSuggestions + k]!;
      if (user >= 0) offer(user, suggestions.open[slot]!, suggestions.scores[slot * mostSuggestions + k]!);
    }
  }
  for (let i = 0; i < accounts.count; i++) {
    const rival = matches.rival[i]!;
    if (rival >= 0) offer(rival, i, 1);
    const owner = matches.owner[i]!;
    if (owner >= 0 && shownOwner(matches, i) < 0) offer(owner, i, 1);
    if ((matches.flags[i]! & matchFlags.ambiguousCrm) === 0) continue;
    eachUserOnEmail(users, userIndex, accounts, i, (row) => offer(row, i, 1));
  }
  return possible;

  /** The license that fits best; of two that fit as well the one whose id comes first, whatever the order of the file. */
  function offer(user: number, account: number, score: number): void {
    const known = possible[user]! - 1;
    if (known === account) return;
    if (known >= 0 && best[user]! > score) return;
    if (known >= 0 && best[user] === score && licenseIdAt(accounts, accountIndex, known) <= licenseIdAt(accounts, accountIndex, account))
      return;
    possible[user] = account + 1;
    best[user] = score;
  }
}

function summarize(
  stage: Stage,
  state: Judge,
  suggestions: Suggestions,
  claims: Uint16Array,
  holders: Int32Array,
  unlicensed: Int32Array,
  possible: Int32Array,
  rootCauses: readonly RootCause[],
): Summary {
  const { sides, verdicts, settings, comparison } = stage;
  const { users, userIndex, accountIndex } = sides;
  const pairs = new Uint32Array(statuses.length * 32);
  let agreed = 0;
  let compared = 0;
  for (const i of holders) {
    pairs[verdicts.status[i]! * 32 + verdicts.reason[i]!]!++;
    const seen = verdicts.observed[i]! & 3;
    if ((seen === 1 || seen === 2) && verdicts.predicted[i]! > 0) {
      compared++;
      if (seen === verdicts.predicted[i]!) agreed++;
    }
  }
  const byStatus: Record<string, number> = {};
  const byReason: Record<string, number> = {};
  const count = (status: string, reason: string, n: number): void => {
    if (n === 0) return;
    byStatus[status] = (byStatus[status] ?? 0) + n;
    byReason[`${status}/${reason}`] = (byReason[`${status}/${reason}`] ?? 0) + n;
  };
  statuses.forEach((status, s) => {
    reasons.forEach((reason, r) => {
      count(status, reason, pairs[s * 32 + r]!);
    });
  });
  let mayHave = 0;
  for (const user of unlicensed) if (possible[user] !== 0) mayHave++;
  const own = new Set(settings.ownSubscriptions);
  let ownSubscription = 0;
  if (own.size > 0) {
    const id = fieldIndex(users, 'id');
    for (const user of unlicensed) if (own.has(textAt(users, user, id).trim())) ownSubscription++;
  }
  if (own.size === 0) {
    count('no-license', 'may-have-one', mayHave);
    count('no-license', 'no-license', unlicensed.length - mayHave);
  } else {
    count('no-license', 'own-subscription', ownSubscription);
    let rest = 0;
    const id = fieldIndex(users, 'id');
    for (const user of unlicensed) if (!own.has(textAt(users, user, id).trim()) && possible[user] !== 0) rest++;
    count('no-license', 'may-have-one', rest);
    count('no-license', 'no-license', unlicensed.length - ownSubscription - rest);
  }
  let activeWithout = 0;
  let inactiveWithout = 0;
  for (let row = 0; row < users.count; row++) {
    if (claims[row]! > 0) continue;
    if (userIndex.state[row] === userStates.active) activeWithout++;
    else if (userIndex.state[row] === userStates.inactive) inactiveWithout++;
  }
  const syncs = (byReason['matched/emails-agree'] ?? 0) + (byReason['matched/in-sync'] ?? 0);
  return {
    licenseHolders: holders.length,
    crmUsers: users.count - userIndex.leftOut - userIndex.unusable.length,
    byStatus,
    byReason,
    seatsThatSync: syncs,
    matchedNotSyncing: (byStatus.matched ?? 0) - syncs,
    countedOnly: {
      'license:unassigned': accountIndex.unassigned,
      'license:admin-only': accountIndex.adminOnly,
      'license:unusable-rows': accountIndex.unusable.length,
      'crm:active-without-license': activeWithout - unlicensed.length,
      'crm:inactive-without-license': inactiveWithout,
      'crm:not-people': userIndex.leftOut + userIndex.leftOutBefore,
      'crm:unusable-rows': userIndex.unusable.length,
    },
    observedAgreement: { agreed, of: compared },
    rootCauses,
    companyDomains: [...state.companyDomains].sort(),
    suggestedAliases: suggestAliases(comparison, suggestions),
    candidatePairs: suggestions.pairs.reduce((sum, n) => sum + n, 0),
  };
}

/** Two domains under which many best suggestions have the same local part: offered to a person, never applied. */
function suggestAliases(comparison: Comparison, suggestions: Suggestions): SuggestedAlias[] {
  const { accounts, users } = comparison;
  const counts = new Map<string, number>();
  for (let slot = 0; slot < suggestions.open.length; slot++) {
    const user = suggestions.candidates[slot * mostSuggestions]!;
    if (user < 0 || suggestions.scores[slot * mostSuggestions]! < 0.6) continue;
    const account = suggestions.open[slot]!;
    if (accounts.emailKind[account]! < emailKinds.address || users.emailKind[user]! < emailKinds.address) continue;
    const [a, b] = [accounts.domains[accounts.domain[account]!]!, users.domains[users.domain[user]!]!];
    if (a === b || publicMailProviders.has(a) || publicMailProviders.has(b)) continue;
    const [x, y] = [canonicalEmailAt(accounts, account), canonicalEmailAt(users, user)];
    if (x.slice(0, x.lastIndexOf('@')) !== y.slice(0, y.lastIndexOf('@'))) continue;
    const key = `${a} ${b}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, pairs]) => pairs >= 3)
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, 50)
    .map(([key, pairs]) => {
      const [licenseDomain, crmDomain] = key.split(' ') as [string, string];
      return {
        licenseDomain,
        crmDomain,
        pairs,
        evidence: `${pairs} people have the same name and the same part before the @ under both domains.`,
      };
    });
}
