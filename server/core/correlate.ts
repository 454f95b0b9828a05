import type { AccountField, UserField } from '../../connectors/connector.ts';
import { type DomainGroups, groupDomains } from './domain-groups.ts';
import { parseEmail, withoutTag } from './email.ts';
import type { RuleTrace } from './finding.ts';
import { equalLower, hash, hashLower, hashText } from './hash-bytes.ts';
import {
  type AccountIndex,
  accountById,
  accountStates,
  eachUserOnEmail,
  type UserIndex,
  userById,
  userStates,
  usersByStableId,
} from './index-people.ts';
import { hints, hintTable, hintTableLength } from './kernels/hint-kernels.ts';
import { ownerTable, ownerTableLength } from './kernels/owner-kernels.ts';
import type { Room } from './kernels/room.ts';
import { together } from './kernels/together.ts';
import { eachInIndex, firstInIndex, type KeyIndex, mayHold, mayHoldOther } from './key-index.ts';
import { nameScore, namesContradict, type PersonName, parsePersonName } from './names.ts';
import {
  canonicalEmailAt,
  emailKinds,
  fieldIndex,
  hashLocalPart,
  hashUnderDomain,
  keyIsText,
  type People,
  range,
  sameKey,
  textAt,
  trimmedRange,
  wouldJoin,
} from './people.ts';
import { plainNameReader } from './plain-names.ts';
import type { ReconcileSettings } from './settings.ts';
import { type Rule, rules } from './status.ts';

/** Who each license holder is, as columns on shared buffers: two threads fill a half each. */
export interface Matches {
  /** CRM row of the owner, -1 where no rule decided. */
  readonly owner: Int32Array;
  /** CRM row that ids, links or history point to where that is somebody else than the owner; -1 otherwise. */
  readonly rival: Int32Array;
  /** Position in `rules` plus one; 0 none. */
  readonly rule: Uint8Array;
  readonly flags: Uint16Array;
}

export const matchFlags = {
  /** Exactly one active CRM user has an email that LinkedIn would join with. */
  joins: 1,
  /** Several active CRM users share the email. */
  ambiguousCrm: 2,
  /** Link, id or history point to somebody else than the email, or an id to somebody with another name. */
  conflict: 4,
  /** An inactive CRM user has the email too. */
  otherInactive: 8,
  /** Several license holders point to one CRM user, and this one does not hold it by email alone; or they share an address nobody has. */
  ambiguousLicenses: 16,
  /** Another license holder carries the same Unique User ID. */
  duplicateUniqueId: 32,
  /** Another license holder points to the same CRM user and gave way. */
  secondLicense: 128,
  /** Nobody in the CRM has the license's Unique User ID, and the CRM user with the email has another one. */
  idDiffers: 256,
  /** A person who saw both emails said who it is, and LinkedIn joins by email with somebody else. */
  joinsAnother: 512,
} as const;

/** Everything the rules look at. The maps are each thread's own; the columns are shared. */
export interface Comparison {
  readonly users: People<UserField>;
  readonly accounts: People<AccountField>;
  readonly userIndex: UserIndex;
  readonly accountIndex: AccountIndex;
  readonly settings: ReconcileSettings;
  readonly matches: Matches;
  readonly groups: DomainGroups;
  /** By `accounts.domain`: the other domains of its group, each with the @ before it. */
  readonly otherDomains: readonly (readonly Uint8Array[])[];
  readonly linked: ReadonlyMap<number, number>;
  /** Linked by somebody who saw the two emails of today: a conflict with the email is settled by that. */
  readonly settled: ReadonlySet<number>;
  /** Linked, and one of the two emails is another one since. */
  readonly movedSinceLink: ReadonlySet<number>;
  readonly known: ReadonlyMap<number, number>;
  readonly formerEmails: ReadonlyMap<string, number>;
  readonly aliases: ReadonlyMap<string, readonly string[]>;
  /** 1 where the hash of an address in `aliases` leads. */
  readonly aliasHashes: Uint8Array;
  readonly taggedByBare: ReadonlyMap<string, readonly number[]>;
  /** 1 where the hash of a local part in `taggedByBare` leads: almost nobody has to be looked for there. */
  readonly taggedHashes: Uint8Array;
  /** Names that need no parsing; undefined for all others. */
  readonly plainAccountName: (row: number) => PersonName | undefined;
  readonly plainUserName: (row: number) => PersonName | undefined;
  /** Where this thread takes room. */
  readonly room: Room;
  /** Decides who the license holders of a range are where nothing can be the matter, and gives the rows of all others. */
  readonly findOwners: ((from: number, to: number) => Uint32Array) | null;
  /** By license holder, for those rows: `hints` of the rules that may find somebody. Null where nobody looked. */
  readonly hints: Uint8Array | null;
}

export const createMatches = (accounts: number, room: Room): Matches => ({
  owner: room.i32(accounts),
  rival: room.i32(accounts),
  rule: room.u8(accounts),
  flags: room.u16(accounts),
});

const encoder = new TextEncoder();

function canonical(email: string): string | null {
  const parsed = parseEmail(email);
  return parsed.kind === 'address' ? parsed.canonical : null;
}

type Parts = Pick<Comparison, 'users' | 'accounts' | 'userIndex' | 'accountIndex' | 'settings' | 'matches'>;

/** Makes this thread's look-up tables from the settings. @param room where all columns of both sides are, if they are in one */
export function createComparison(parts: Parts, room: Room): Comparison {
  const { users, accounts, userIndex, accountIndex, settings } = parts;
  const groups = groupDomains(settings.domainAliases);
  // Decisions and history outlive a CRM user who was deleted, or who turned out to be an integration.
  const isPerson = (user: number): boolean => user >= 0 && userIndex.state[user] !== userStates.leftOut;
  const linked = new Map<number, number>();
  const settled = new Set<number>();
  const movedSinceLink = new Set<number>();
  for (const link of settings.links) {
    const account = accountById(accounts, accountIndex, link.licenseId);
    const user = userById(users, userIndex, link.crmUserId);
    if (account < 0 || !isPerson(user)) continue;
    linked.set(account, user);
    if (!link.emails) continue;
    const same = (before: string, now: string): boolean => (canonical(before) ?? before.trim()) === (canonical(now) ?? now.trim());
    const stayed =
      same(link.emails.license, textAt(accounts, account, fieldIndex(accounts, 'email'))) &&
      (link.emails.crm === null || same(link.emails.crm, textAt(users, user, fieldIndex(users, 'email'))));
    (stayed ? settled : movedSinceLink).add(account);
  }
  const known = new Map<number, number>();
  const formerEmails = new Map<string, number>();
  for (const pair of settings.history) {
    const account = accountById(accounts, accountIndex, pair.licenseId);
    const user = userById(users, userIndex, pair.crmUserId);
    if (!isPerson(user)) continue;
    if (account >= 0) known.set(account, user);
    const email = pair.crmEmail === null ? null : canonical(pair.crmEmail);
    if (email !== null) formerEmails.set(email, user);
  }
  const aliases = new Map<string, string[]>();
  const relate = (from: string, to: string): void => {
    const list = aliases.get(from);
    if (list === undefined) aliases.set(from, [to]);
    else if (!list.includes(to)) list.push(to);
  };
  for (const [alias, main] of settings.emailAliases) {
    const [a, b] = [canonical(alias), canonical(main)];
    if (a === null || b === null || a === b) continue;
    relate(a, b);
    relate(b, a);
  }
  const secondary = fieldIndex(users, 'secondaryEmails');
  if (secondary >= 0) {
    for (let row = 0; row < users.count; row++) {
      const text = textAt(users, row, secondary);
      if (text === '' || userIndex.state[row] === userStates.leftOut) continue;
      for (const part of text.split(/[\s;,|]+/)) {
        const address = canonical(part);
        const main = canonicalEmailAt(users, row);
        if (address !== null && main !== '' && address !== main) relate(address, main);
      }
    }
  }
  const aliasHashes = new Uint8Array(1 << 18);
  for (const address of aliases.keys()) {
    hashText(address);
    aliasHashes[hash.low & (aliasHashes.length - 1)] = 1;
  }
  const taggedByBare = new Map<string, number[]>();
  const taggedHashes = new Uint8Array(1 << 18);
  for (const row of userIndex.tagged) {
    const bare = bareEmail(canonicalEmailAt(users, row), groups);
    hashText(bare.slice(0, bare.lastIndexOf('@')));
    taggedHashes[hash.low & (taggedHashes.length - 1)] = 1;
    const list = taggedByBare.get(bare);
    if (list === undefined) taggedByBare.set(bare, [row]);
    else list.push(row);
  }
  const otherDomains = accounts.domains.map((domain) => groups.others(domain).map((other) => encoder.encode(other)));
  const swift = swiftFinder(parts, room, { decided: [...linked.keys(), ...known.keys()], otherDomains, taggedHashes, aliasHashes });
  return {
    ...parts,
    groups,
    otherDomains,
    linked,
    settled,
    movedSinceLink,
    known,
    formerEmails,
    aliases,
    aliasHashes,
    taggedByBare,
    taggedHashes,
    plainAccountName: plainNameReader(accounts),
    plainUserName: plainNameReader(users),
    room,
    findOwners: swift?.findOwners ?? null,
    hints: swift?.hints ?? null,
  };
}

/** What finds owners with the kernels; null where they cannot work on the columns. */
function swiftFinder(
  { users, accounts, userIndex, accountIndex, matches }: Parts,
  room: Room,
  {
    decided,
    otherDomains,
    taggedHashes,
    aliasHashes,
  }: Pick<Comparison, 'otherDomains' | 'taggedHashes' | 'aliasHashes'> & {
    /** Rows of license holders about whom more is known than their files say. */
    readonly decided: readonly number[];
  },
) {
  if (!users.inRoom || !accounts.inRoom || !room.isWhole()) return null;
  const { kernels } = room;
  const places = room.u32(ownerTableLength);
  const hashes = room.u32(2 * together);
  const state = room.u32(4);
  const list = room.u32(mostAtOnce);
  const { stableId, stableIdFields } = userIndex;
  const stableFields = room.u32(Math.max(1, 2 * stableIdFields.length));
  const left = decided.length === 0 ? null : room.u8(accounts.count);
  const hintPlaces = room.u32(hintTableLength);
  const found = room.u8(accounts.count);
  const [tagged, aliases] = [room.u8(taggedHashes.length), room.u8(aliasHashes.length)];
  const others = room.u32(3 * otherDomains.length);
  const lists = room.u32(2 * Math.max(1, otherDomains.flat().length));
  const texts = room.u8(otherDomains.flat().reduce((sum, text) => sum + text.length, 0));
  const hashRows = room.u32(together);
  if (kernels === null || !room.isWhole()) return null;
  stableIdFields.forEach((field, k) => {
    stableFields.set([users.starts.byteOffset + field * 4, users.lengths.byteOffset + field * 2], 2 * k);
  });
  for (const row of decided) left![row] = 1;
  const unique = fieldIndex(accounts, 'uniqueUserId');
  const maskOf = (index: KeyIndex | null): number => (index === null ? 0 : index.slots.length / 2 - 1);
  ownerTable(places, {
    accountState: accountIndex.state.byteOffset,
    accountKinds: accounts.emailKind.byteOffset,
    accountKeys: accounts.keys.byteOffset,
    accountBytes: accounts.bytes.byteOffset,
    accountWidth: accounts.fields.length,
    uniqueStarts: unique < 0 ? 0 : accounts.starts.byteOffset + unique * 4,
    uniqueLengths: accounts.lengths.byteOffset + unique * 2,
    uniqueSlots: accountIndex.uniqueId?.slots.byteOffset ?? 0,
    uniqueMask: maskOf(accountIndex.uniqueId),
    left: left?.byteOffset ?? 0,
    userState: userIndex.state.byteOffset,
    userKinds: users.emailKind.byteOffset,
    userKeys: users.keys.byteOffset,
    userBytes: users.bytes.byteOffset,
    userWidth: users.fields.length,
    emailSlots: userIndex.email.slots.byteOffset,
    emailMask: maskOf(userIndex.email),
    stableSlots: stableId?.slots.byteOffset ?? 0,
    stableMask: maskOf(stableId),
    stableFields: stableFields.byteOffset,
    stableWidth: stableIdFields.length,
    owners: matches.owner.byteOffset,
    rivals: matches.rival.byteOffset,
    rules: matches.rule.byteOffset,
    flags: matches.flags.byteOffset,
    hashes: hashes.byteOffset,
    state: state.byteOffset,
    joins: matchFlags.joins,
    exact: codes.exact,
    byId: codes.stableId,
  });
  tagged.set(taggedHashes);
  aliases.set(aliasHashes);
  let listed = 0;
  let used = 0;
  otherDomains.forEach((of, domain) => {
    others.set([accounts.domains[domain]!.length + 1, lists.byteOffset + listed * 8, of.length], 3 * domain);
    for (const text of of) {
      texts.set(text, used);
      lists.set([texts.byteOffset + used, text.length], 2 * listed++);
      used += text.length;
    }
  });
  hintTable(hintPlaces, {
    accountKinds: accounts.emailKind.byteOffset,
    accountKeys: accounts.keys.byteOffset,
    accountBytes: accounts.bytes.byteOffset,
    accountDomains: accounts.domain.byteOffset,
    slots: userIndex.email.slots.byteOffset,
    mask: maskOf(userIndex.email),
    others: others.byteOffset,
    tagged: tagged.byteOffset,
    taggedMask: tagged.length - 1,
    aliases: aliases.byteOffset,
    aliasMask: aliases.length - 1,
    hashes: hashes.byteOffset,
    hashRows: hashRows.byteOffset,
    state: state.byteOffset,
  });
  return {
    hints: found,
    findOwners(from: number, to: number): Uint32Array {
      const rows = list.subarray(0, kernels.findOwners(places.byteOffset, from, to, list.byteOffset));
      kernels.hintRules(hintPlaces.byteOffset, list.byteOffset, rows.length, found.byteOffset);
      return rows;
    },
  };
}

/** Local part without its +tag, at the domain that stands for the group. */
function bareEmail(email: string, groups: DomainGroups): string {
  const at = email.lastIndexOf('@');
  return `${withoutTag(email.slice(0, at))}@${groups.representative(email.slice(at + 1))}`;
}

/** CRM users found by one rule: active ones first, an inactive one only where no active one is. */
interface Found {
  active: number;
  activeCount: number;
  inactive: number;
  /** All of them, where somebody reads them. */
  readonly rows?: number[];
}
const nobody = (): Found => ({ active: -1, activeCount: 0, inactive: -1 });

function take(found: Found, comparison: Comparison, row: number): void {
  const state = comparison.userIndex.state[row];
  if (state === userStates.active) {
    if (found.active !== row) found.activeCount++;
    if (found.active < 0) found.active = row;
  } else if (state === userStates.inactive) {
    // Several inactive ones: the choice must not hang on the order of the file.
    if (found.inactive < 0 || compareUsers(comparison, row, found.inactive) < 0) found.inactive = row;
  } else return;
  if (found.rows !== undefined && !found.rows.includes(row)) found.rows.push(row);
}

/** An order of CRM users that does not depend on the order of the input. */
export function compareUsers({ users }: Pick<Comparison, 'users'>, a: number, b: number): number {
  const id = fieldIndex(users, 'id');
  if (id >= 0) {
    const order = comparePlain(users, a, b, id);
    if (order !== 0) return order;
  }
  const [x, y] = id >= 0 ? [textAt(users, a, id), textAt(users, b, id)] : [canonicalEmailAt(users, a), canonicalEmailAt(users, b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** The order of two fields as texts, told from their bytes; 0 where they are the same or only their text can tell. */
function comparePlain({ bytes, starts, lengths, fields }: People<UserField>, a: number, b: number, field: number): number {
  const [i, j] = [a * fields.length + field, b * fields.length + field];
  const [p, q] = [starts[i]!, starts[j]!];
  const shorter = Math.min(lengths[i]!, lengths[j]!);
  for (let k = 0; k < shorter; k++) {
    const [x, y] = [bytes[p + k]!, bytes[q + k]!];
    // Beyond ASCII the order of UTF-16 is another; a quote may be a doubled one.
    if (x > 127 || y > 127 || x === 34 || y === 34) return 0;
    if (x !== y) return x - y;
  }
  return 0;
}

/** The CRM users whose canonical email is these two texts together: mostly nobody's, so that they are put together only for somebody. */
function usersByEmail(comparison: Comparison, local: string, atDomain: string, found: Found): void {
  const { users, userIndex } = comparison;
  hashText(local, atDomain);
  const { low, high } = hash;
  let email = '';
  eachInIndex(
    userIndex.email,
    low,
    high,
    (row) => {
      if (email === '') email = local + atDomain;
      return keyIsText(users, row, email);
    },
    (row) => take(found, comparison, row),
  );
}

function byStableId(comparison: Comparison, account: number, found = nobody()): Found {
  const field = fieldIndex(comparison.accounts, 'uniqueUserId');
  if (field < 0 || !trimmedRange(comparison.accounts, account, field)) return found;
  usersByStableId(comparison.users, comparison.userIndex, comparison.accounts.bytes, range.from, range.to, (row) =>
    take(found, comparison, row),
  );
  return found;
}

function byDomainAlias(comparison: Comparison, email: string, found = nobody()): Found {
  if (comparison.groups.size === 0 || email === '') return found;
  const at = email.lastIndexOf('@');
  const domain = email.slice(at + 1);
  const local = email.slice(0, at);
  for (const other of comparison.groups.others(domain)) usersByEmail(comparison, local, other, found);
  return found;
}

function byPlusTag(comparison: Comparison, email: string, found = nobody()): Found {
  if (email === '') return found;
  const at = email.lastIndexOf('@');
  const local = email.slice(0, at);
  const bare = withoutTag(local);
  if (bare !== local) {
    usersByEmail(comparison, bare, email.slice(at), found);
    for (const other of comparison.groups.others(email.slice(at + 1))) usersByEmail(comparison, bare, other, found);
  }
  if (comparison.taggedByBare.size === 0) return found;
  hashText(bare);
  if (comparison.taggedHashes[hash.low & (comparison.taggedHashes.length - 1)] === 0) return found;
  for (const row of comparison.taggedByBare.get(bareEmail(email, comparison.groups)) ?? []) {
    if (canonicalEmailAt(comparison.users, row) !== email) take(found, comparison, row);
  }
  return found;
}

function bySecondaryEmail(comparison: Comparison, email: string, found = nobody()): Found {
  if (comparison.aliases.size === 0) return found;
  for (const other of comparison.aliases.get(email) ?? []) usersByEmail(comparison, other, '', found);
  return found;
}

function byHistory(comparison: Comparison, account: number, email: string, found = nobody()): Found {
  if (comparison.known.size + comparison.formerEmails.size === 0) return found;
  const user = comparison.known.get(account) ?? comparison.formerEmails.get(email);
  if (user !== undefined) take(found, comparison, user);
  return found;
}

/** The names of one person, for rules that must not run against them. */
export function accountName(
  { accounts, plainAccountName }: Pick<Comparison, 'accounts' | 'plainAccountName'>,
  row: number,
): PersonName | null {
  const plain = plainAccountName(row);
  return plain === undefined ? parsedName(accounts, row) : plain;
}
export function userName({ users, plainUserName }: Pick<Comparison, 'users' | 'plainUserName'>, row: number): PersonName | null {
  const plain = plainUserName(row);
  return plain === undefined ? parsedName(users, row) : plain;
}
function parsedName(people: People<UserField> | People<AccountField>, row: number): PersonName | null {
  const text = (field: 'givenName' | 'familyName' | 'displayName'): string =>
    textAt(people as People<string>, row, people.fields.indexOf(field as never));
  return parsePersonName(text('givenName'), text('familyName'), text('displayName'));
}

function contradict(comparison: Comparison, account: number, user: number): boolean {
  const a = accountName(comparison, account);
  const b = userName(comparison, user);
  return a !== null && b !== null && namesContradict(a, b);
}

const codeOf = (rule: Rule): number => rules.indexOf(rule) + 1;
const codes = {
  link: codeOf('link'),
  stableId: codeOf('stable-id'),
  exact: codeOf('exact-email'),
  canonical: codeOf('canonical-email'),
  alias: codeOf('domain-alias'),
  plus: codeOf('plus-tag'),
  secondary: codeOf('secondary-email'),
  history: codeOf('history'),
} as const;

const one = (found: Found): number => (found.activeCount === 1 ? found.active : found.activeCount === 0 ? found.inactive : -1);

/** `correlate` is called for no more license holders than this at a time. */
export const mostAtOnce = 16_384;

/**
 * Decides who the license holders `from … to` are, each on its own: what two of them claim of the same CRM user is settled
 * afterwards (`settleClaims`). Writes only these rows of `matches`.
 */
export function correlate(comparison: Comparison, from: number, to: number): void {
  const { users, accounts, userIndex, accountIndex, matches } = comparison;
  const { owner, rival, rule, flags } = matches;
  const uniqueField = fieldIndex(accounts, 'uniqueUserId');
  const hasLinks = comparison.linked.size > 0;
  const hasKnown = comparison.known.size > 0;
  const inEmail = nobody();
  const inId = nobody();
  // The license holder at hand, outside the loop: functions made for each of a million rows cost more than what they do.
  let at = from;
  let joins = 0;
  let joiner = -1;
  const rows = comparison.findOwners?.(from, to) ?? null;
  const isKey = (row: number): boolean => sameKey(accounts, at, users, row);
  const meet = (row: number): void => {
    take(inEmail, comparison, row);
    // Two plain addresses with one key are equal as LinkedIn compares them.
    const plain = accounts.emailKind[at] === emailKinds.plain && users.emailKind[row] === emailKinds.plain;
    if (userIndex.state[row] === userStates.active && (plain || wouldJoin(accounts, at, users, row))) {
      joins++;
      joiner = row;
    }
  };
  for (let k = 0; k < (rows?.length ?? to - from); k++) {
    const i = rows === null ? from + k : rows[k]!;
    owner[i] = -1;
    rival[i] = -1;
    rule[i] = 0;
    flags[i] = 0;
    if (accountIndex.state[i] !== accountStates.holder) continue;

    at = i;
    joins = 0;
    joiner = -1;
    forget(inEmail);
    if (accounts.emailKind[i]! >= emailKinds.address)
      eachInIndex(userIndex.email, accounts.keys[4 * i + 2]!, accounts.keys[4 * i + 3]!, isKey, meet);
    let flag = (joins === 1 ? matchFlags.joins : 0) | (inEmail.active >= 0 && inEmail.inactive >= 0 ? matchFlags.otherInactive : 0);
    // The exact email is the stronger rule: where LinkedIn joins with exactly one, somebody else's stray character changes nothing.
    if (joins > 1 || (joins === 0 && inEmail.activeCount > 1)) flag |= matchFlags.ambiguousCrm;

    const link = hasLinks ? (comparison.linked.get(i) ?? -1) : -1;
    let byId = -1;
    const byEmail = joins === 1 ? joiner : inEmail.activeCount === 1 ? inEmail.active : -1;
    if (uniqueField >= 0 && trimmedRange(accounts, i, uniqueField)) {
      forget(inId);
      hashLower(accounts.bytes, range.from, range.to);
      const { low, high } = hash;
      byId = userIndex.stableId !== null && mayHold(userIndex.stableId, low, high) ? one(byStableId(comparison, i, inId)) : -1;
      // Nobody has this id, and the person with the email has another: whether that means anything is seen over all people.
      if (inId.active < 0 && inId.inactive < 0 && byEmail >= 0 && hasStableId(comparison, byEmail)) flag |= matchFlags.idDiffers;
      if (accountIndex.uniqueId !== null && mayHoldOther(accountIndex.uniqueId, i, low, high) && sharesUniqueId(comparison, i))
        flag |= matchFlags.duplicateUniqueId;
    }
    // A left-over inactive account of the same person says nothing against the active one with the email; another person's does.
    const leftOver = byId >= 0 && inEmail.active >= 0 && userIndex.state[byId] === userStates.inactive;
    const another = leftOver && byEmail >= 0 && !maySamePerson(comparison, byId, byEmail);
    if (leftOver && !another) byId = -1;
    const before = hasKnown ? (comparison.known.get(i) ?? -1) : -1;

    const pointed = link >= 0 ? link : byId >= 0 ? byId : before;
    // A left-over inactive account says nothing by its history; a person's own decision for it does.
    const elsewhere =
      byEmail >= 0 && pointed >= 0 && pointed !== byEmail && (link >= 0 || another || userIndex.state[pointed] === userStates.active);
    const isSettled = link >= 0 && comparison.settled.has(i);
    if (isSettled) flag = (flag & ~matchFlags.idDiffers) | (elsewhere && joins === 1 ? matchFlags.joinsAnother : 0);
    if (elsewhere && !isSettled) {
      owner[i] = byEmail;
      rival[i] = pointed;
      rule[i] = joins === 1 ? codes.exact : codes.canonical;
      flags[i] = flag | matchFlags.conflict;
      continue;
    }
    if (link >= 0) {
      owner[i] = link;
      rule[i] = codes.link;
    } else if (byId >= 0) {
      owner[i] = byId;
      rule[i] = codes.stableId;
      if (byId !== byEmail && byId !== inEmail.inactive && contradict(comparison, i, byId)) {
        rival[i] = byId;
        owner[i] = -1;
        flag |= matchFlags.conflict;
      }
    } else if (byEmail >= 0) {
      owner[i] = byEmail;
      rule[i] = joins === 1 ? codes.exact : codes.canonical;
    } else if (inEmail.activeCount === 0 && (flag & matchFlags.ambiguousCrm) === 0) {
      byWeakerRules(comparison, i, inEmail.inactive);
    }
    flags[i] = flag;
  }
}

function forget(found: Found): void {
  found.active = -1;
  found.activeCount = 0;
  found.inactive = -1;
}

function hasStableId({ users, userIndex }: Comparison, user: number): boolean {
  return userIndex.stableIdFields.some((field) => trimmedRange(users, user, field));
}

/** Whether two CRM users may be accounts of one person: nothing in their names speaks against it. */
function maySamePerson(comparison: Comparison, a: number, b: number): boolean {
  const [x, y] = [userName(comparison, a), userName(comparison, b)];
  return x === null || y === null || nameScore(x, y) >= 0.8;
}

/** Alias, tag, second address, earlier reconciliation; last, an inactive user with the very email. */
function byWeakerRules(comparison: Comparison, i: number, inactive: number): void {
  const { matches, accounts, users } = comparison;
  let email = '';
  const found: (readonly [number, Found])[] = [];
  for (const { code, may, attempt } of weakerRules) {
    if (!may(comparison, i)) continue;
    if (email === '') email = canonicalEmailAt(accounts, i);
    const users = attempt(comparison, i, email);
    if (users.active < 0 && users.inactive < 0) continue;
    found.push([code, users]);
    // The same local part under another domain is no proof where both names say somebody else.
    if (users.activeCount !== 1 || (code !== codes.secondary && contradict(comparison, i, users.active))) continue;
    matches.owner[i] = users.active;
    matches.rule[i] = code;
    return;
  }
  if (inactive >= 0) {
    matches.owner[i] = inactive;
    matches.rule[i] = wouldJoin(accounts, i, users, inactive) ? codes.exact : codes.canonical;
    return;
  }
  for (const [code, users] of found) {
    const user = one(users);
    if (user < 0 || contradict(comparison, i, user)) continue;
    matches.owner[i] = user;
    matches.rule[i] = code;
    return;
  }
}

/**
 * The rules that are asked where neither an id nor the email finds an active user. `may` tells, without making a text, whether one
 * could find anybody: for most who come here none can.
 */
const weakerRules: readonly {
  readonly code: number;
  readonly may: (comparison: Comparison, i: number) => boolean;
  readonly attempt: (comparison: Comparison, i: number, email: string) => Found;
}[] = [
  { code: codes.alias, may: mayHaveAlias, attempt: (comparison, _, email) => byDomainAlias(comparison, email) },
  { code: codes.plus, may: mayHaveTag, attempt: (comparison, _, email) => byPlusTag(comparison, email) },
  { code: codes.secondary, may: mayBeSecondary, attempt: (comparison, _, email) => bySecondaryEmail(comparison, email) },
  { code: codes.history, may: ({ known, formerEmails }) => known.size + formerEmails.size > 0, attempt: byHistory },
];

function mayHaveAlias({ accounts, otherDomains, userIndex, hints: hinted }: Comparison, i: number): boolean {
  if (hinted !== null && (hinted[i]! & hints.alias) === 0) return false;
  if (accounts.emailKind[i]! < emailKinds.address) return false;
  for (const other of otherDomains[accounts.domain[i]!]!) {
    hashUnderDomain(accounts, i, other);
    if (mayHold(userIndex.email, hash.low, hash.high)) return true;
  }
  return false;
}

function mayHaveTag({ accounts, taggedHashes, hints: hinted }: Comparison, i: number): boolean {
  if (hinted !== null && (hinted[i]! & hints.tag) === 0) return false;
  if (accounts.emailKind[i]! < emailKinds.address) return false;
  return hashLocalPart(accounts, i) || taggedHashes[hash.low & (taggedHashes.length - 1)] === 1;
}

function mayBeSecondary({ accounts, aliasHashes, hints: hinted }: Comparison, i: number): boolean {
  if (hinted !== null && (hinted[i]! & hints.secondary) === 0) return false;
  return accounts.emailKind[i]! >= emailKinds.address && aliasHashes[accounts.keys[4 * i + 2]! & (aliasHashes.length - 1)] === 1;
}

function sharesUniqueId(comparison: Comparison, i: number): boolean {
  const { accounts, accountIndex } = comparison;
  const field = fieldIndex(accounts, 'uniqueUserId');
  trimmedRange(accounts, i, field);
  const { from, to } = range;
  hashLower(accounts.bytes, from, to);
  const isOther = (row: number): boolean => {
    if (row === i) return false;
    trimmedRange(accounts, row, field);
    return equalLower(accounts.bytes, from, to, accounts.bytes, range.from, range.to);
  };
  return firstInIndex(accountIndex.uniqueId!, hash.low, hash.high, isOther) >= 0;
}

/**
 * One CRM user to one license holder. Where several point to the same person, the one LinkedIn joins by email keeps it and the
 * others are second licenses; where none or several do, nobody does. Sequential, over all rows.
 * @returns how many license holders point to each CRM user
 */
export function settleClaims(comparison: Comparison): Uint16Array {
  const { users, matches, accounts } = comparison;
  const { owner, flags } = matches;
  const claims = comparison.room.u16(users.count);
  const joiners = new Uint16Array(users.count);
  settleForeignIds(comparison);
  for (let i = 0; i < accounts.count; i++) {
    const user = owner[i]!;
    if (user < 0 || (flags[i]! & (matchFlags.conflict | matchFlags.ambiguousCrm)) !== 0) continue;
    if (claims[user]! < 65535) claims[user]!++;
    if (joinsOwn(flags[i]!) && joiners[user]! < 65535) joiners[user]!++;
  }
  for (let i = 0; i < accounts.count; i++) {
    const user = owner[i]!;
    if (user < 0 || (flags[i]! & (matchFlags.conflict | matchFlags.ambiguousCrm)) !== 0 || claims[user]! < 2) continue;
    if (joiners[user] === 1 && joinsOwn(flags[i]!)) flags[i]! |= matchFlags.secondLicense;
    else flags[i]! |= matchFlags.ambiguousLicenses;
  }
  // A conflict is shown as LinkedIn joins it; where two license holders come to one CRM user that way, he is nobody's.
  const conflicts = new Uint16Array(users.count);
  const conflicted = (i: number): boolean => (flags[i]! & matchFlags.conflict) !== 0 && owner[i]! >= 0;
  for (let i = 0; i < accounts.count; i++) if (conflicted(i) && conflicts[owner[i]!]! < 65535) conflicts[owner[i]!]!++;
  for (let i = 0; i < accounts.count; i++) {
    if (!conflicted(i)) continue;
    if (claims[owner[i]!]! > 0 || conflicts[owner[i]!]! > 1) flags[i]! |= matchFlags.ambiguousLicenses;
  }
  for (let user = 0; user < users.count; user++) if (conflicts[user]! > 0 && claims[user] === 0) claims[user] = 1;
  settleSharedAddresses(comparison);
  return claims;
}

/** Whether the one CRM user whom LinkedIn joins with by email is the owner. */
export const joinsOwn = (flags: number): boolean => (flags & (matchFlags.joins | matchFlags.joinsAnother)) === matchFlags.joins;

/** Whose owner nobody knows while another license holder has the same address: that one person may hold both, whoever it is. */
function settleSharedAddresses({ accounts, accountIndex, matches }: Comparison): void {
  const { next } = accountIndex.email;
  const { owner, flags } = matches;
  for (let i = 0; i < accounts.count; i++) {
    let other = next[i]! - 1;
    while (other >= 0 && !sameKey(accounts, i, accounts, other)) other = next[other]! - 1;
    if (other < 0) continue;
    for (const row of [i, other]) if (owner[row]! < 0) flags[row]! |= matchFlags.ambiguousLicenses;
  }
}

/**
 * The CRM user who stands beside a license holder in the report, -1 for none. Nobody stands in two rows: where several licenses or
 * several users come together, no owner is shown, only possible ones.
 */
export function shownOwner({ owner, flags }: Matches, i: number): number {
  return (flags[i]! & (matchFlags.ambiguousCrm | matchFlags.ambiguousLicenses)) === 0 ? owner[i]! : -1;
}

/**
 * A Unique User ID that differs from the CRM user's own points to somebody else only where both sides number people alike. They do
 * when at least nine in ten of the people whose email agrees have the same id on both sides; below that the ids are just two systems.
 */
function settleForeignIds({ accounts, matches }: Comparison): void {
  const { flags, rule } = matches;
  let alike = 0;
  let differing = 0;
  for (let i = 0; i < accounts.count; i++) {
    if ((flags[i]! & matchFlags.idDiffers) !== 0) differing++;
    else if (rule[i] === codes.stableId && (flags[i]! & matchFlags.joins) !== 0) alike++;
  }
  if (differing === 0 || alike < 5 || alike < 9 * differing) return;
  for (let i = 0; i < accounts.count; i++) {
    if ((flags[i]! & (matchFlags.idDiffers | matchFlags.ambiguousCrm)) === matchFlags.idDiffers) flags[i]! |= matchFlags.conflict;
  }
}

/** Every rule in order for one license holder, what each found, and whether it decided. */
export function traceRules(comparison: Comparison, i: number): RuleTrace[] {
  const { accounts, users, matches } = comparison;
  const email = canonicalEmailAt(accounts, i);
  const decided = shownOwner(matches, i) >= 0 ? rules[matches.rule[i]! - 1] : null;
  const owner = matches.owner[i]! >= 0 ? matches.owner[i]! : matches.rival[i]!;
  const trace: RuleTrace[] = [];
  const userIdAt = (row: number): string => textAt(users, row, fieldIndex(users, 'id')) || textAt(users, row, fieldIndex(users, 'email'));
  const note = (rule: Rule, found: Found, applies: boolean, unless: string): void => {
    const rows = (found.rows ?? []).sort((a, b) => compareUsers(comparison, a, b));
    const outcome = !applies
      ? 'not-applicable'
      : rows.length === 0
        ? 'no-match'
        : rule === decided
          ? 'decided'
          : rows.includes(owner)
            ? 'agrees'
            : 'contradicts';
    const detail = !applies
      ? unless
      : rows.length === 0
        ? 'Nobody in the CRM was found this way.'
        : found.activeCount > 1
          ? `${found.activeCount} active CRM users were found this way.`
          : found.activeCount === 1
            ? 'One active CRM user was found this way.'
            : rows.length > 1
              ? `Only inactive CRM users were found this way: ${rows.length}.`
              : 'Only an inactive CRM user was found this way.';
    trace.push({ rule, outcome, detail, crmUserIds: rows.map(userIdAt) });
  };
  const everybody = (): Found => ({ ...nobody(), rows: [] });
  const single = (row: number | undefined): Found => {
    const found = everybody();
    if (row !== undefined) take(found, comparison, row);
    return found;
  };
  note('link', single(comparison.linked.get(i)), comparison.linked.has(i), 'No person has linked this license holder.');
  const uniqueField = fieldIndex(accounts, 'uniqueUserId');
  note(
    'stable-id',
    byStableId(comparison, i, everybody()),
    uniqueField >= 0 && textAt(accounts, i, uniqueField).trim() !== '' && comparison.userIndex.stableId !== null,
    uniqueField < 0 || textAt(accounts, i, uniqueField).trim() === ''
      ? 'The license holder has no Unique User ID.'
      : 'The CRM list has no employee or federation ids.',
  );
  const exact = everybody();
  const loose = everybody();
  if (email !== '') {
    eachUserOnEmail(users, comparison.userIndex, accounts, i, (row) =>
      take(wouldJoin(accounts, i, users, row) ? exact : loose, comparison, row),
    );
  }
  const noAddress = 'The license email is missing or not an address.';
  note('exact-email', exact, email !== '', noAddress);
  note('canonical-email', loose, email !== '', noAddress);
  note(
    'domain-alias',
    byDomainAlias(comparison, email, everybody()),
    email !== '' && comparison.groups.size > 0,
    email === '' ? noAddress : 'No domain aliases are declared.',
  );
  note('plus-tag', byPlusTag(comparison, email, everybody()), email !== '', noAddress);
  note(
    'secondary-email',
    bySecondaryEmail(comparison, email, everybody()),
    email !== '' && comparison.aliases.size > 0,
    email === '' ? noAddress : 'No second addresses are known.',
  );
  const hasHistory = comparison.known.size + comparison.formerEmails.size > 0;
  note(
    'history',
    byHistory(comparison, i, email, everybody()),
    hasHistory,
    'This is the first reconciliation, or nobody was known before.',
  );
  return trace;
}
