import type { RecordSink, RowBatch } from '../../connectors/connector.ts';
import { classOfByte, parseEmail, plainAt } from './email.ts';
import { equalLower, hash, hashLower, hashLowerWith } from './hash-bytes.ts';
import { kernelsFor, looseRoom, type Room } from './kernels/room.ts';

/** What stands in a person's email field. `plain` is an address whose canonical form is the ASCII lower case of its own bytes. */
export const emailKinds = { missing: 0, invalid: 1, address: 2, plain: 3 } as const;

/**
 * One side of a comparison as columns on shared buffers, so that two threads read the same million people without copying.
 * Person i, field f: `bytes[starts[i * fields.length + f] … + lengths[…])`.
 * The canonical email of person i is `lower(source[keyStart … + keyLength))`, where the source is `extra` when bit 31 of keyStart
 * is set and `bytes` otherwise; its hash is hashLow and hashHigh, its domain is `domains[domain[i]]`.
 */
export interface People<Field extends string> {
  readonly fields: readonly Field[];
  readonly count: number;
  readonly bytes: Uint8Array;
  readonly extra: Uint8Array;
  readonly starts: Uint32Array;
  readonly lengths: Uint16Array;
  readonly emailKind: Uint8Array;
  /** Four numbers a person, side by side because a look-up needs them together: keyStart, keyLength, hashLow, hashHigh. */
  readonly keys: Uint32Array;
  /** Index into `domains`; 0 is "no domain". */
  readonly domain: Uint32Array;
  readonly domains: readonly string[];
  /** LinkedIn's own comparison key, only for the people for whom it is not the canonical email. */
  readonly joinKeys: ReadonlyMap<number, string>;
  /** By field: the number of each row's value, and a row for each number that has it; null where that was not looked at. */
  readonly values: readonly (FewValues | null)[];
  /** Whether the kernels can work on these columns, `extra` aside. */
  readonly inRoom: boolean;
}

export interface FewValues {
  readonly codes: Uint8Array;
  readonly examples: readonly number[];
}

/** Fields of which a list has few values, written alike; more than 255 are not numbered. */
const fewValued: ReadonlySet<string> = new Set([
  ...['active', 'disabled', 'userType', 'userLicense', 'confirmed'],
  ...['licenseStatus', 'salesLicense', 'teamLinkLicense', 'licenseType', 'adminPermission', 'crmSyncStatus', 'crmSync', 'managedBy'],
]);
const mostValues = 255;

const inExtra = 0x80000000;
/** Bytes of one field; what is longer is cut. */
const longestField = 65_535;
/** As Buffer does: a mark at the beginning of a field is part of it. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

function shared(bytes: number): SharedArrayBuffer {
  return new SharedArrayBuffer(Math.max(8, bytes));
}

const views = new WeakMap<Uint8Array, Buffer>();

/** TextDecoder refuses shared memory and wants a copy; Node's Buffer reads it in place, four times as fast. Browsers have no Buffer. */
function decode(bytes: Uint8Array, from: number, to: number): string {
  if (typeof Buffer === 'undefined') return decoder.decode(bytes.slice(from, to));
  let view = views.get(bytes);
  if (view === undefined) {
    view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    views.set(bytes, view);
  }
  return view.toString('utf8', from, to);
}

/** A receiver for one side's records, and the people once all have arrived. */
export interface PeopleBuilder<Field extends string> extends RecordSink<Field> {
  people(): People<Field>;
}

/**
 * Collects one side. Rows that arrive as ranges of one shared buffer are not copied; anything else goes into an arena of ours.
 * @param expectedRows a guess that saves growing; any number works
 * @param room where the columns go
 */
export function collectPeople<Field extends string>(expectedRows = 1024, room: Room = looseRoom): PeopleBuilder<Field> {
  let fields: readonly Field[] = [];
  let emailField = -1;
  let width = 0;
  let count = 0;
  let capacity = Math.max(16, expectedRows);
  let bytes: Uint8Array = new Uint8Array(shared(0));
  let ownsBytes = true;
  let used = 0;
  let extra = new Uint8Array(shared(4096));
  let extraUsed = 0;
  let starts: Uint32Array = new Uint32Array(0);
  let lengths: Uint16Array = new Uint16Array(0);
  let emailKind = room.u8(capacity);
  let keys = room.u32(capacity * 4);
  let domain = room.u32(capacity);
  let values: { readonly field: number; codes: Uint8Array; readonly examples: number[] }[] = [];
  const swift = swiftReader(room);
  const domains: string[] = [''];
  const domainTable = internTable();
  const joinKeys = new Map<number, string>();

  function grow(needed: number): void {
    if (needed <= capacity) return;
    capacity = Math.max(needed, Math.ceil(capacity * 1.5));
    starts = enlarge(starts, room.u32(capacity * width));
    lengths = enlarge(lengths, room.u16(capacity * width));
    emailKind = enlarge(emailKind, room.u8(capacity));
    keys = enlarge(keys, room.u32(capacity * 4));
    domain = enlarge(domain, room.u32(capacity));
    for (const value of values) value.codes = enlarge(value.codes, room.u8(capacity));
  }

  function arena(length: number): number {
    if (used + length > bytes.length) {
      const larger = new Uint8Array(shared(Math.max(used + length, bytes.length * 2, 65536)));
      larger.set(bytes.subarray(0, used));
      bytes = larger;
    }
    const at = used;
    used += length;
    return at;
  }

  /** Writes a field's text where the arena has room for it. @returns how many bytes it takes */
  function write(text: string, at: number): number {
    const length = Math.min(longestField, text.length);
    const into = bytes;
    // Most are short and ASCII, and an encoder takes longer to be called than they take to be written.
    for (let k = 0; k < length; k++) {
      const code = text.charCodeAt(k);
      if (code > 127) return encoder.encodeInto(text, into.subarray(at, at + Math.min(longestField, 3 * text.length))).written;
      into[at + k] = code;
    }
    return length;
  }

  function keepExtra(text: string): number {
    const encoded = encoder.encode(text);
    if (extraUsed + encoded.length > extra.length) {
      const larger = new Uint8Array(shared(Math.max(extraUsed + encoded.length, extra.length * 2)));
      larger.set(extra.subarray(0, extraUsed));
      extra = larger;
    }
    extra.set(encoded, extraUsed);
    extraUsed += encoded.length;
    return encoded.length;
  }

  function internDomain(source: Uint8Array, from: number, to: number): number {
    hashLower(source, from, to);
    return domainTable.find(hash.low, hash.high, (known) => {
      if (known >= 0) return sameText(domains[known]!, source, from, to) ? known : -1;
      domains.push(decode(source, from, to).toLowerCase());
      return domains.length - 1;
    });
  }

  /** Keeps a key whose hash is in `hash`. */
  function keep(row: number, start: number, length: number): void {
    keys[4 * row] = start;
    keys[4 * row + 1] = length;
    keys[4 * row + 2] = hash.low;
    keys[4 * row + 3] = hash.high;
  }

  /** Reads the email that stands at start … start + length: the one place where a person's key comes from. */
  function readEmail(row: number, start: number, length: number): void {
    const end = start + length;
    const at = plainAt(bytes, start, end);
    if (at >= 0) {
      emailKind[row] = emailKinds.plain;
      domain[row] = internDomain(bytes, at + 1, end);
      hashLower(bytes, start, end);
      keep(row, start, length);
      return;
    }
    const parsed = parseEmail(fieldText(bytes, start, length));
    if (parsed.kind !== 'address') {
      emailKind[row] = parsed.kind === 'missing' ? emailKinds.missing : emailKinds.invalid;
      return;
    }
    const from = extraUsed;
    const size = keepExtra(parsed.canonical);
    emailKind[row] = emailKinds.address;
    domain[row] = internDomain(extra, from + size - encoder.encode(parsed.domain).length, from + size);
    hashLower(extra, from, from + size);
    keep(row, (from | inExtra) >>> 0, size);
    if (parsed.joinKey !== parsed.canonical) joinKeys.set(row, parsed.joinKey);
  }

  const columns = () => [bytes, starts, lengths, emailKind, keys, domain, ...values.map(({ codes }) => codes)];

  /** What reads the rows from one on with the kernels; rows that they stop at are read here. */
  function swiftReader({ u8, u32 }: Room) {
    const state = u32(4);
    const classes = u8(256);
    classes.set(classOfByte);
    const domainMask = 2 ** 14 - 1;
    // Domains that the kernel knows: hash, number, address and length.
    const table = u32((domainMask + 1) * 4);
    let domainsKnown = 0;
    const known = u32(mostValues * 2);
    const kernels = kernelsFor(room, state, classes, table, known);
    if (kernels === null) return null;
    /** Where a field's columns begin, as kernels take them. */
    const place = (field: number) => [width, bytes.byteOffset, starts.byteOffset + field * 4, lengths.byteOffset + field * 2] as const;
    function knowDomain(number: number): void {
      if (domainsKnown * 2 > domainMask) return;
      let p = state[1]! & domainMask;
      while (table[4 * p + 1] !== 0) p = (p + 1) & domainMask;
      table.set([state[1]!, number, state[2]!, state[3]!], 4 * p);
      domainsKnown++;
    }
    return {
      emails(first: number): void {
        const into = [emailKind.byteOffset, keys.byteOffset, domain.byteOffset, classes.byteOffset, table.byteOffset, domainMask] as const;
        for (let row = first; row < count; row++) {
          row = kernels.readEmails(state.byteOffset, row, count, ...place(emailField), ...into);
          if (row === count) return;
          const at = row * width + emailField;
          const isNew = state[3] !== 0;
          readEmail(row, starts[at]!, lengths[at]!);
          if (isNew && emailKind[row] === emailKinds.plain) knowDomain(domain[row]!);
        }
      },
      values({ field, codes, examples }: (typeof values)[number], first: number): void {
        if (examples.length > mostValues) return;
        const addressOf = (row: number): number => bytes.byteOffset + starts[row * width + field]!;
        examples.forEach((row, k) => {
          known.set([addressOf(row), lengths[row * width + field]!], 2 * k);
        });
        for (let row = first; row < count; row++) {
          row = kernels.readValues(row, count, ...place(field), known.byteOffset, examples.length, codes.byteOffset);
          if (row === count) return;
          const number = examples.push(row) - 1;
          if (number === mostValues) return;
          codes[row] = number;
          known.set([addressOf(row), lengths[row * width + field]!], 2 * number);
        }
      },
    };
  }

  return {
    begin(present) {
      fields = [...present];
      width = fields.length;
      emailField = (fields as readonly string[]).indexOf('email');
      starts = room.u32(capacity * width);
      lengths = room.u16(capacity * width);
      if (swift !== null)
        values = fields.flatMap((name, field) => (fewValued.has(name) ? [{ field, codes: room.u8(capacity), examples: [] }] : []));
    },
    rows(batch: RowBatch) {
      if (batch.count === 0) return;
      if (count === 0 && batch.bytes.buffer instanceof SharedArrayBuffer) {
        bytes = batch.bytes;
        ownsBytes = false;
      }
      grow(count + batch.count);
      const ranges = batch.ranges;
      const copies = ownsBytes || batch.bytes !== bytes;
      if (copies && !ownsBytes) throw new Error('A source changed its buffer between two batches; it must keep one shared buffer or none.');
      const kernels = swift === null ? null : kernelsFor(room, ranges, ...columns());
      if (kernels !== null && swift !== null) {
        const first = count;
        count += batch.count;
        const at = first * width;
        kernels.spread(ranges.byteOffset, batch.count * width, starts.byteOffset + at * 4, lengths.byteOffset + at * 2);
        if (emailField >= 0) swift.emails(first);
        for (const value of values) swift.values(value, first);
        return;
      }
      values = [];
      for (let r = 0, p = 0; r < batch.count; r++) {
        const row = count++;
        const base = row * width;
        for (let f = 0; f < width; f++, p += 2) {
          let from = ranges[p]!;
          const length = ranges[p + 1]! - from;
          if (copies) {
            // One byte more in front: a quote there says that the field's doubled quotes are still doubled.
            const at = arena(length + 1);
            bytes[at] = from > 0 ? batch.bytes[from - 1]! : 0;
            bytes.set(batch.bytes.subarray(from, from + length), at + 1);
            from = at + 1;
          }
          starts[base + f] = from;
          lengths[base + f] = length;
        }
        if (emailField >= 0) readEmail(row, starts[base + emailField]!, lengths[base + emailField]!);
      }
    },
    records(page) {
      if (!ownsBytes) throw new Error('A source sent rows and records; it must keep to one of them.');
      grow(count + page.length);
      for (const record of page) {
        const row = count++;
        const base = row * width;
        for (let f = 0; f < width; f++) {
          const text = record[fields[f]!] ?? '';
          // One byte in front, as with rows; three for a UTF-16 unit are the most that UTF-8 takes.
          const at = arena(1 + Math.min(longestField, 3 * text.length));
          bytes[at] = 0;
          const size = write(text, at + 1);
          used = at + 1 + size;
          starts[base + f] = at + 1;
          lengths[base + f] = size;
        }
        if (emailField >= 0) readEmail(row, starts[base + emailField]!, lengths[base + emailField]!);
      }
    },
    people: () => ({
      fields,
      count,
      bytes,
      extra,
      starts,
      lengths,
      emailKind,
      keys,
      domain,
      domains,
      joinKeys,
      values: fields.map((_, field) => values.find((value) => value.field === field && value.examples.length <= mostValues) ?? null),
      inRoom: kernelsFor(room, ...columns()) !== null,
    }),
  };
}

function enlarge<T extends Uint8Array | Uint16Array | Uint32Array>(old: T, larger: T): T {
  larger.set(old as never);
  return larger;
}

function sameText(text: string, bytes: Uint8Array, from: number, to: number): boolean {
  if (text.length !== to - from) return text === decode(bytes, from, to).toLowerCase();
  for (let k = 0; k < text.length; k++) {
    const c = bytes[from + k]!;
    if (text.charCodeAt(k) !== (c >= 65 && c <= 90 ? c + 32 : c)) return false;
  }
  return true;
}

/** Open addressing from a 64-bit hash to a small number. `settle(-1)` makes the entry; `settle(known)` says whether a hit is the one meant. */
function internTable(): { find(low: number, high: number, settle: (known: number) => number): number } {
  let slots = new Int32Array(256);
  let highs = new Uint32Array(256);
  let lows = new Uint32Array(256);
  let size = 0;
  function enlargeTable(): void {
    const [oldSlots, oldHighs, oldLows] = [slots, highs, lows];
    slots = new Int32Array(oldSlots.length * 2);
    highs = new Uint32Array(slots.length);
    lows = new Uint32Array(slots.length);
    for (let k = 0; k < oldSlots.length; k++) {
      if (oldSlots[k] === 0) continue;
      let p = oldLows[k]! & (slots.length - 1);
      while (slots[p] !== 0) p = (p + 1) & (slots.length - 1);
      slots[p] = oldSlots[k]!;
      highs[p] = oldHighs[k]!;
      lows[p] = oldLows[k]!;
    }
  }
  return {
    find(low, high, settle) {
      let p = low & (slots.length - 1);
      while (slots[p] !== 0) {
        if (lows[p] === low && highs[p] === high) {
          const known = settle(slots[p]! - 1);
          if (known >= 0) return known;
        }
        p = (p + 1) & (slots.length - 1);
      }
      const made = settle(-1);
      slots[p] = made + 1;
      highs[p] = high;
      lows[p] = low;
      if (++size * 2 > slots.length) enlargeTable();
      return made;
    },
  };
}

/** A field's text as the source wrote it: doubled quotes of a quoted CSV field made single. */
function fieldText(bytes: Uint8Array, start: number, length: number): string {
  const text = decode(bytes, start, start + length);
  return start > 0 && bytes[start - 1] === 34 && text.includes('""') ? text.replaceAll('""', '"') : text;
}

/** Position of a field in `starts` and `lengths`, or -1 when the source does not have it. */
export function fieldIndex<Field extends string>(people: People<Field>, field: Field): number {
  return people.fields.indexOf(field);
}

/** The text of one field, or '' when the source has no such column. `field` is a `fieldIndex`. */
export function textAt<Field extends string>(people: People<Field>, row: number, field: number): string {
  if (field < 0) return '';
  const at = row * people.fields.length + field;
  const length = people.lengths[at]!;
  return length === 0 ? '' : fieldText(people.bytes, people.starts[at]!, length);
}

const space = new Uint8Array(256);
for (const c of [9, 10, 11, 12, 13, 32]) space[c] = 1;

/** A field's bytes without outer ASCII space, as `range`. */
export const range = { from: 0, to: 0 };
export function trimmedRange<Field extends string>(people: People<Field>, row: number, field: number): boolean {
  const at = row * people.fields.length + field;
  let from = people.starts[at]!;
  let to = from + people.lengths[at]!;
  while (from < to && space[people.bytes[from]!] === 1) from++;
  while (to > from && space[people.bytes[to - 1]!] === 1) to--;
  range.from = from;
  range.to = to;
  return to > from;
}

/** The canonical email, or '' where there is no address. */
export function canonicalEmailAt<Field extends string>(people: People<Field>, row: number): string {
  const kind = people.emailKind[row]!;
  if (kind < emailKinds.address) return '';
  const start = people.keys[4 * row]!;
  const from = (start & ~inExtra) >>> 0;
  return decode(start & inExtra ? people.extra : people.bytes, from, from + people.keys[4 * row + 1]!).toLowerCase();
}

/** LinkedIn's own comparison key of the email: outer space and case aside, nothing else forgiven. '' where there is no address. */
export function joinKeyAt<Field extends string>(people: People<Field>, row: number): string {
  return people.joinKeys.get(row) ?? canonicalEmailAt(people, row);
}

/** Whether LinkedIn would join these two people by email. */
export function wouldJoin<A extends string, B extends string>(a: People<A>, i: number, b: People<B>, j: number): boolean {
  // A plain address has no join key of its own.
  if (a.emailKind[i] === emailKinds.plain && b.emailKind[j] === emailKinds.plain) return sameKey(a, i, b, j);
  if (!a.joinKeys.has(i) && !b.joinKeys.has(j)) return sameKey(a, i, b, j);
  const key = joinKeyAt(a, i);
  return key !== '' && key === joinKeyAt(b, j);
}

/** Whether two canonical emails are equal; false where either is no address. */
export function sameKey<A extends string, B extends string>(a: People<A>, i: number, b: People<B>, j: number): boolean {
  const length = a.keys[4 * i + 1]!;
  // A key has at least three bytes; 0 is no address.
  if (length === 0 || length !== b.keys[4 * j + 1] || a.keys[4 * i + 2] !== b.keys[4 * j + 2]) return false;
  const s = a.keys[4 * i]!;
  const t = b.keys[4 * j]!;
  const p = (s & ~inExtra) >>> 0;
  const q = (t & ~inExtra) >>> 0;
  return equalLower(s & inExtra ? a.extra : a.bytes, p, p + length, t & inExtra ? b.extra : b.bytes, q, q + length);
}

/** Whether the canonical emails of two people have the same part before the @; false where either is no address. */
export function sameLocalPart<A extends string, B extends string>(a: People<A>, i: number, b: People<B>, j: number): boolean {
  // A domain is ASCII, so its text is as long as its bytes.
  const length = a.keys[4 * i + 1]! - a.domains[a.domain[i]!]!.length - 1;
  if (length <= 0 || length !== b.keys[4 * j + 1]! - b.domains[b.domain[j]!]!.length - 1) return false;
  const s = a.keys[4 * i]!;
  const t = b.keys[4 * j]!;
  const p = (s & ~inExtra) >>> 0;
  const q = (t & ~inExtra) >>> 0;
  return equalLower(s & inExtra ? a.extra : a.bytes, p, p + length, t & inExtra ? b.extra : b.bytes, q, q + length);
}

/** Whether the same digits, or none, end the parts before the @ of two canonical emails; both must be addresses. */
export function sameTrailingDigits<A extends string, B extends string>(a: People<A>, i: number, b: People<B>, j: number): boolean {
  const s = a.keys[4 * i]!;
  const t = b.keys[4 * j]!;
  const from = (s & ~inExtra) >>> 0;
  const start = (t & ~inExtra) >>> 0;
  const bytes = s & inExtra ? a.extra : a.bytes;
  const others = t & inExtra ? b.extra : b.bytes;
  let p = from + a.keys[4 * i + 1]! - a.domains[a.domain[i]!]!.length - 1;
  let q = start + b.keys[4 * j + 1]! - b.domains[b.domain[j]!]!.length - 1;
  for (;;) {
    p--;
    q--;
    const x = p >= from && isDigit(bytes[p]!);
    const y = q >= start && isDigit(others[q]!);
    if (!x || !y) return x === y;
    if (bytes[p] !== others[q]) return false;
  }
}

const isDigit = (byte: number): boolean => byte >= 48 && byte <= 57;

/**
 * Hashes what stands before the @ of a person's canonical email.
 * @returns whether it has a + in it, and so perhaps a tag
 */
export function hashLocalPart<Field extends string>(people: People<Field>, row: number): boolean {
  const start = people.keys[4 * row]!;
  const bytes = start & inExtra ? people.extra : people.bytes;
  const from = (start & ~inExtra) >>> 0;
  const to = from + people.keys[4 * row + 1]! - people.domains[people.domain[row]!]!.length - 1;
  hashLower(bytes, from, to);
  for (let p = from; p < to; p++) if (bytes[p] === 43) return true;
  return false;
}

/** Hashes the canonical email that a person would have under another domain. @param atDomain the bytes of that domain, the @ before it */
export function hashUnderDomain<Field extends string>(people: People<Field>, row: number, atDomain: Uint8Array): void {
  const start = people.keys[4 * row]!;
  const from = (start & ~inExtra) >>> 0;
  const to = from + people.keys[4 * row + 1]! - people.domains[people.domain[row]!]!.length - 1;
  hashLowerWith(start & inExtra ? people.extra : people.bytes, from, to, atDomain);
}

/** Whether a person's canonical email is this text. */
export function keyIsText<Field extends string>(people: People<Field>, row: number, text: string): boolean {
  const start = people.keys[4 * row]!;
  const length = people.keys[4 * row + 1]!;
  if (length < text.length) return false;
  const from = (start & ~inExtra) >>> 0;
  const bytes = start & inExtra ? people.extra : people.bytes;
  for (let k = 0; k < text.length; k++) {
    const c = bytes[from + k]!;
    if (c > 127) return canonicalEmailAt(people, row) === text;
    if (text.charCodeAt(k) !== (c >= 65 && c <= 90 ? c + 32 : c)) return false;
  }
  return length === text.length;
}
