import type { AccountField, UserField } from '../../connectors/connector.ts';
import { equalLower, hash, hashLower } from './hash-bytes.ts';
import { addToIndex, addUnlessThere, createKeyIndex, eachInIndex, firstInIndex, type KeyIndex } from './key-index.ts';
import { emailKinds, fieldIndex, type People, range, sameKey, textAt, trimmedRange } from './people.ts';
import { holdings, readDisabled, readHolding, readSwitch, readUserLicense, readUserType, valueReader } from './read-values.ts';
import { ahead, createHashes, hashAhead, touchPlaces } from './touch-ahead.ts';

/** A row that the comparison itself cannot use. */
export interface UnusableRow {
  readonly row: number;
  readonly column: string;
  readonly reason: string;
}

/** CRM users that take part, and the ways to find one. Shared buffers throughout, so that a second thread can read it. */
export interface UserIndex {
  readonly email: KeyIndex;
  readonly id: KeyIndex;
  /** Entries are `row * stableIdFields.length + k`. */
  readonly stableId: KeyIndex | null;
  /** Field indexes whose values LinkedIn's Unique User ID may hold. */
  readonly stableIdFields: readonly number[];
  /** 1 active person, 0 inactive person, 2 left out (not a person, or an unusable row). */
  readonly state: Uint8Array;
  /** Rows whose local part has a +tag. */
  readonly tagged: readonly number[];
  readonly leftOut: number;
  /** Users that are no people and that a connection counted and did not hand over: they have no rows. */
  readonly leftOutBefore: number;
  readonly unusable: readonly UnusableRow[];
  /** Users whose `active` or `disabled` is a word that nobody can tell; they count as active. */
  readonly unclear: { readonly count: number; readonly field: 'active' | 'disabled'; readonly example: string } | null;
}
export const userStates = { inactive: 0, active: 1, leftOut: 2 } as const;

/** License holders and the ways to find one. */
export interface AccountIndex {
  readonly email: KeyIndex;
  readonly id: KeyIndex;
  readonly uniqueId: KeyIndex | null;
  /** Which field is the person's id: see `idSources`. */
  readonly idSource: Uint8Array;
  /** 1 holds a license, 0 listed without one, 2 unusable row. */
  readonly state: Uint8Array;
  readonly adminOnly: number;
  readonly unassigned: number;
  readonly unusable: readonly UnusableRow[];
}
const idSources = { seatId: 0, uniqueUserId: 1, email: 2, unusable: 3 } as const;
export const accountStates = { without: 0, holder: 1, unusable: 2 } as const;

/**
 * Indexes the CRM side.
 * @param idIsStable whether LinkedIn's Unique User ID may be the CRM's own user id (HubSpot; design §2)
 */
export function indexUsers(users: People<UserField>, idIsStable: boolean): UserIndex {
  const n = users.count;
  const email = createKeyIndex(n);
  const id = createKeyIndex(n);
  const state = new Uint8Array(new SharedArrayBuffer(Math.max(8, n)));
  const idField = fieldIndex(users, 'id');
  const emailField = fieldIndex(users, 'email');
  const active = valueReader(users, 'active', readSwitch, 1);
  const enabled = valueReader(users, 'disabled', readDisabled, 1);
  const userType = valueReader(users, 'userType', readUserType, 1);
  const userLicense = valueReader(users, 'userLicense', readUserLicense, 1);
  const unusable: UnusableRow[] = [];
  const tagged: number[] = [];
  let unclear = 0;
  let firstUnclear = { field: 'active' as 'active' | 'disabled', example: '' };
  const lowOf = (row: number): number => users.keys[4 * row + 2]!;
  const idLowOf = (row: number): number => {
    trimmedRange(users, row, idField);
    hashLower(users.bytes, range.from, range.to);
    return hash.low;
  };
  // The id at hand, outside the loop: a function made for each of a million rows costs more than the comparison.
  let idFrom = 0;
  let idTo = 0;
  const isSameId = (other: number): boolean => {
    trimmedRange(users, other, idField);
    return equalLower(users.bytes, idFrom, idTo, users.bytes, range.from, range.to);
  };
  let leftOut = 0;
  const idHashes = createHashes();
  for (let row = 0; row < n; row++) {
    if (row % ahead === 0) {
      const end = Math.min(n, row + ahead);
      touchPlaces(email, users.keys, row, end);
      if (idField >= 0) hashAhead(users, idField, row, end, id, idHashes);
    }
    if (idField >= 0) {
      if (!trimmedRange(users, row, idField)) {
        state[row] = userStates.leftOut;
        unusable.push({ row, column: 'id', reason: 'The id is empty, so this CRM user cannot be told from others.' });
        continue;
      }
      idFrom = range.from;
      idTo = range.to;
      const at = 2 * (row % ahead);
      if (addUnlessThere(id, row, idHashes[at]!, idHashes[at + 1]!, idLowOf, isSameId) >= 0) {
        state[row] = userStates.leftOut;
        unusable.push({ row, column: 'id', reason: 'This id stands on an earlier line too; the first one counts.' });
        continue;
      }
    }
    if (userType(row) === 0 || userLicense(row) === 0) {
      state[row] = userStates.leftOut;
      leftOut++;
      continue;
    }
    const isActive = active(row);
    const isEnabled = enabled(row);
    state[row] = isActive === 0 || isEnabled === 0 ? userStates.inactive : userStates.active;
    if (isActive < 0 || isEnabled < 0) {
      const field = isActive < 0 ? 'active' : 'disabled';
      if (state[row] === userStates.active && trimmedRange(users, row, fieldIndex(users, field))) {
        if (unclear === 0) firstUnclear = { field, example: textAt(users, row, fieldIndex(users, field)) };
        unclear++;
      }
    }
    const kind = users.emailKind[row]!;
    if (kind < emailKinds.address) continue;
    addToIndex(email, row, users.keys[4 * row + 2]!, users.keys[4 * row + 3]!, lowOf);
    if (emailField >= 0 && hasPlus(users, row, emailField)) tagged.push(row);
  }
  const stableIdFields = (['employeeNumber', 'federationId', 'entraObjectId'] as const)
    .map((f) => fieldIndex(users, f))
    .filter((f) => f >= 0);
  if (idIsStable && idField >= 0) stableIdFields.push(idField);
  return {
    email,
    id,
    stableId: stableIdFields.length > 0 ? indexStableIds(users, state, stableIdFields) : null,
    stableIdFields,
    state,
    tagged,
    leftOut,
    leftOutBefore: 0,
    unusable,
    unclear: unclear === 0 ? null : { count: unclear, ...firstUnclear },
  };
}

function indexStableIds(users: People<UserField>, state: Uint8Array, fields: readonly number[]): KeyIndex {
  const width = fields.length;
  const index = createKeyIndex(users.count * width);
  const lowOf = (entry: number): number => {
    trimmedRange(users, Math.floor(entry / width), fields[entry % width]!);
    hashLower(users.bytes, range.from, range.to);
    return hash.low;
  };
  const hashes = fields.map(createHashes);
  for (let from = 0; from < users.count; from += ahead) {
    const to = Math.min(users.count, from + ahead);
    fields.forEach((field, k) => {
      hashAhead(users, field, from, to, index, hashes[k]!);
    });
    for (let row = from; row < to; row++) {
      if (state[row] === userStates.leftOut) continue;
      for (let k = 0; k < width; k++) {
        const [low, high] = [hashes[k]![2 * (row - from)]!, hashes[k]![2 * (row - from) + 1]!];
        // No value, or one of 2^64 that hashes like none and is found by no id.
        if (low !== 0 || high !== 0) addToIndex(index, row * width + k, low, high, lowOf);
      }
    }
  }
  return index;
}

function hasPlus<Field extends string>(people: People<Field>, row: number, field: number): boolean {
  const at = row * people.fields.length + field;
  const from = people.starts[at]!;
  const to = from + people.lengths[at]!;
  for (let p = from; p < to; p++) {
    const c = people.bytes[p]!;
    if (c === 43) return true;
    if (c === 64) return false;
  }
  return false;
}

/** Calls `visit` for each CRM user one of whose stable ids is these bytes (ASCII case aside). A user may come twice. */
export function usersByStableId(
  users: People<UserField>,
  index: UserIndex,
  bytes: Uint8Array,
  from: number,
  to: number,
  visit: (row: number) => void,
): void {
  if (index.stableId === null || to <= from) return;
  const width = index.stableIdFields.length;
  const isKey = (entry: number): boolean => {
    trimmedRange(users, Math.floor(entry / width), index.stableIdFields[entry % width]!);
    return equalLower(bytes, from, to, users.bytes, range.from, range.to);
  };
  hashLower(bytes, from, to);
  eachInIndex(index.stableId, hash.low, hash.high, isKey, (entry) => visit(Math.floor(entry / width)));
}

const encoder = new TextEncoder();

/** Visits the CRM users whose canonical email is the license holder's. */
export function eachUserOnEmail(
  users: People<UserField>,
  index: UserIndex,
  accounts: People<AccountField>,
  i: number,
  visit: (row: number) => void,
): void {
  if (accounts.emailKind[i]! < emailKinds.address) return;
  eachInIndex(index.email, accounts.keys[4 * i + 2]!, accounts.keys[4 * i + 3]!, (row) => sameKey(accounts, i, users, row), visit);
}

/** The row whose id field is this text, or -1. */
function rowById<Field extends string>(people: People<Field>, index: KeyIndex, fieldOf: (row: number) => number, id: string): number {
  const bytes = encoder.encode(id.trim());
  hashLower(bytes, 0, bytes.length);
  return firstInIndex(index, hash.low, hash.high, (row) => {
    trimmedRange(people, row, fieldOf(row));
    return equalLower(bytes, 0, bytes.length, people.bytes, range.from, range.to);
  });
}

/** Indexes the license side, and settles each person's id: seat id, else Unique User ID, else the email. */
export function indexAccounts(accounts: People<AccountField>): AccountIndex {
  const n = accounts.count;
  const email = createKeyIndex(n);
  const id = createKeyIndex(n);
  const uniqueField = fieldIndex(accounts, 'uniqueUserId');
  const uniqueId = uniqueField >= 0 ? createKeyIndex(n) : null;
  const state = new Uint8Array(new SharedArrayBuffer(Math.max(8, n)));
  const idSource = new Uint8Array(new SharedArrayBuffer(Math.max(8, n)));
  const sources = [fieldIndex(accounts, 'seatId'), uniqueField, fieldIndex(accounts, 'email')] as const;
  const unusable: UnusableRow[] = [];
  const licenseStatus = valueReader(accounts, 'licenseStatus', readHolding, holdings.unsaid);
  const salesLicense = valueReader(accounts, 'salesLicense', readSwitch, -1);
  const teamLink = valueReader(accounts, 'teamLinkLicense', readSwitch, -1);
  const adminPermission = valueReader(accounts, 'adminPermission', (text) => (text === '' ? 0 : 1), 0);
  const licenseType = valueReader(accounts, 'licenseType', (text) => (text === '' ? 0 : 1), -1);
  const lowOf = (row: number): number => accounts.keys[4 * row + 2]!;
  const uniqueLowOf = (row: number): number => {
    trimmedRange(accounts, row, uniqueField);
    hashLower(accounts.bytes, range.from, range.to);
    return hash.low;
  };
  const idLowOf = (row: number): number => {
    trimmedRange(accounts, row, sources[idSource[row]!]!);
    hashLower(accounts.bytes, range.from, range.to);
    return hash.low;
  };
  let idFrom = 0;
  let idTo = 0;
  const isSameId = (other: number): boolean => {
    trimmedRange(accounts, other, sources[idSource[other]!]!);
    return equalLower(accounts.bytes, idFrom, idTo, accounts.bytes, range.from, range.to);
  };
  let adminOnly = 0;
  let unassigned = 0;
  const seatHashes = createHashes();
  const uniqueHashes = createHashes();

  // Unique User IDs that several people carry, in lower case: they name none of them, whoever stands first in the file.
  const carriedTwice = new Set<string>();

  /** Takes the first field from `first` to `last` that is filled and nobody else's; -1 when none is, -2 for a row that came before. */
  function claimId(row: number, first: number, last: number): number {
    for (let source = first; source <= last; source++) {
      const field = sources[source]!;
      if (field < 0 || !trimmedRange(accounts, row, field)) continue;
      if (source === idSources.uniqueUserId && last > source && carriedTwice.size > 0) {
        if (carriedTwice.has(textAt(accounts, row, field).trim().toLowerCase())) continue;
        trimmedRange(accounts, row, field);
      }
      idFrom = range.from;
      idTo = range.to;
      idSource[row] = source;
      // Only the row at hand is ever claimed by its seat id.
      if (source === idSources.seatId) {
        hash.low = seatHashes[2 * (row % ahead)]!;
        hash.high = seatHashes[2 * (row % ahead) + 1]!;
      } else hashLower(accounts.bytes, idFrom, idTo);
      const same = addUnlessThere(id, row, hash.low, hash.high, idLowOf, isSameId);
      if (same < 0) return source;
      // A seat id or an email that comes twice is the same row twice; a Unique User ID that two people carry names neither of them.
      if (source !== idSources.uniqueUserId || last === source) return -2;
      if (idSource[same] === idSources.uniqueUserId) {
        carriedTwice.add(textAt(accounts, row, field).trim().toLowerCase());
        claimId(same, idSources.email, idSources.email);
      }
    }
    return -1;
  }

  for (let row = 0; row < n; row++) {
    if (row % ahead === 0) {
      const end = Math.min(n, row + ahead);
      touchPlaces(email, accounts.keys, row, end);
      if (sources[0] >= 0) hashAhead(accounts, sources[0], row, end, id, seatHashes);
      if (uniqueId !== null) hashAhead(accounts, uniqueField, row, end, uniqueId, uniqueHashes);
    }
    let claimed = claimId(row, idSources.seatId, idSources.email);
    // Without an email, a Unique User ID that nobody else goes by any more is better than none.
    if (claimed === -1) claimed = claimId(row, idSources.uniqueUserId, idSources.uniqueUserId);
    if (claimed < 0) {
      idSource[row] = idSources.unusable;
      state[row] = accountStates.unusable;
      const nothing = claimed === -1;
      unusable.push({
        row,
        column: nothing ? 'email' : sources[0] >= 0 && trimmedRange(accounts, row, sources[0]) ? 'seatId' : 'email',
        reason: nothing
          ? 'Seat id, Unique User ID and email are empty or somebody else’s, so nobody can be found by this row.'
          : 'This license holder stands on an earlier line too; the first one counts.',
      });
      continue;
    }
    const said = licenseStatus(row);
    const sales = salesLicense(row);
    const held =
      sales === 0 && teamLink(row) !== 1
        ? false
        : said !== holdings.unsaid
          ? said === holdings.held
          : sales === 1 || teamLink(row) === 1 || licenseType(row) !== 0;
    if (!held) {
      state[row] = accountStates.without;
      if (adminPermission(row) === 1) adminOnly++;
      else unassigned++;
      continue;
    }
    state[row] = accountStates.holder;
    if (accounts.emailKind[row]! >= emailKinds.address)
      addToIndex(email, row, accounts.keys[4 * row + 2]!, accounts.keys[4 * row + 3]!, lowOf);
    if (uniqueId !== null) {
      const [low, high] = [uniqueHashes[2 * (row % ahead)]!, uniqueHashes[2 * (row % ahead) + 1]!];
      if (low !== 0 || high !== 0) addToIndex(uniqueId, row, low, high, uniqueLowOf);
    }
  }
  return { email, id, uniqueId, idSource, state, adminOnly, unassigned, unusable };
}

const idFieldNames = ['seatId', 'uniqueUserId', 'email'] as const;

/** The license holder's id: seat id, else Unique User ID, else the email; '' for an unusable row. */
export function licenseIdAt(accounts: People<AccountField>, index: AccountIndex, row: number): string {
  const name = idFieldNames[index.idSource[row]!];
  return name === undefined ? '' : textAt(accounts, row, fieldIndex(accounts, name)).trim();
}

/** The CRM user's id; where the list has none, the email. */
export function userIdAt(users: People<UserField>, row: number): string {
  return textAt(users, row, fieldIndex(users, 'id')).trim() || textAt(users, row, fieldIndex(users, 'email')).trim();
}

/** The row of a license holder's id, or -1. */
export function accountById(accounts: People<AccountField>, index: AccountIndex, id: string): number {
  const fields = idFieldNames.map((name) => fieldIndex(accounts, name));
  return rowById(accounts, index.id, (row) => fields[index.idSource[row]!]!, id);
}

/** The row of a CRM user's id, or -1. */
export function userById(users: People<UserField>, index: UserIndex, id: string): number {
  const field = fieldIndex(users, 'id');
  if (field < 0) return -1;
  return rowById(users, index.id, () => field, id);
}
