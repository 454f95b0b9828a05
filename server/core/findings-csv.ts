import { shownOwner } from './correlate.ts';
import type { Finding } from './finding.ts';
import { type FindingContext, findingOfAccount, findingOfUser } from './finding-of.ts';
import { userIdAt } from './index-people.ts';
import { lineTable, lineTableLength } from './kernels/line-kernels.ts';
import { kernelsFor } from './kernels/room.ts';
import { emailKinds, textAt } from './people.ts';
import { cell } from './report-csv.ts';
import { reasons as reasonNames } from './status.ts';
import { mostSuggestions } from './suggestions.ts';

/** Columns of the report, in order; part of the command line's contract. */
export const reportColumns = [
  'status',
  'reason',
  'license_id',
  'license_email',
  'license_name',
  'license_status',
  'licenses',
  'crm_user_id',
  'crm_email',
  'crm_name',
  'crm_active',
  'rule',
  'confidence',
  'suggestions',
  'root_cause',
  'next_step',
  'also',
  'observed',
  'change_side',
  'managed_by',
  'actor',
  'as_of',
] as const;

const suggestionsAt = reportColumns.indexOf('suggestions');
const firstOfRule = reportColumns.indexOf('rule');

/** One finding as the cells of its line. */
export function cellsOf(finding: Finding): string[] {
  const { license, crmUser } = finding;
  return [
    finding.status,
    finding.reason,
    license?.id ?? '',
    license?.email ?? '',
    license?.name ?? '',
    license?.status ?? '',
    license?.licenses.join('|') ?? '',
    crmUser?.id ?? '',
    crmUser?.email ?? '',
    crmUser?.name ?? '',
    crmUser === null ? '' : String(crmUser.active),
    finding.rule ?? '',
    finding.confidence === null ? '' : String(finding.confidence),
    finding.suggestions.map((suggestion) => `${suggestion.crmUserId}:${suggestion.score}`).join('|'),
    finding.rootCause ?? '',
    finding.nextStep,
    finding.also.join('|'),
    finding.observed.verdict,
    finding.changeSide ?? '',
    finding.managedBy,
    finding.actor,
    finding.asOf,
  ];
}

/** One finding as its line, as people's spreadsheets read it: cells that would run as formulas are neutralised. */
export const csvLine = (finding: Finding): string => `${cellsOf(finding).map(cell).join(',')}\n`;

interface Endings {
  readonly start: Uint8Array;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  /** Among those that the kernels know; `noEnding` where they do not. */
  readonly number: number;
}
const noEnding = 0xffffffff;

const encoder = new TextEncoder();
/** Bytes after which a field needs quoting: comma, quote, line breaks. */
const special = new Uint8Array(256);
for (const c of [34, 44, 13, 10]) special[c] = 1;
/** First or last bytes that need a look at the text: space, formula signs, anything beyond ASCII. */
const delicate = new Uint8Array(256).fill(1, 128);
for (const c of [9, 11, 12, 13, 32, 43, 45, 61, 64]) delicate[c] = 1;

/** Reasons whose line names something of this very person beside its ids, so that no two lines end alike. */
const personal = new Set([
  'identity-conflict',
  'excepted',
  'waiting-for-linkedin',
  'linkedin-disagrees',
  'repair-failed',
  'being-repaired',
  'stuck-onboarding',
]);

/**
 * Writes the report's lines straight from the columns into bytes. Almost every line is a beginning and an end that many lines share
 * around bytes of the two files; a line that is not like that is made from its finding. Both ways give the same bytes (a test holds it).
 */
export function createCsvWriter(context: FindingContext): {
  /** Writes the line of one license holder at `out[at …]` and returns where it ends. `out` has room for `longestLine`. */
  account(i: number, out: Uint8Array, at: number): number;
  /**
   * Writes the lines of the license holders `rows[from … to)`, at most `mostLines`, for as long as `out` has room for `longestLine`.
   * @returns how many were written; `end` is where they end
   */
  accounts(rows: Int32Array, from: number, to: number, out: Uint8Array, at: number): number;
  readonly end: number;
  user(user: number, out: Uint8Array, at: number): number;
} {
  const { stage, suggester } = context;
  const { verdicts, comparison } = stage;
  const { accounts, users } = stage.sides;
  const { matches } = comparison;
  const ends = new Map<number, Map<number, Endings>>();
  let last: Endings | null = null;
  let lastFirst = -1;
  let lastSecond = -1;
  const columns = (people: typeof accounts | typeof users, names: readonly string[]): number[] =>
    names.map((name) => (people.fields as readonly string[]).indexOf(name));
  const [email, display, given, family, status, salesLicense, type] = columns(accounts, [
    'email',
    'displayName',
    'givenName',
    'familyName',
    'licenseStatus',
    'salesLicense',
    'licenseType',
  ]) as [number, number, number, number, number, number, number];
  const idFields = columns(accounts, ['seatId', 'uniqueUserId', 'email']);
  const [userId, userEmail, userDisplay, userGiven, userFamily] = columns(users, [
    'id',
    'email',
    'displayName',
    'givenName',
    'familyName',
  ]) as [number, number, number, number, number];
  /** By the score in thousandths. */
  const scoreTexts = new Map<number, Uint8Array>();

  let out: Uint8Array = new Uint8Array(0);
  let p = 0;

  function raw(bytes: Uint8Array): void {
    if (bytes.length < 24) for (let k = 0; k < bytes.length; k++) out[p + k] = bytes[k]!;
    else out.set(bytes, p);
    p += bytes.length;
  }
  function text(value: string): void {
    p += encoder.encodeInto(cell(value), out.subarray(p)).written;
  }
  /** Copies one field; false, with nothing written, where its text needs a look. */
  function copy(bytes: Uint8Array, from: number, length: number): boolean {
    if (length === 0) return true;
    if (delicate[bytes[from]!] === 1 || delicate[bytes[from + length - 1]!] === 1) return false;
    for (let k = 0; k < length; k++) {
      const c = bytes[from + k]!;
      if (special[c] === 1) return false;
      out[p + k] = c;
    }
    p += length;
    return true;
  }
  function accountField(i: number, field: number): void {
    if (field < 0) return;
    const at = i * accounts.fields.length + field;
    if (!copy(accounts.bytes, accounts.starts[at]!, accounts.lengths[at]!)) text(textAt(accounts, i, field));
  }
  function userField(user: number, field: number, trims: boolean): void {
    if (field < 0) return;
    const at = user * users.fields.length + field;
    if (copy(users.bytes, users.starts[at]!, users.lengths[at]!)) return;
    const value = textAt(users, user, field);
    text(trims ? value.trim() : value);
  }
  const lengthOf = (people: typeof accounts | typeof users, row: number, field: number): number =>
    field < 0 ? 0 : people.lengths[row * people.fields.length + field]!;

  function accountName(i: number): void {
    if (lengthOf(accounts, i, display) > 0) {
      accountField(i, display);
      return;
    }
    const start = p;
    const [a, b] = [i * accounts.fields.length + given, i * accounts.fields.length + family];
    const hasGiven = given >= 0 && accounts.lengths[a]! > 0;
    const hasFamily = family >= 0 && accounts.lengths[b]! > 0;
    if (!hasGiven || copy(accounts.bytes, accounts.starts[a]!, accounts.lengths[a]!)) {
      if (hasGiven && hasFamily) out[p++] = 32;
      if (!hasFamily || copy(accounts.bytes, accounts.starts[b]!, accounts.lengths[b]!)) return;
    }
    p = start;
    text(`${textAt(accounts, i, given)} ${textAt(accounts, i, family)}`.trim());
  }

  /** What many lines share: status and reason in front, and everything from the rule on but the suggestions. */
  function endingsOf(i: number, owned: boolean): Endings {
    const kind = accounts.emailKind[i]! < emailKinds.address ? 0 : 1;
    const decided = ((verdicts.cause[i]! * 32 + verdicts.reason[i]!) * 16 + verdicts.difference[i]!) * 8 + verdicts.variant[i]!;
    // The next step speaks of one suggestion or of several.
    const slot = suggester.suggestions.slotOf[i]!;
    const one = slot >= 0 && suggester.suggestions.candidates[slot * mostSuggestions + 1]! < 0 ? 4 : 0;
    const first = (decided * 16 + matches.rule[i]!) * 8 + one + (owned ? 2 : 0) + kind;
    const second =
      (((verdicts.also[i]! * 8 + verdicts.status[i]!) * 8 + verdicts.observed[i]!) * 4 + verdicts.changeSide[i]!) * 4 +
      verdicts.managedBy[i]!;
    if (last !== null && lastFirst === first && lastSecond === second) return last;
    let alike = ends.get(first);
    if (alike === undefined) {
      alike = new Map();
      ends.set(first, alike);
    }
    let found = alike.get(second);
    if (found === undefined) {
      const cells = cellsOf(findingOfAccount(context, i)).map(cell);
      const parts = {
        start: encoder.encode(`${cells[0]},${cells[1]},`),
        before: encoder.encode(`,${cells.slice(firstOfRule, suggestionsAt).join(',')},`),
        after: encoder.encode(`,${cells.slice(suggestionsAt + 1).join(',')}\n`),
      };
      found = { ...parts, number: swift === null ? noEnding : swift.know(parts, owned) };
      alike.set(second, found);
    }
    last = found;
    lastFirst = first;
    lastSecond = second;
    return found;
  }

  const isPersonal = reasonNames.map((reason) => personal.has(reason));
  /** Whether the line is made from the finding whatever the bytes are. */
  const isOwn = (i: number, owner: number, slot: number): boolean => isPersonal[verdicts.reason[i]!]! || (owner < 0 && slot < 0);

  /** What writes lines with the kernels; null where they cannot work on the columns. */
  function swiftWriter() {
    const { room, findOwners } = comparison;
    const { slotOf, candidates, scores } = suggester.suggestions;
    const [places, state] = [room.u32(lineTableLength), room.u32(2)];
    const [rowList, endList] = [room.i32(mostLines), room.u32(mostLines)];
    const endings = room.u32(7 * mostEndings);
    const texts = room.u8(mostEndings * 512);
    const isDelicate = room.u8(256);
    const thousandths = room.u16(candidates.length);
    const scoreBytes = room.u8(8 * 1001);
    const { kernels } = room;
    if (kernels === null || findOwners === null || !room.isWhole()) return null;
    let known = 0;
    let used = 0;
    isDelicate.set(delicate);
    for (let t = 0; t <= 1000; t++) {
      const text = encoder.encode(String(t / 1000));
      scoreBytes.set(text, 8 * t);
      scoreBytes[8 * t + 7] = text.length;
    }
    const column = (field: number): number => (field < 0 ? 0xffffffff : field);
    lineTable(places, {
      accountBytes: accounts.bytes.byteOffset,
      accountStarts: accounts.starts.byteOffset,
      accountLengths: accounts.lengths.byteOffset,
      accountWidth: accounts.fields.length,
      idSource: stage.sides.accountIndex.idSource.byteOffset,
      seatId: column(idFields[0]!),
      uniqueUserId: column(idFields[1]!),
      email: column(email),
      display: column(display),
      given: column(given),
      family: column(family),
      status: column(status),
      salesLicense: column(salesLicense),
      type: column(type),
      userBytes: users.bytes.byteOffset,
      userStarts: users.starts.byteOffset,
      userLengths: users.lengths.byteOffset,
      userWidth: users.fields.length,
      userState: stage.sides.userIndex.state.byteOffset,
      owners: matches.owner.byteOffset,
      userId: column(userId),
      userEmail: column(userEmail),
      userDisplay: column(userDisplay),
      endings: endings.byteOffset,
      delicate: isDelicate.byteOffset,
      state: state.byteOffset,
      slotOf: slotOf.byteOffset,
      candidates: candidates.byteOffset,
      mostCandidates: mostSuggestions,
      thousandths: thousandths.byteOffset,
      scores: scoreBytes.byteOffset,
    });
    return {
      know({ start, before, after }: Omit<Endings, 'number'>, owned: boolean): number {
        if (known === mostEndings || used + start.length + before.length + after.length > texts.length) return noEnding;
        const numbers = [start, before, after].flatMap((part) => {
          texts.set(part, used);
          used += part.length;
          return [texts.byteOffset + used - part.length, part.length];
        });
        endings.set([...numbers, owned ? 1 : 0], 7 * known);
        return known++;
      },
      /** Makes ready what `write` needs of so many rows. */
      prepare(rows: Int32Array, from: number, to: number): void {
        for (let k = from; k < to; k++) {
          const i = rows[k]!;
          const owner = shownOwner(matches, i);
          const slot = slotOf[i]!;
          rowList[k - from] = i;
          const first = slot * mostSuggestions;
          const isSlow = isOwn(i, owner, slot) || (owner < 0 && candidates[first]! < 0 && matches.rival[i]! >= 0);
          endList[k - from] = isSlow ? noEnding : endingsOf(i, owner >= 0).number;
          if (owner < 0 && slot >= 0)
            for (let c = first; c < first + mostSuggestions && candidates[c]! >= 0; c++) thousandths[c] = Math.round(scores[c]! * 1000);
        }
      },
      /** @returns the first row, of those made ready, that was not written; lines end at `at` */
      write(k: number, count: number, into: Uint8Array, at: number): number {
        const limit = into.byteOffset + into.length - longestLine;
        const lists = [places.byteOffset, rowList.byteOffset, endList.byteOffset] as const;
        const next = kernels.writeLines(...lists, k, count, into.byteOffset + at, limit);
        p = state[0]! - into.byteOffset;
        return next;
      },
    };
  }
  const swift = swiftWriter();

  function accountLine(i: number, into: Uint8Array, at: number): number {
    out = into;
    p = at;
    const owner = shownOwner(matches, i);
    const slot = suggester.suggestions.slotOf[i]!;
    const several =
      type >= 0 &&
      hasSeparator(
        accounts.bytes,
        accounts.starts[i * accounts.fields.length + type]!,
        accounts.lengths[i * accounts.fields.length + type]!,
      );
    if (several || isOwn(i, owner, slot)) {
      p += encoder.encodeInto(csvLine(findingOfAccount(context, i)), out.subarray(p)).written;
      return p;
    }
    const { start, before, after } = endingsOf(i, owner >= 0);
    raw(start);
    accountFieldTrimmed(i, idFields[stage.sides.accountIndex.idSource[i]!]!);
    out[p++] = 44;
    accountField(i, email);
    out[p++] = 44;
    accountName(i);
    out[p++] = 44;
    accountField(i, lengthOf(accounts, i, status) > 0 ? status : salesLicense);
    out[p++] = 44;
    accountFieldTrimmed(i, type);
    out[p++] = 44;
    if (owner >= 0) {
      if (lengthOf(users, owner, userId) > 0) userField(owner, userId, true);
      else userField(owner, userEmail, true);
      out[p++] = 44;
      userField(owner, userEmail, false);
      out[p++] = 44;
      userName(owner);
      out[p++] = 44;
      raw(stage.sides.userIndex.state[owner] === 1 ? yes : no);
    } else {
      out[p++] = 44;
      out[p++] = 44;
      out[p++] = 44;
    }
    raw(before);
    if (slot >= 0 && owner < 0) {
      if (suggester.suggestions.candidates[slot * mostSuggestions]! >= 0) suggestionsOf(slot);
      else if (matches.rival[i]! >= 0) {
        p = at;
        p += encoder.encodeInto(csvLine(findingOfAccount(context, i)), out.subarray(p)).written;
        return p;
      }
    }
    raw(after);
    return p;
  }

  return {
    account: accountLine,
    accounts(rows, from, to, into, at) {
      const last = Math.min(to, from + mostLines);
      const mayBeSwift = swift !== null && kernelsFor(comparison.room, into) !== null;
      if (mayBeSwift) swift.prepare(rows, from, last);
      p = at;
      let row = from;
      while (row < last && p + longestLine <= into.length) {
        if (mayBeSwift) row = from + swift.write(row - from, last - from, into, p);
        if (row < last && p + longestLine <= into.length) accountLine(rows[row++]!, into, p);
      }
      return row - from;
    },
    get end() {
      return p;
    },
    user(user, into, at) {
      return at + encoder.encodeInto(csvLine(findingOfUser(context, user)), into.subarray(at)).written;
    },
  };

  function accountFieldTrimmed(i: number, field: number): void {
    if (field < 0) return;
    const at = i * accounts.fields.length + field;
    if (!copy(accounts.bytes, accounts.starts[at]!, accounts.lengths[at]!)) text(textAt(accounts, i, field).trim());
  }
  function userName(user: number): void {
    if (lengthOf(users, user, userDisplay) > 0) userField(user, userDisplay, false);
    else text(`${textAt(users, user, userGiven)} ${textAt(users, user, userFamily)}`.trim());
  }
  function suggestionsOf(slot: number): void {
    const { candidates, scores } = suggester.suggestions;
    const start = p;
    for (let c = slot * mostSuggestions; c < (slot + 1) * mostSuggestions && candidates[c]! >= 0; c++) {
      const user = candidates[c]!;
      if (p > start) out[p++] = 124;
      const at = user * users.fields.length + (lengthOf(users, user, userId) > 0 ? userId : userEmail);
      if (!copy(users.bytes, users.starts[at]!, users.lengths[at]!)) {
        p = start;
        text(suggestionsText(slot));
        return;
      }
      out[p++] = 58;
      raw(scoreText(scores[c]!));
    }
  }
  /** The same where an id is delicate: the whole cell decides then. */
  function suggestionsText(slot: number): string {
    const { candidates, scores } = suggester.suggestions;
    const list: string[] = [];
    for (let c = slot * mostSuggestions; c < (slot + 1) * mostSuggestions && candidates[c]! >= 0; c++)
      list.push(`${userIdAt(users, candidates[c]!)}:${Math.round(scores[c]! * 1000) / 1000}`);
    return list.join('|');
  }
  function scoreText(score: number): Uint8Array {
    const thousandths = Math.round(score * 1000);
    let known = scoreTexts.get(thousandths);
    if (known === undefined) {
      known = encoder.encode(String(thousandths / 1000));
      scoreTexts.set(thousandths, known);
    }
    return known;
  }
}

/** Rows of a report: license holders, then CRM users without a license. */
export interface ReportRows {
  readonly holders: Int32Array;
  readonly unlicensed: Int32Array;
}

/**
 * Writes the lines of the report's rows `from … to`.
 * @param own where they are written; a larger one is taken where it has no room for them, so read `out` up to `length`
 */
export function writeLines(
  writer: ReturnType<typeof createCsvWriter>,
  rows: ReportRows,
  from: number,
  to: number,
  own: Uint8Array,
): { readonly out: Uint8Array; readonly length: number } {
  const lastHolder = Math.min(to, rows.holders.length);
  let out = own;
  let p = 0;
  for (let row = from; row < to; ) {
    if (p + longestLine > out.length) {
      const larger = new Uint8Array(out.length * 2);
      larger.set(out.subarray(0, p));
      out = larger;
    }
    if (row < lastHolder) {
      row += writer.accounts(rows.holders, row, lastHolder, out, p);
      p = writer.end;
    } else p = writer.user(rows.unlicensed[row++ - rows.holders.length]!, out, p);
  }
  return { out, length: p };
}

/** License holders whose lines are written together. */
export const mostLines = 4096;
/** More endings than this are written without the kernels. */
const mostEndings = 4096;

/** No line is longer: rows of either file are under 64 KiB, and encoding doubles quotes at most. */
export const longestLine = 512 * 1024;

const yes = encoder.encode('true');
const no = encoder.encode('false');

/** `;`, `|` and `, ` part several licenses in one cell. */
function hasSeparator(bytes: Uint8Array, from: number, length: number): boolean {
  for (let k = 0; k < length; k++) {
    const c = bytes[from + k]!;
    if (c === 59 || c === 124 || c === 44) return true;
  }
  return false;
}
