import type { AccountField, UserField } from '../../connectors/connector.ts';
import { hash, hashLower } from './hash-bytes.ts';
import type { KeyIndex } from './key-index.ts';
import { type People, range, trimmedRange } from './people.ts';

interface Sides {
  readonly users: People<UserField>;
  readonly accounts: People<AccountField>;
  readonly userIndex: {
    readonly email: KeyIndex;
    readonly stableId: KeyIndex | null;
    readonly stableIdFields: readonly number[];
    readonly state: Uint8Array;
  };
  readonly accountIndex: { readonly uniqueId: KeyIndex | null };
}

/*
 * Rows of one side are met in the order of the other, so that almost every read waits for memory. Reading beforehand what some rows
 * will need, all of one kind after the other, lets these waits overlap. Nothing is changed by it.
 */

/** How many rows are touched at a time: few enough to stay in the cache until they are worked on. */
export const ahead = 256;

/** Where the sums of what was read end, so that no compiler leaves the reads out. They mean nothing. */
const kept = new Float64Array(1);

/** Touches what finding the CRM users on the emails of the license holders `from … to` will read. */
export function touchLookUps({ users, accounts, userIndex }: Sides, from: number, to: number): void {
  const { slots } = userIndex.email;
  const mask = slots.length / 2 - 1;
  let sum = 0;
  for (let i = from; i < to; i++) sum += slots[2 * (accounts.keys[4 * i + 2]! & mask)]!;
  for (let i = from; i < to; i++) {
    const row = (slots[2 * (accounts.keys[4 * i + 2]! & mask)]! & 0x7fffffff) - 1;
    if (row >= 0) sum += users.keys[4 * row]! + userIndex.state[row]! + users.emailKind[row]!;
  }
  for (let i = from; i < to; i++) {
    const row = (slots[2 * (accounts.keys[4 * i + 2]! & mask)]! & 0x7fffffff) - 1;
    if (row >= 0) sum += users.bytes[users.keys[4 * row]! & 0x7fffffff] ?? 0;
  }
  kept[0] = sum;
}

/** Touches what finding CRM users, and other license holders, by the Unique User IDs of the license holders `from … to` will read. */
export function touchStableIds(
  { users, accounts, userIndex, accountIndex }: Sides,
  field: number,
  from: number,
  to: number,
  hashes: Uint32Array,
): void {
  hashAhead(accounts, field, from, to, accountIndex.uniqueId, hashes);
  if (userIndex.stableId === null) return;
  const { slots } = userIndex.stableId;
  const mask = slots.length / 2 - 1;
  const { stableIdFields } = userIndex;
  const width = stableIdFields.length;
  let sum = 0;
  for (let k = 0; k < 2 * (to - from); k += 2) if (hashes[k] !== 0) sum += slots[2 * (hashes[k]! & mask)]!;
  for (let k = 0; k < 2 * (to - from); k += 2) {
    const place = 2 * (hashes[k]! & mask);
    if (hashes[k] === 0 || slots[place + 1] !== hashes[k + 1]) continue;
    const entry = (slots[place]! & 0x7fffffff) - 1;
    const row = Math.floor(entry / width);
    sum += users.bytes[users.starts[row * users.fields.length + stableIdFields[entry % width]!]!]! + userIndex.state[row]!;
  }
  kept[0] = sum;
}

/** Touches the owners of the license holders `from … to`. */
export function touchOwners(
  { users, userIndex, matches }: Pick<Sides, 'users' | 'userIndex'> & { readonly matches: { readonly owner: Int32Array } },
  from: number,
  to: number,
): void {
  const width = users.fields.length;
  let sum = 0;
  for (let i = from; i < to; i++) {
    const owner = matches.owner[i]!;
    if (owner >= 0) sum += users.starts[owner * width]! + users.lengths[owner * width]! + userIndex.state[owner]! + users.emailKind[owner]!;
  }
  for (let i = from; i < to; i++) {
    const owner = matches.owner[i]!;
    if (owner < 0) continue;
    const first = users.starts[owner * width]!;
    sum += users.bytes[first]! + (users.bytes[first + 64] ?? 0);
  }
  kept[0] = sum;
}

/** Touches the places of `index` where the emails of the rows `from … to` will go. */
export function touchPlaces(index: KeyIndex, keys: Uint32Array, from: number, to: number): void {
  const { slots } = index;
  const mask = slots.length / 2 - 1;
  let sum = 0;
  for (let row = from; row < to; row++) sum += slots[2 * (keys[4 * row + 2]! & mask)]!;
  kept[0] = sum;
}

/** Hashes of one field of up to `ahead` rows: low and high; both 0 where the field is empty. */
export const createHashes = (): Uint32Array => new Uint32Array(2 * ahead);

/** Hashes a field of the rows `from … to`, outer space and ASCII case aside, and touches the places of `index` where the hashes lead. */
export function hashAhead<Field extends string>(
  people: People<Field>,
  field: number,
  from: number,
  to: number,
  index: KeyIndex | null,
  hashes: Uint32Array,
): void {
  const slots = index?.slots;
  const mask = slots === undefined ? 0 : slots.length / 2 - 1;
  let sum = 0;
  for (let row = from; row < to; row++) {
    const k = 2 * (row - from);
    if (trimmedRange(people, row, field)) {
      hashLower(people.bytes, range.from, range.to);
      hashes[k] = hash.low;
      hashes[k + 1] = hash.high;
      if (slots !== undefined) sum += slots[2 * (hash.low & mask)]!;
    } else {
      hashes[k] = 0;
      hashes[k + 1] = 0;
    }
  }
  kept[0] = sum;
}
