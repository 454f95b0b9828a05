import { matchFlags } from './correlate.ts';
import type { Finding } from './finding.ts';
import { type FindingContext, findingOfAccount, findingOfUser } from './finding-of.ts';
import { userIdAt } from './index-people.ts';
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
}

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
  function endings(i: number, owned: boolean): Endings {
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
      found = {
        start: encoder.encode(`${cells[0]},${cells[1]},`),
        before: encoder.encode(`,${cells.slice(firstOfRule, suggestionsAt).join(',')},`),
        after: encoder.encode(`,${cells.slice(suggestionsAt + 1).join(',')}\n`),
      };
      alike.set(second, found);
    }
    last = found;
    lastFirst = first;
    lastSecond = second;
    return found;
  }

  const reasonIsPersonal = (i: number): boolean => personal.has(reasonNames[verdicts.reason[i]!]!);

  return {
    account(i, into, at) {
      out = into;
      p = at;
      const flags = matches.flags[i]!;
      const owner = (flags & (matchFlags.ambiguousCrm | matchFlags.ambiguousLicenses)) !== 0 ? -1 : matches.owner[i]!;
      const slot = suggester.suggestions.slotOf[i]!;
      const several =
        type >= 0 &&
        hasSeparator(
          accounts.bytes,
          accounts.starts[i * accounts.fields.length + type]!,
          accounts.lengths[i * accounts.fields.length + type]!,
        );
      if (several || reasonIsPersonal(i) || (owner < 0 && slot < 0)) {
        p += encoder.encodeInto(csvLine(findingOfAccount(context, i)), out.subarray(p)).written;
        return p;
      }
      const { start, before, after } = endings(i, owner >= 0);
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
