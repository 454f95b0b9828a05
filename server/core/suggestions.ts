import { domainNumbers } from './company-domains.ts';
import { type Comparison, matchFlags, userName } from './correlate.ts';
import { accountStates, userStates } from './index-people.ts';
import type { PersonName } from './names.ts';

/** Block keys of one CRM user: name, three of the surname, given name, given name and surname, name under the domain. */
export const keysPerUser = 7;

/** At most this many suggestions stand on one person. */
export const mostSuggestions = 5;
/** Below this, two records only share a name part that many people share. */
export const leastScore = 0.4;
/** People of one name whose scores are nearer than this cannot be told apart. */
export const sameNameSlack = 0.08;
/** More people of one name than this are not counted: nobody compares so many. */
export const mostNamesakes = 10;

/**
 * Name and local part suggestions, as columns on shared buffers: `open` are the license holders without an owner, `free` the
 * active CRM users nobody points to.
 */
export interface Suggestions {
  readonly open: Int32Array;
  readonly free: Int32Array;
  /** Position of a license holder in `open`, -1 for all others. */
  readonly slotOf: Int32Array;
  /** Position of a CRM user in `free`, -1 for all others. */
  readonly freeAt: Int32Array;
  /** Block keys of `free` (suggestion-blocks.ts): low and high, `keysPerUser` for each; 0, 0 is no key. */
  readonly freeKeys: Uint32Array;
  /** CRM rows, `mostSuggestions` per slot, best first; -1 fills up. */
  readonly candidates: Int32Array;
  readonly scores: Float32Array;
  /** Where the best suggestion has the very name: how many people of that name fit about as well, at most `mostNamesakes`. */
  readonly namesakes: Uint8Array;
  /** By position in `open`, where `namesakes` is 1: the hash of the license holder's name, and its `keySum`. */
  readonly sought: Uint32Array;
  /** Pairs looked at, one cell a thread. */
  readonly pairs: Uint32Array;
}

/** Lists who needs suggestions and who could be one. Sequential. */
export function openSuggestions(comparison: Comparison, claims: Uint16Array): Suggestions {
  const { accounts, users, accountIndex, userIndex, matches, groups, room } = comparison;
  const slotOf = room.i32(accounts.count).fill(-1);
  let opens = 0;
  for (let i = 0; i < accounts.count; i++) {
    if (accountIndex.state[i] !== accountStates.holder || matches.owner[i]! >= 0) continue;
    if ((matches.flags[i]! & (matchFlags.ambiguousCrm | matchFlags.conflict)) !== 0) continue;
    slotOf[i] = opens++;
  }
  const open = room.i32(opens);
  for (let i = 0; i < accounts.count; i++) if (slotOf[i]! >= 0) open[slotOf[i]!] = i;
  const { ofUser, ofAccount } = domainNumbers(users, accounts, groups);
  placeTogether(open, slotOf, accounts.domain, ofAccount);
  const freeAt = room.i32(users.count).fill(-1);
  let frees = 0;
  for (let user = 0; user < users.count; user++)
    if (userIndex.state[user] === userStates.active && claims[user] === 0) freeAt[user] = frees++;
  const free = room.i32(frees);
  for (let user = 0; user < users.count; user++) if (freeAt[user]! >= 0) free[freeAt[user]!] = user;
  placeTogether(free, freeAt, users.domain, ofUser);
  return {
    open,
    free,
    slotOf,
    freeAt,
    freeKeys: room.u32(frees * keysPerUser * 2),
    candidates: room.i32(opens * mostSuggestions).fill(-1),
    scores: room.f32(opens * mostSuggestions),
    namesakes: room.u8(opens),
    sought: room.u32(opens * 3),
    pairs: room.u32(16),
  };
}

/**
 * Puts rows of one domain group side by side, in the order of the file. Colleagues are looked for among colleagues: what one license
 * holder has read of them is in the cache for the next, and in the thread that has parsed their names.
 * @param places by row, its place among `rows`
 */
function placeTogether(rows: Int32Array, places: Int32Array, domain: Uint32Array, groupOf: Uint32Array): void {
  const next = new Uint32Array(groupOf.reduce((most, group) => Math.max(most, group), 0) + 2);
  for (const row of rows) next[groupOf[domain[row]!]! + 1]!++;
  for (let group = 1; group < next.length; group++) next[group]! += next[group - 1]!;
  for (const row of rows.slice()) {
    const place = next[groupOf[domain[row]!]!]!++;
    rows[place] = row;
    places[row] = place;
  }
}

/** One thread's view: names are parsed once, when somebody asks. */
export interface Suggester {
  readonly comparison: Comparison;
  readonly suggestions: Suggestions;
  readonly ofUser: Uint32Array;
  readonly ofAccount: Uint32Array;
  readonly groupNames: readonly string[];
  /** By position in `free`. */
  readonly names: (PersonName | null | undefined)[];
  /** By position in `free`: the last position in `open` that has met the user, plus one. */
  met: Int32Array;
}

/** Lets go of the names parsed so far: some hundred thousand are a tenth of the memory of a large comparison. */
export function forgetNames(suggester: Suggester): void {
  suggester.names.length = 0;
  suggester.met = new Int32Array(0);
}

export function createSuggester(comparison: Comparison, suggestions: Suggestions): Suggester {
  const { ofUser, ofAccount, names } = domainNumbers(comparison.users, comparison.accounts, comparison.groups);
  return {
    comparison,
    suggestions,
    ofUser,
    ofAccount,
    groupNames: names,
    names: new Array(suggestions.free.length).fill(undefined),
    met: new Int32Array(suggestions.free.length),
  };
}

export function nameOfUser({ comparison, suggestions, names }: Suggester, user: number): PersonName | null {
  const at = suggestions.freeAt[user]!;
  if (at < 0 || at >= names.length) return userName(comparison, user);
  let name = names[at];
  if (name === undefined) {
    name = userName(comparison, user);
    names[at] = name;
  }
  return name;
}
