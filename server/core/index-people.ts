import type { AccountField, UserField } from '../../connectors/connector.ts';
import { equalLower, hash, hashLower } from './hash-bytes.ts';
import { kernelsFor, looseRoom, type Room } from './kernels/room.ts';
import { together } from './kernels/together.ts';
import { addToIndex, addUnlessThere, createKeyIndex, eachInIndex, firstInIndex, type KeyIndex } from './key-index.ts';
import { emailKinds, fieldIndex, type People, range, sameKey, textAt, trimmedRange } from './people.ts';
import { holdings, readDisabled, readHolding, readSwitch, readUserLicense, readUserType, valueReader } from './read-values.ts';

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

/** Takes the rows below `n`: as many as it can with `swift`, which stops at a row that it leaves to `slow`. */
function eachRow(n: number, swift: ((row: number) => number) | null, slow: (row: number) => void): void {
  for (let row = 0; row < n; row++) {
    if (swift !== null) row = swift(row);
    if (row < n) slow(row);
  }
}

/** The kernels for the indexes of one side (kernels/kernels.ts), bound to its columns; null where they cannot work on them. */
function swiftIndexer<Field extends string>(people: People<Field>, state: Uint8Array, room: Room) {
  const [hashes, left] = [room.u32(2 * together), room.u32(4)];
  const kernels = people.inRoom ? kernelsFor(room, state, hashes, left) : null;
  if (kernels === null) return null;
  const { count, bytes, starts, lengths, emailKind, keys, fields } = people;
  const placeOf = (field: number) =>
    [fields.length, bytes.byteOffset, starts.byteOffset + field * 4, lengths.byteOffset + field * 2] as const;
  const slotsOf = ({ slots }: KeyIndex) => [slots.byteOffset, slots.length / 2 - 1] as const;
  /** A bit for each state. */
  const bitsOf = (states: readonly number[]): number => states.reduce((bits, one) => bits | (1 << one), 0);
  return {
    /** Adds one field of the rows in these states, and stops at rows where it is empty if so asked. */
    field(index: KeyIndex, field: number, states: readonly number[], stopsAtEmpty: boolean) {
      if (kernelsFor(room, index.slots) === null) return null;
      const of = [hashes.byteOffset, state.byteOffset, bitsOf(states), stopsAtEmpty ? 1 : 0, ...slotsOf(index)] as const;
      // The hashes at hand are another field's.
      left[1] = 0;
      return (row: number): number => kernels.addField(left.byteOffset, row, count, ...placeOf(field), ...of);
    },
    emails(index: KeyIndex, states: readonly number[]) {
      if (kernelsFor(room, index.slots) === null) return null;
      const of = [keys.byteOffset, emailKind.byteOffset, state.byteOffset, bitsOf(states), ...slotsOf(index)] as const;
      return (row: number): number => kernels.addKeys(left.byteOffset, row, count, ...of);
    },
    tagged(field: number) {
      return (row: number): number => kernels.nextTagged(row, count, ...placeOf(field));
    },
  };
}

/**
 * Indexes the CRM side.
 * @param idIsStable whether LinkedIn's Unique User ID may be the CRM's own user id (HubSpot; design §2)
 * @param room where the users were collected
 */
export function indexUsers(users: People<UserField>, idIsStable: boolean, room: Room = looseRoom): UserIndex {
  const n = users.count;
  const email = createKeyIndex(n, room);
  const id = createKeyIndex(n, room);
  const state = room.u8(n);
  const swift = swiftIndexer(users, state, room);
  const unusable: UnusableRow[] = [];
  const idField = fieldIndex(users, 'id');
  if (idField >= 0) {
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
    const addId = (row: number): void => {
      if (!trimmedRange(users, row, idField)) {
        state[row] = userStates.leftOut;
        unusable.push({ row, column: 'id', reason: 'The id is empty, so this CRM user cannot be told from others.' });
        return;
      }
      idFrom = range.from;
      idTo = range.to;
      hashLower(users.bytes, idFrom, idTo);
      if (addUnlessThere(id, row, hash.low, hash.high, idLowOf, isSameId) < 0) return;
      state[row] = userStates.leftOut;
      unusable.push({ row, column: 'id', reason: 'This id stands on an earlier line too; the first one counts.' });
    };
    eachRow(n, swift?.field(id, idField, [userStates.inactive], true) ?? null, addId);
  }

  const active = valueReader(users, 'active', readSwitch, 1);
  const enabled = valueReader(users, 'disabled', readDisabled, 1);
  const userType = valueReader(users, 'userType', readUserType, 1);
  const userLicense = valueReader(users, 'userLicense', readUserLicense, 1);
  let unclear = 0;
  let firstUnclear = { field: 'active' as 'active' | 'disabled', example: '' };
  let leftOut = 0;
  for (let row = 0; row < n; row++) {
    if (state[row] === userStates.leftOut) continue;
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
  }

  const people = [userStates.inactive, userStates.active];
  const hasAddress = (row: number): boolean => state[row] !== userStates.leftOut && users.emailKind[row]! >= emailKinds.address;
  const lowOf = (row: number): number => users.keys[4 * row + 2]!;
  eachRow(n, swift?.emails(email, people) ?? null, (row) => {
    if (hasAddress(row)) addToIndex(email, row, users.keys[4 * row + 2]!, users.keys[4 * row + 3]!, lowOf);
  });
  const emailField = fieldIndex(users, 'email');
  const tagged: number[] = [];
  if (emailField >= 0)
    eachRow(n, swift?.tagged(emailField) ?? null, (row) => {
      if (hasAddress(row) && hasPlus(users, row, emailField)) tagged.push(row);
    });

  const stableIdFields = (['employeeNumber', 'federationId', 'entraObjectId'] as const)
    .map((f) => fieldIndex(users, f))
    .filter((f) => f >= 0);
  if (idIsStable && idField >= 0) stableIdFields.push(idField);
  let stableId: KeyIndex | null = null;
  if (stableIdFields.length > 0) {
    const width = stableIdFields.length;
    const index = createKeyIndex(n * width, room);
    const lowOfEntry = (entry: number): number => {
      trimmedRange(users, Math.floor(entry / width), stableIdFields[entry % width]!);
      hashLower(users.bytes, range.from, range.to);
      return hash.low;
    };
    eachRow(n, (width === 1 && swift?.field(index, stableIdFields[0]!, people, false)) || null, (row) => {
      if (state[row] === userStates.leftOut) return;
      for (let k = 0; k < width; k++) {
        if (!trimmedRange(users, row, stableIdFields[k]!)) continue;
        hashLower(users.bytes, range.from, range.to);
        addToIndex(index, row * width + k, hash.low, hash.high, lowOfEntry);
      }
    });
    stableId = index;
  }
  return {
    email,
    id,
    stableId,
    stableIdFields,
    state,
    tagged,
    leftOut,
    leftOutBefore: 0,
    unusable,
    unclear: unclear === 0 ? null : { count: unclear, ...firstUnclear },
  };
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

/**
 * Indexes the license side, and settles each person's id: seat id, else Unique User ID, else the email.
 * @param room where the accounts were collected
 */
export function indexAccounts(accounts: People<AccountField>, room: Room = looseRoom): AccountIndex {
  const n = accounts.count;
  const email = createKeyIndex(n, room);
  const id = createKeyIndex(n, room);
  const uniqueField = fieldIndex(accounts, 'uniqueUserId');
  const uniqueId = uniqueField >= 0 ? createKeyIndex(n, room) : null;
  const state = room.u8(n);
  const idSource = room.u8(n);
  const swift = swiftIndexer(accounts, state, room);
  const sources = [fieldIndex(accounts, 'seatId'), uniqueField, fieldIndex(accounts, 'email')] as const;
  const unusable: UnusableRow[] = [];
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
      hashLower(accounts.bytes, idFrom, idTo);
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

  const claimOne = (row: number): void => {
    let claimed = claimId(row, idSources.seatId, idSources.email);
    // Without an email, a Unique User ID that nobody else goes by any more is better than none.
    if (claimed === -1) claimed = claimId(row, idSources.uniqueUserId, idSources.uniqueUserId);
    if (claimed >= 0) return;
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
  };
  eachRow(n, (sources[0] >= 0 && swift?.field(id, sources[0], [accountStates.without], true)) || null, claimOne);

  const licenseStatus = valueReader(accounts, 'licenseStatus', readHolding, holdings.unsaid);
  const salesLicense = valueReader(accounts, 'salesLicense', readSwitch, -1);
  const teamLink = valueReader(accounts, 'teamLinkLicense', readSwitch, -1);
  const adminPermission = valueReader(accounts, 'adminPermission', (text) => (text === '' ? 0 : 1), 0);
  const licenseType = valueReader(accounts, 'licenseType', (text) => (text === '' ? 0 : 1), -1);
  let adminOnly = 0;
  let unassigned = 0;
  for (let row = 0; row < n; row++) {
    if (state[row] === accountStates.unusable) continue;
    const said = licenseStatus(row);
    const sales = salesLicense(row);
    const held =
      sales === 0 && teamLink(row) !== 1
        ? false
        : said !== holdings.unsaid
          ? said === holdings.held
          : sales === 1 || teamLink(row) === 1 || licenseType(row) !== 0;
    state[row] = held ? accountStates.holder : accountStates.without;
    if (held) continue;
    if (adminPermission(row) === 1) adminOnly++;
    else unassigned++;
  }

  const lowOf = (row: number): number => accounts.keys[4 * row + 2]!;
  eachRow(n, swift?.emails(email, [accountStates.holder]) ?? null, (row) => {
    if (state[row] === accountStates.holder && accounts.emailKind[row]! >= emailKinds.address)
      addToIndex(email, row, accounts.keys[4 * row + 2]!, accounts.keys[4 * row + 3]!, lowOf);
  });
  if (uniqueId !== null) {
    const uniqueLowOf = (row: number): number => {
      trimmedRange(accounts, row, uniqueField);
      hashLower(accounts.bytes, range.from, range.to);
      return hash.low;
    };
    eachRow(n, swift?.field(uniqueId, uniqueField, [accountStates.holder], false) ?? null, (row) => {
      if (state[row] !== accountStates.holder || !trimmedRange(accounts, row, uniqueField)) return;
      hashLower(accounts.bytes, range.from, range.to);
      addToIndex(uniqueId, row, hash.low, hash.high, uniqueLowOf);
    });
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
