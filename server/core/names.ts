import anyAscii from 'any-ascii';
import { editDistance } from './edit-distance.ts';
import { hash, hashText } from './hash-bytes.ts';
import { givenNamesOf, nicknameOf, sharedGivenName } from './nicknames.ts';

/** A person's name as folded tokens: lower-case ASCII letters and digits, without titles, hyphens, apostrophes and marks. */
export interface PersonName {
  /** Given names and middle initials (one letter); a single name stands here. */
  readonly given: readonly string[];
  /** Surname, particles included (`van`, `der`, `berg`); the parts of a double-barrelled one each for itself. */
  readonly family: readonly string[];
  /** A nickname written in quotes or brackets, or ''. */
  readonly nick: string;
  /** Order-free full name: sorted tokens, particles included, initials only where little else is left. Never ''. */
  readonly key: string;
  /** Collapsed first given name with nicknames resolved; '' for an initial. */
  readonly givenKey: string;
  /** As `givenKey`, with every name an ambiguous short form can stand for, and the quoted nickname's: block on each. */
  readonly givenKeys: readonly string[];
  /** Collapsed surname without particles; '' for a single name. */
  readonly familyKey: string;
  /** Written in plain ASCII. */
  readonly ascii: boolean;
  /** Where it is one given name and one surname: what is known of both. */
  readonly words: readonly [given: NameWord, family: NameWord] | null;
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));
const titles = words('dr prof professor mr mrs ms miss mx sir dame herr frau mme mlle monsieur madame dipl ing drs rev fr capt lt sgt hon');
const suffixes = words('jr sr ii iii iv phd md mba esq cpa dds cfa pmp msc bsc cissp jd rn llm');
/** Words that may stand beside a name and are no part of it. */
export const affixes: readonly string[] = [...titles, ...suffixes, 'ph'];
const particles = words(
  'van der den de la del della delle di da do dos das du le von vom zu zur zum al el bin bint ibn abu ter ten te st saint san santa dal dalla degli lo los las af av dem des op',
);

/** Names are cut here: whatever follows is not a name, and work stays bounded. */
const longestName = 200;

/**
 * Two spellings of one sound as one text: ö is written o and oe, ü u and ue, ä and å a, ae and aa. All of them become the single
 * letter. Only for comparing, never shown. Three letters and fewer stay, or Joe would be Jo.
 */
export const collapse = (token: string): string => (token.length > 3 ? collapseAll(token) : token);

/** `collapse` for a text of any length. */
export function collapseAll(text: string): string {
  for (let i = 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    const before = text.charCodeAt(i - 1);
    // e after a, o, u; a after a
    if ((c === 101 && (before === 97 || before === 111 || before === 117)) || (c === 97 && before === 97)) {
      return text.replace(/([aou])e|aa/g, (_, vowel: string | undefined) => vowel ?? 'a');
    }
  }
  return text;
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}

/** Any script as lower-case ASCII. Hangul and Han are romanised letter by letter, good enough to compare with itself. */
export const foldText = (text: string): string =>
  isAscii(text) ? text.toLowerCase() : anyAscii(text.normalize('NFC').replace(/\p{Extended_Pictographic}/gu, ' ')).toLowerCase();

/** Cuts folded text into words: letters and digits; apostrophes fall away, a hyphen between two letters stays. */
function wordsOf(text: string): string[] {
  const found: string[] = [];
  let start = -1;
  let apostrophe = false;
  for (let i = 0; i <= text.length; i++) {
    const c = i < text.length ? text.charCodeAt(i) : 32;
    if ((c >= 97 && c <= 122) || (c >= 48 && c <= 57)) {
      if (start < 0) start = i;
    } else if (start >= 0 && (c === 39 || c === 96)) {
      apostrophe = true;
    } else if (start >= 0 && !(c === 45 && isLetter(text.charCodeAt(i + 1)))) {
      const word = text.slice(start, i);
      found.push(apostrophe ? word.replace(/['`]/g, '') : word);
      start = -1;
      apostrophe = false;
    }
  }
  return found;
}

const isLetter = (c: number): boolean => c >= 97 && c <= 122;

/**
 * Reads a name. Where `given` and `family` are both filled they decide, else `display` or whichever is filled is cut:
 * "Last, First", "First M. Last", particles begin a surname, the last word is one. A display name that an export cut at its
 * last space ("Smith," and "James"; "John van der" and "Berg") is put together again. Null: nothing that could be a name.
 */
export function parsePersonName(given: string, family: string, display: string): PersonName | null {
  const hasGiven = given.length > 0 && given.trim() !== '';
  const hasFamily = family.length > 0 && family.trim() !== '';
  const ascii = hasGiven || hasFamily ? isAscii(given) && isAscii(family) : isAscii(display);
  if (!hasGiven || !hasFamily) return fromDisplay(hasGiven ? given : hasFamily ? family : display, ascii);
  const first = foldText(given.length > longestName ? given.slice(0, longestName) : given);
  const last = foldText(family.length > longestName ? family.slice(0, longestName) : family);
  if (first.includes(',') || last.includes(',')) return fromFolded(`${first} ${last}`, ascii);
  const { text, nick } = withoutNick(first);
  const givenWords = withoutTitles(wordsOf(text));
  const familyWords = wordsOf(withoutNick(last).text);
  if (familyWords.length === 1 && suffixes.has(familyWords[0]!)) return fromFolded(first, ascii);
  return assemble(givenWords, withoutSuffixes(familyWords), nick, ascii);
}

function fromDisplay(display: string, ascii: boolean): PersonName | null {
  const text = display.length > longestName ? display.slice(0, longestName) : display;
  // A name in Han characters alone is written surname first, without a space.
  if (!ascii && /^\s*\p{Script=Han}{2,4}\s*$/u.test(text)) {
    const [family, ...given] = text.trim();
    return assemble(wordsOf(foldText(given.join(''))), wordsOf(foldText(family!)), '', false);
  }
  return fromFolded(foldText(text), ascii);
}

function fromFolded(folded: string, ascii: boolean): PersonName | null {
  const { text, nick } = withoutNick(folded);
  if (text.includes(',')) {
    const segments = text
      .split(',')
      .map(wordsOf)
      .filter((segment) => segment.length > 0)
      .filter((segment, i) => i === 0 || withoutSuffixes(['', ...segment]).length > 1);
    if (segments.length > 1)
      return assemble(withoutTitles(segments.slice(1).flat()), withoutSuffixes(withoutTitles(segments[0]!)), nick, ascii);
    return divide(segments[0] ?? [], nick, ascii);
  }
  return divide(wordsOf(text), nick, ascii);
}

function divide(all: string[], nick: string, ascii: boolean): PersonName | null {
  const rest = withoutSuffixes(withoutTitles(all));
  let start = rest.length - 1;
  for (let i = 1; i < rest.length - 1; i++) {
    if (particles.has(rest[i]!)) {
      start = i;
      break;
    }
  }
  return start < 1 ? assemble(rest, [], nick, ascii) : assemble(rest.slice(0, start), rest.slice(start), nick, ascii);
}

function withoutNick(text: string): { readonly text: string; readonly nick: string } {
  if (!text.includes('"') && !text.includes('(') && !text.includes(" '")) return { text, nick: '' };
  const found = /["(]([^"()]*)[")]|(?:^|\s)'([^'\s]+)'(?=\s|$)/.exec(text);
  if (found === null) return { text, nick: '' };
  const rest = `${text.slice(0, found.index)} ${text.slice(found.index + found[0].length)}`;
  return { text: rest, nick: wordsOf(found[1] ?? found[2] ?? '')[0] ?? '' };
}

function withoutTitles(all: string[]): string[] {
  let from = 0;
  while (from < all.length - 1 && titles.has(all[from]!)) from++;
  return from === 0 ? all : all.slice(from);
}

function withoutSuffixes(all: string[]): string[] {
  let to = all.length;
  for (;;) {
    if (to > 1 && suffixes.has(all[to - 1]!)) to--;
    else if (to > 2 && all[to - 1] === 'd' && all[to - 2] === 'ph') to -= 2;
    else return to === all.length ? all : all.slice(0, to);
  }
}

const cut = (all: string[]): string[] =>
  all.some((word) => word.includes('-')) ? all.flatMap((word) => word.split('-')).filter(Boolean) : all;

function assemble(givenWords: string[], familyWords: string[], nick: string, ascii: boolean): PersonName | null {
  let given = cut(givenWords);
  let family = cut(familyWords);
  // "John van der" | "Berg": a display name cut at its last space. A single word stays: Al Smith is an Albert.
  if (given.length > 1 && family.length > 0 && particles.has(given.at(-1)!)) {
    let from = given.length - 1;
    while (from > 0 && particles.has(given[from - 1]!)) from--;
    family = [...given.slice(from), ...family];
    given = given.slice(0, from);
  }
  if (given.length === 0 && family.length === 0) return null;
  if (given.length === 1 && family.length === 1 && nick === '') return nameOfTwoWords(nameWord(given[0]!), nameWord(family[0]!), ascii);

  const { givenKey, givenKeys } = given.length === 0 ? noWord : nameWord(given[0]!);

  let familyKey = '';
  for (const token of family) if (!particles.has(token)) familyKey += token;
  return {
    given,
    family,
    nick,
    key: keyOf(given, family),
    givenKey,
    givenKeys: nick.length > 1 ? [...new Set([...givenKeys, ...(givenNamesOf(nick) ?? [nick]).map(collapse)])] : givenKeys,
    familyKey: collapse(familyKey === '' ? family.join('') : familyKey),
    ascii,
    words: null,
  };
}

/** What is known of one folded word by itself. A million names are made of far fewer words, so each is looked at once. */
export interface NameWord {
  readonly text: string;
  readonly alone: readonly [string];
  readonly collapsed: string;
  /** As an address holds it: collapsed whatever its length, nothing where it is an initial; and its first letter. */
  readonly inAddress: readonly string[];
  readonly initial: readonly [string];
  /** As in `PersonName`, of somebody whose first given name this is. */
  readonly givenKey: string;
  readonly givenKeys: readonly string[];
  /** As `hashText` hashes `collapsed`, and `givenKey`. */
  readonly hash: HashPair;
  readonly givenHash: HashPair;
  readonly isTitle: boolean;
  readonly isSuffix: boolean;
}

interface HashPair {
  readonly low: number;
  readonly high: number;
}
function pairOf(text: string): HashPair {
  hashText(text);
  return { ...hash };
}

/** Hashes a name's key: equal for equal keys. The order of words counts there as little as here. */
export function hashKey({ words, key }: PersonName): void {
  let low = 0;
  let high = 0;
  if (words !== null) {
    low = words[0].hash.low + words[1].hash.low;
    high = words[0].hash.high + words[1].hash.high;
  } else {
    for (const word of key.split(' ')) {
      hashText(word);
      low += hash.low;
      high += hash.high;
    }
  }
  hash.low = low >>> 0;
  hash.high = high >>> 0;
}

const wordsSeen = new Map<string, NameWord>();
/** More words than this are no names but numbers or noise; they are looked at again each time. */
const mostWords = 200_000;

/** A folded word and what is known of it. */
export function nameWord(text: string): NameWord {
  const seen = wordsSeen.get(text);
  if (seen !== undefined) return seen;
  const givenKey = text.length === 1 ? '' : collapse(nicknameOf(text));
  const several = text.length === 1 ? undefined : givenNamesOf(text);
  const collapsed = collapse(text);
  const word: NameWord = {
    text,
    alone: [text],
    collapsed,
    inAddress: collapseAll(text).length > 1 ? [collapseAll(text)] : [],
    initial: [text.charAt(0)],
    givenKey,
    givenKeys: several === undefined || several.length === 1 ? (givenKey === '' ? [] : [givenKey]) : several.map(collapse),
    hash: pairOf(collapsed),
    givenHash: pairOf(givenKey),
    isTitle: titles.has(text),
    isSuffix: suffixes.has(text),
  };
  if (wordsSeen.size < mostWords) wordsSeen.set(text, word);
  return word;
}

const noWord = { givenKey: '', givenKeys: [] } as const;

/** The name that one given name and one surname make. */
export function nameOfTwoWords(given: NameWord, family: NameWord, ascii: boolean): PersonName {
  const [a, b] = given.collapsed < family.collapsed ? [given.collapsed, family.collapsed] : [family.collapsed, given.collapsed];
  return {
    given: given.alone,
    family: family.alone,
    nick: '',
    key: `${a} ${b}`,
    givenKey: given.givenKey,
    givenKeys: given.givenKeys,
    familyKey: family.collapsed,
    ascii,
    words: [given, family],
  };
}

function keyOf(given: readonly string[], family: readonly string[]): string {
  const all = [...given, ...family];
  const long = all.filter((token) => token.length > 1);
  return (long.length > 1 ? long : all).map(collapse).sort().join(' ');
}

/** How well two names fit: 0 to 1, the same whichever side comes first. Evidence is in words, strongest first. */
export interface Scored {
  readonly score: number;
  readonly evidence: readonly string[];
}

interface Fit {
  readonly score: number;
  /** Null where the tokens are simply the same. Said when somebody asks: of most pairs that are looked at only the score is. */
  readonly word: (() => string) | null;
}

/** As `Scored`, its evidence said when somebody asks. */
interface Judged {
  readonly score: number;
  readonly evidence: () => readonly string[];
}

/** Most pairs that are looked at at all: one given name and one surname on both sides, letter by letter the same. */
const theVerySame: Judged = { score: 1, evidence: () => ['same name'] };

const none: Fit = { score: 0, word: null };
const same: Fit = { score: 1, word: null };
const partly = (score: number, word: () => string): Fit => ({ score, word });
const capital = (token: string): string => token.charAt(0).toUpperCase() + token.slice(1);
const letters = (edits: number): string => (edits === 1 ? 'one letter' : 'two letters');

/** Compares two names of what may be one person. */
export function scoreNames(license: PersonName, crm: PersonName): Scored {
  const { score, evidence } = judgeNames(license, crm);
  return { score, evidence: evidence() };
}

/** The score of `scoreNames`, without the words. */
export const nameScore = (license: PersonName, crm: PersonName): number => judgeNames(license, crm).score;

function judgeNames(license: PersonName, crm: PersonName): Judged {
  if (
    license.key === crm.key &&
    license.ascii === crm.ascii &&
    license.given.length === 1 &&
    crm.given.length === 1 &&
    license.given[0] === crm.given[0]
  ) {
    return theVerySame;
  }
  const middle = middleInitials(license, crm);
  if (license.key === crm.key) {
    // Two surnames alone ("Da-Da(a", all particles) have no given names that could stand in the wrong place.
    const given = license.given.length + crm.given.length === 0 || compareGiven(license, crm).score === 1;
    const straight = given && collapse(license.family.join('')) === collapse(crm.family.join(''));
    const plain = spelled(license) === spelled(crm) && license.ascii === crm.ascii;
    if (!straight && license.given.length + license.family.length > 1) {
      return { score: round(0.95 * middle.score), evidence: () => ['given and family name swapped', ...evidenceOf(middle)] };
    }
    return {
      score: round((plain ? 1 : 0.98) * middle.score),
      evidence: () => [plain ? 'same name' : 'same after transliteration', ...evidenceOf(middle)],
    };
  }
  if (license.family.length === 0 || crm.family.length === 0) return oneSingleName(license, crm);

  const straight = combine(compareGiven(license, crm), compareFamily(license.family, crm.family));
  // Swapped names never score above this.
  if (straight.score >= 0.95)
    return { score: round(straight.score * middle.score), evidence: () => [...straight.evidence(), ...evidenceOf(middle)] };
  // Either side may be the one in the wrong order, and only given names have nicknames.
  const licenseTurned = swapped(compareFamily(license.given, crm.family), () => compareGiven(turned(license), crm));
  const crmTurned = swapped(compareFamily(license.family, crm.given), () => compareGiven(license, turned(crm)));
  const better = crmTurned.score > licenseTurned.score ? crmTurned : licenseTurned;
  const best = better.score > straight.score ? better : straight;
  return {
    score: round(best.score * middle.score),
    evidence: () => (best.score === 0 ? [] : [...best.evidence(), ...evidenceOf(middle)]),
  };
}

const round = (score: number): number => Math.round(score * 1000) / 1000;
const evidenceOf = (part: Fit): string[] => (part.word === null ? [] : [part.word()]);
const turned = (name: PersonName): PersonName => ({ ...name, given: name.family, family: name.given, nick: '', words: null });
const spelled = (name: PersonName): string =>
  [...name.given, ...name.family]
    .filter((token) => token.length > 1)
    .sort()
    .join(' ');

const nobody: Judged = { score: 0, evidence: () => [] };

/** Two halves in the wrong order. A half that fits by chance says nothing about the other half in the wrong place. */
function swapped(family: Fit, givenFit: () => Fit): Judged {
  if (family.score === 0) return nobody;
  const given = givenFit();
  if (given.score === 0) return nobody;
  return {
    score: 0.95 * given.score * family.score,
    evidence: () => ['given and family name swapped', ...evidenceOf(given), ...evidenceOf(family)],
  };
}

function combine(given: Fit, family: Fit): Judged {
  if (given.score === 0 && family.score === 0) return nobody;
  const words = (): string[] => [...evidenceOf(given), ...evidenceOf(family)];
  if (given.score === 0 || family.score === 0) {
    return given.score > 0
      ? { score: 0.45 * given.score, evidence: () => ['same given name, other surname', ...words()] }
      : { score: 0.25 * family.score, evidence: () => ['same surname, other given name', ...words()] };
  }
  const isPlain = given.word === null && family.word === null;
  return {
    score: (isPlain ? 0.97 : 1) * given.score * family.score,
    evidence: () => (isPlain ? ['same given name and surname'] : words()),
  };
}

function oneSingleName(a: PersonName, b: PersonName): Judged {
  const single = a.family.length === 0 ? a : b;
  const other = single === a ? b : a;
  const name = single.given.find((token) => token.length > 1 && (other.given.includes(token) || other.family.includes(token)));
  if (name !== undefined) return { score: 0.4, evidence: () => [`only the name ${capital(name)} is given, and it fits`] };
  const given = compareGiven(a, b);
  if (given.score === 0) return nobody;
  const { word } = given;
  return { score: round(0.35 * given.score), evidence: () => [word === null ? 'given name fits' : word()] };
}

/** 1 unless both have middle initials that differ: then these are two people with one name. */
function middleInitials(a: PersonName, b: PersonName): Fit {
  if (a.given.length < 2 || b.given.length < 2) return same;
  const x = a.given[1]!;
  const y = b.given[1]!;
  if (x.length > 1 && y.length > 1) return same;
  return x.charAt(0) === y.charAt(0)
    ? same
    : partly(
        0.75,
        () =>
          `middle initials ${[x, y]
            .map((t) => t.charAt(0).toUpperCase())
            .sort()
            .join(' and ')} differ`,
      );
}

function compareGiven(a: PersonName, b: PersonName): Fit {
  const x = a.given[0];
  const y = b.given[0];
  if (x === undefined || y === undefined) return none;
  if (x === y) return same;
  if (x.length > 1 && y.length > 1) {
    if (collapse(x) === collapse(y)) return partly(1, () => 'given name same after transliteration');
    if ((a.given.length > 1 || b.given.length > 1) && a.given.join('') === b.given.join('')) return same;
  }
  const nickname = nicknameFit(x, y) ?? betterOf(nicknameFit(a.nick, y), nicknameFit(x, b.nick));
  if (nickname !== null) return nickname;
  if (x.length === 1 || y.length === 1) {
    const [initial, full] = x.length === 1 ? [x, y] : [y, x];
    return full.startsWith(initial) ? partly(0.6, () => `initial ${capital(initial)}. fits ${capital(full)}`) : none;
  }
  const shared = a.given.find((token) => token.length > 1 && b.given.includes(token));
  if (shared !== undefined) return partly(0.7, () => `given name ${capital(shared)} in common`);
  const edits = nearness(x, y);
  if (edits > 0) return partly(edits === 1 ? 0.75 : 0.5, () => `given name differs by ${letters(edits)}`);
  const [short, long] = x.length < y.length ? [x, y] : [y, x];
  return short.length >= 3 && long.startsWith(short) ? partly(0.7, () => `${capital(short)} is short for ${capital(long)}`) : none;
}

/** Where both sides write a nickname down, each fits the other's given name in its own way. */
const betterOf = (a: Fit | null, b: Fit | null): Fit | null => (a === null || (b !== null && b.score > a.score) ? b : a);

function nicknameFit(x: string, y: string): Fit | null {
  if (x === '' || y === '') return null;
  const name = sharedGivenName(x, y);
  if (name === null) return null;
  if (x === y) return partly(0.95, () => `nickname ${capital(x)} is written down`);
  const [first, second] = x < y ? [x, y] : [y, x];
  if (name !== x && name !== y) return partly(0.85, () => `nicknames: ${capital(first)} and ${capital(second)} are both ${capital(name)}`);
  return partly(0.9, () => `nickname: ${capital(name === x ? y : x)} is ${capital(name)}`);
}

function compareFamily(a: readonly string[], b: readonly string[]): Fit {
  const x = a.length === 1 ? a[0]! : a.join('');
  const y = b.length === 1 ? b[0]! : b.join('');
  if (x === '' || y === '') return none;
  if (x === y) return same;
  if (collapse(x) === collapse(y)) return partly(1, () => 'surname same after transliteration');
  if (x.length === 1 || y.length === 1) {
    const [initial, full] = x.length === 1 ? [x, y] : [y, x];
    return full.startsWith(initial) ? partly(0.5, () => `surname initial ${capital(initial)}. fits ${capital(full)}`) : none;
  }
  // Of two single words there is no more to compare than their letters.
  if (a.length > 1 || b.length > 1) {
    const coreA = core(a);
    const coreB = core(b);
    if (collapse(coreA.join('')) === collapse(coreB.join('')))
      return partly(0.95, () => 'surname same apart from "van", "de" and the like');
    const shared = coreA.find((token) => token.length > 1 && coreB.some((other) => collapse(other) === collapse(token)));
    if (shared !== undefined && (coreA.length > 1 || coreB.length > 1))
      return partly(0.85, () => `double-barrelled surname contains ${capital(shared)}`);
  }
  const edits = nearness(x, y);
  return edits > 0 ? partly(edits === 1 ? 0.85 : 0.6, () => `surname differs by ${letters(edits)}`) : none;
}

function core(family: readonly string[]): readonly string[] {
  const rest = family.filter((token) => !particles.has(token));
  return rest.length === 0 ? family : rest;
}

/** 1 or 2 edits where the words are long enough that it is no other name; else 0. */
function nearness(x: string, y: string): 0 | 1 | 2 {
  const shorter = Math.min(x.length, y.length);
  if (shorter < 4) return 0;
  const edits = editDistance(x, y, shorter >= 7 ? 2 : 1);
  return edits === 1 || (edits === 2 && shorter >= 7) ? edits : 0;
}

/**
 * Whether two names cannot be one person: given name and surname both disagree, in either order, after nicknames, initials,
 * transliteration and small typing errors. A changed surname alone is a marriage; a missing half never contradicts.
 */
export function namesContradict(a: PersonName | null, b: PersonName | null): boolean {
  if (a === null || b === null || a.key === b.key) return false;
  if (a.given.length === 0 || b.given.length === 0 || a.family.length === 0 || b.family.length === 0) return false;
  const ofB = [...b.given, ...b.family];
  for (const x of [...a.given, ...a.family]) {
    if (particles.has(x)) continue;
    for (const y of ofB) {
      if (x.length < 2 || y.length < 2 || particles.has(y)) continue;
      const shorter = Math.min(x.length, y.length);
      if (shorter >= 3 && editDistance(x, y, shorter >= 5 ? 2 : 1) <= (shorter >= 5 ? 2 : 1)) return false;
      if (x === y || collapse(x) === collapse(y)) return false;
    }
  }
  return nameScore(a, b) === 0;
}
