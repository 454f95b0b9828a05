import { editDistance } from './edit-distance.ts';
import { withoutTag } from './email.ts';
import { collapseAll, foldText, type PersonName } from './names.ts';
import { nicknamesAgree } from './nicknames.ts';

/** How a local part and a name fit. `format` names the pattern ("first.last", "flast") where one fits, typing errors included. */
export interface ScoredLocalPart {
  readonly score: number;
  readonly evidence: readonly string[];
  readonly format: string | null;
  /** Typing errors between the local part and the pattern. */
  readonly edits: 0 | 1 | 2;
}

const longest = 64;

/** The part before the @ in folded ASCII, without +tag, quotes and trailing digits. */
function bareLocal(local: string): string {
  const text = onlyAddressLetters(foldText(withoutTag(local).slice(0, longest)));
  let end = text.length;
  while (end > 1 && !isLetter(text.charCodeAt(end - 1))) end--;
  return text.slice(0, end);
}

const isLetter = (c: number): boolean => c >= 97 && c <= 122;
const isDigit = (c: number): boolean => c >= 48 && c <= 57;

function onlyAddressLetters(folded: string): string {
  for (let i = 0; i < folded.length; i++) {
    const c = folded.charCodeAt(i);
    // . _ -
    if (!isLetter(c) && !isDigit(c) && c !== 46 && c !== 95 && c !== 45) return folded.replace(/[^a-z0-9._-]/g, '');
  }
  return folded;
}

type Half = 'first' | 'last' | 'f' | 'l';
/** Ways to build a local part, the one that says most first. */
const patterns: readonly { readonly left: Half; readonly right: Half | null; readonly worth: number; readonly word: string }[] = [
  { left: 'first', right: 'last', worth: 1, word: 'given name and surname' },
  { left: 'last', right: 'first', worth: 1, word: 'surname and given name' },
  { left: 'f', right: 'last', worth: 0.85, word: 'initial and surname' },
  { left: 'last', right: 'f', worth: 0.85, word: 'surname and initial' },
  { left: 'first', right: 'l', worth: 0.7, word: 'given name and initial' },
  { left: 'l', right: 'first', worth: 0.65, word: 'initial and given name' },
  { left: 'last', right: null, worth: 0.55, word: 'surname alone' },
  { left: 'first', right: null, worth: 0.4, word: 'given name alone' },
  { left: 'f', right: 'l', worth: 0.2, word: 'initials alone' },
];

/** What stands for each half of a name in an address: given name alone and joined, surname whole, without particles, its parts. */
type Forms = Readonly<Record<Half, readonly string[]>>;

function formsOf(name: PersonName): Forms {
  if (name.words !== null) {
    const [given, family] = name.words;
    return { first: given.inAddress, last: family.inAddress, f: given.initial, l: family.initial };
  }
  const first: string[] = [];
  const last: string[] = [];
  const put = (list: string[], token: string) => {
    const text = collapseAll(token);
    if (text.length > 1 && !list.includes(text)) list.push(text);
  };
  const head = name.given[0] ?? '';
  if (head.length > 1) {
    put(first, head);
    if (name.given.length > 1) put(first, name.given.filter((token) => token.length > 1).join(''));
  }
  put(first, name.nick);
  if (name.family.length > 0) {
    put(last, name.family.join(''));
    if (name.family.length > 1) {
      put(last, name.familyKey);
      for (const token of name.family) if (token.length > 3) put(last, token);
    }
  }
  return { first, last, f: head === '' ? [] : [head.charAt(0)], l: name.family.length === 0 ? [] : [name.family[0]!.charAt(0)] };
}

/** A local part cut in two at a separator, or whole (`right` null). Folded, other separators gone, not collapsed. */
interface Cut {
  readonly separator: string;
  readonly left: string;
  readonly right: string | null;
}

/** Names hold separators too (jean-pierre.van.der.berg): every one may be the one between the halves. */
function cutsOf(bare: string): Cut[] {
  const cuts: Cut[] = [];
  for (let i = 1; i < bare.length - 1 && cuts.length < 4; i++) {
    const separator = bare.charAt(i);
    if (separator !== '.' && separator !== '_' && separator !== '-') continue;
    cuts.push({ separator, left: lettersOf(bare.slice(0, i)), right: lettersOf(bare.slice(i + 1)) });
  }
  return cuts.length === 0 ? [{ separator: '', left: lettersOf(bare), right: null }] : cuts;
}

function lettersOf(text: string): string {
  for (let i = 0; i < text.length; i++) if (!isLetter(text.charCodeAt(i))) return text.replace(/[^a-z]/g, '');
  return text;
}
const joined = (left: string, right: string | null): string => (right === null ? left : `${left}.${right}`);

const nothing: ScoredLocalPart = { score: 0, evidence: [], format: null, edits: 0 };
const round = (score: number): number => Math.round(score * 1000) / 1000;

interface Reading {
  readonly format: string;
  readonly worth: number;
  readonly word: string;
  readonly edits: 0 | 1 | 2;
  readonly nickname: string | null;
}

/**
 * Calls `visit` with each way in which the forms make this cut, exactly or with typing errors.
 * @param least readings worth no more than this may be left out
 */
function readings(cut: Cut, forms: Forms, visit: (reading: Reading) => void, least: () => number): void {
  const one = collapseAll(cut.left);
  const two = cut.right === null ? null : collapseAll(cut.right);
  const text = joined(one, two);
  for (const { left, right, worth, word } of patterns) {
    if (right === null && two !== null) continue;
    for (const a of forms[left]) {
      for (const b of right === null ? nothingMore : forms[right]) {
        let edits: 0 | 1 | 2 | null;
        // Most forms are someone else's: those are told by a look at the halves, without making a text.
        if (two !== null && a === one && b === two) edits = 0;
        else if (two === null && a.charCodeAt(0) === text.charCodeAt(0) && collapseAll(a + b) === text) edits = 0;
        else if (worth * exactness[1] <= least()) continue;
        else edits = typingErrors(a, b, two !== null, text, worth);
        if (edits === null) continue;
        const format = right === null ? left : `${left}${cut.separator}${right}`;
        visit({ format, worth, word, edits, nickname: null });
      }
    }
  }
}

const nothingMore: readonly string[] = [''];

/** 1 or 2 typing errors where the text is long enough that it is hardly another name, else null. */
function typingErrors(a: string, b: string, parted: boolean, text: string, worth: number): 1 | 2 | null {
  if (worth < 0.7 || text.length < 6) return null;
  const atMost = text.length >= 9 && worth === 1 ? 2 : 1;
  const length = a.length + b.length + (parted ? 1 : 0);
  // Collapsing where the halves meet can make the text shorter.
  if (length < text.length - atMost || (parted && length > text.length + atMost)) return null;
  const edits = editDistance(parted ? `${a}.${b}` : collapseAll(a + b), text, atMost);
  return edits === 1 || (edits === 2 && atMost === 2) ? edits : null;
}

/** The same for another form of the given name beside the surname: bob.smith for Robert Smith. */
function nicknameReadings(cut: Cut, name: PersonName, forms: Forms, visit: (reading: Reading) => void): void {
  const given = name.given[0] ?? '';
  if (given.length < 2) return;
  const tryOne = (token: string, format: string, word: string) => {
    if (token.length > 1 && token !== given && nicknamesAgree(token, given)) visit({ format, worth: 1, word, edits: 0, nickname: token });
  };
  for (const last of forms.last) {
    if (cut.right !== null) {
      if (collapseAll(cut.right) === last) tryOne(cut.left, `first${cut.separator}last`, patterns[0]!.word);
      if (collapseAll(cut.left) === last) tryOne(cut.right, `last${cut.separator}first`, patterns[1]!.word);
    } else {
      if (cut.left.endsWith(last)) tryOne(cut.left.slice(0, -last.length), 'firstlast', patterns[0]!.word);
      if (cut.left.startsWith(last)) tryOne(cut.left.slice(last.length), 'lastfirst', patterns[1]!.word);
    }
  }
}

/** What a reading with no, one or two typing errors is worth. */
const exactness = [1, 0.88, 0.72] as const;
const worthOf = ({ worth, edits, nickname }: Reading): number => worth * exactness[edits] * (nickname === null ? 1 : 0.93);

/** A local part by itself: it is compared with several names. */
interface Local {
  readonly local: string;
  readonly bare: string;
  readonly says: boolean;
  readonly cuts: readonly Cut[];
  readonly digits: boolean;
  /** Its words by themselves; read when somebody asks. */
  words: readonly string[] | null;
}
let read: Local | null = null;

function readLocal(local: string): Local {
  if (read?.local === local) return read;
  const bare = bareLocal(local);
  const bareOfTag = withoutTag(local);
  const digits = isDigit(bareOfTag.charCodeAt(bareOfTag.length - 1));
  read = { local, bare, says: lettersOf(bare).length >= 2, cuts: cutsOf(bare), digits, words: null };
  return read;
}

/**
 * The reading that is worth most, the first of several; null where there is none.
 * @param prunes leaves out readings that cannot be worth more than the best so far; the result is the same
 */
function bestReading({ cuts }: Local, name: PersonName, forms: Forms, prunes: boolean): Reading | null {
  let best: Reading | null = null;
  let exact = false;
  const worth = (): number => (best === null ? 0 : worthOf(best));
  const visit = (reading: Reading): void => {
    if (reading.edits === 0) exact = true;
    if (worthOf(reading) > worth()) best = reading;
  };
  for (const cut of cuts) {
    readings(cut, forms, visit, prunes ? worth : nothingLess);
    if (!exact) nicknameReadings(cut, name, forms, visit);
  }
  return best;
}

/** How well the part before the @ fits a name; nicknames, digits at the end and one or two typing errors are allowed. */
export function scoreLocalPart(local: string, name: PersonName): ScoredLocalPart {
  const said = readLocal(local);
  if (!said.says) return nothing;
  const forms = formsOf(name);
  const best = bestReading(said, name, forms, false);
  if (best === null) return oneHalf(said, forms);
  const errors = best.edits === 0 ? '' : best.edits === 1 ? ', one letter differs' : ', two letters differ';
  const evidence = [`address is the ${best.word}${errors}`];
  if (best.nickname !== null) {
    evidence.push(`nickname in the address: ${best.nickname.charAt(0).toUpperCase()}${best.nickname.slice(1)}`);
  }
  if (said.digits) evidence.push('digits follow the name in the address');
  return { score: scoreOf(best, said), evidence, format: best.format, edits: best.edits };
}

const scoreOf = (best: Reading, { digits }: Local): number => round(worthOf(best) * (digits ? 0.95 : 1));

/** The score of `scoreLocalPart`, without the words and sooner (a property test holds the two equal). */
export function localPartScore(local: string, name: PersonName): number {
  const said = readLocal(local);
  if (!said.says) return 0;
  const forms = formsOf(name);
  const best = bestReading(said, name, forms, true);
  return best === null ? oneHalf(said, forms).score : scoreOf(best, said);
}

function oneHalf(said: Local, forms: Forms): ScoredLocalPart {
  said.words ??= said.bare.split(/[^a-z]+/).map(collapseAll);
  const tokens = said.words;
  if (tokens.length < 2) return nothing;
  if (forms.last.some((token) => tokens.includes(token))) return { ...nothing, score: 0.35, evidence: ['address holds the surname'] };
  if (forms.first.some((token) => token.length > 2 && tokens.includes(token))) {
    return { ...nothing, score: 0.3, evidence: ['address holds the given name'] };
  }
  return nothing;
}

const nothingLess = (): number => 0;
/** More than any reading with a typing error is worth. */
const onlyExact = (): number => 1;

/** Formats in which the name makes this local part, nicknames and digits at the end allowed, typing errors not; best first. */
export function formatsOf(local: string, name: PersonName): string[] {
  const forms = formsOf(name);
  const found: string[] = [];
  const visit = ({ format, edits }: Reading) => {
    if (edits === 0 && !found.includes(format)) found.push(format);
  };
  for (const cut of cutsOf(bareLocal(local))) {
    readings(cut, forms, visit, onlyExact);
    nicknameReadings(cut, name, forms, visit);
  }
  return found;
}
