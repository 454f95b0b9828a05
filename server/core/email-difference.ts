import { cleanEmail, type EmailAddress, isInvisible, parseEmail, publicMailProviders, withoutTag } from './email.ts';
import type { MarkedRun } from './finding.ts';
import { isLookAlike, nameOfCharacter, withLatinLetters } from './look-alikes.ts';
import type { Difference } from './status.ts';

/** What is known beside the two addresses. Domains are canonical (lower-case A-labels). */
export interface DifferenceContext {
  /** The current domain for a declared alias or old domain; any other domain itself. */
  readonly aliases: (domain: string) => string;
  readonly companyDomains: ReadonlySet<string>;
  /** Domains declared as old: they became another one. */
  readonly declaredOld: ReadonlySet<string>;
  /** The license email is a second address of this CRM user. */
  readonly secondary: boolean;
  /** Asked last, and of few. */
  readonly sameGivenNameChangedSurname: () => boolean;
}

/** `side` holds what is named: the invisible character, the look-alike, the tag, the old domain or the private address. */
export interface DescribedDifference {
  readonly difference: Difference;
  readonly side: 'license' | 'crm' | 'both' | null;
}

const sideOf = (license: boolean, crm: boolean): DescribedDifference['side'] =>
  license && crm ? 'both' : license ? 'license' : crm ? 'crm' : null;

/**
 * Names what parts the two emails of one person. Where several things differ, the one that a person has to mend by hand
 * comes first, so that `old-domain` always means equal local parts (only those fit LinkedIn's domain-change file).
 */
export function describeDifference(licenseEmail: string, crmEmail: string, context: DifferenceContext): DescribedDifference {
  const license = parseEmail(licenseEmail);
  const crm = parseEmail(crmEmail);
  if (license.kind !== 'address' || crm.kind !== 'address') return { difference: 'other', side: null };
  if (license.canonical === crm.canonical) return sameMailbox(license, crm);

  if (/[^\0-\x7F]/.test(licenseEmail + crmEmail)) {
    const latinLicense = parseEmail(withLatinLetters(cleanEmail(licenseEmail)));
    const latinCrm = parseEmail(withLatinLetters(cleanEmail(crmEmail)));
    if (latinLicense.kind === 'address' && latinCrm.kind === 'address' && latinLicense.canonical === latinCrm.canonical) {
      return {
        difference: 'look-alike-letter',
        side: sideOf(latinLicense.canonical !== license.canonical, latinCrm.canonical !== crm.canonical),
      };
    }
  }

  const licenseCurrent = context.aliases(license.domain);
  const crmCurrent = context.aliases(crm.domain);
  const bothCompany = context.companyDomains.has(licenseCurrent) && context.companyDomains.has(crmCurrent);
  const licenseOld = context.declaredOld.has(license.domain);
  const crmOld = context.declaredOld.has(crm.domain);
  const domainsAgree = licenseCurrent === crmCurrent;

  if (domainsAgree || bothCompany) {
    if (license.local === crm.local) {
      return licenseOld || crmOld
        ? { difference: 'old-domain', side: sideOf(licenseOld, crmOld) }
        : { difference: 'other-company-domain', side: null };
    }
    const licenseTag = withoutTag(license.local) !== license.local;
    const crmTag = withoutTag(crm.local) !== crm.local;
    if (withoutDots(withoutTag(license.local)) === withoutDots(withoutTag(crm.local))) {
      // Each sentence has to be true as it stands: one email has a tag, the two differ only by dots, both domains are yours.
      if (licenseTag !== crmTag) return { difference: 'plus-tag', side: sideOf(licenseTag, crmTag) };
      if (withoutDots(license.local) !== withoutDots(crm.local)) return { difference: 'other', side: null };
      return { difference: license.domain === crm.domain ? 'dots' : 'other-company-domain', side: null };
    }
  }
  const licensePrivate = publicMailProviders.has(license.domain);
  const crmPrivate = publicMailProviders.has(crm.domain);
  if (licensePrivate !== crmPrivate) return { difference: 'private-address', side: sideOf(licensePrivate, crmPrivate) };
  if (context.secondary) return { difference: 'secondary-address', side: null };
  if (context.sameGivenNameChangedSurname()) return { difference: 'changed-name', side: null };
  return { difference: 'other', side: null };
}

const withoutDots = (local: string): string => local.replaceAll('.', '');

/** Same mailbox, other characters: they are invisible, full-width, or a form (IDN, trailing dot) without a name of its own. */
function sameMailbox(license: EmailAddress, crm: EmailAddress): DescribedDifference {
  const invisibleSide = sideOf(isInvisible(license.original), isInvisible(crm.original));
  if (invisibleSide !== null) return { difference: 'invisible-character', side: invisibleSide };
  const fullWidthSide = sideOf(hasFullWidth(license.original), hasFullWidth(crm.original));
  return fullWidthSide === null ? { difference: 'other', side: null } : { difference: 'look-alike-letter', side: fullWidthSide };
}

const hasFullWidth = (text: string): boolean => /[\uFF01-\uFF5E\u3002\uFF61]/u.test(text);

/** One letter with the marks on it; an invisible character stands alone, so that it can be shown. */
interface Glyph {
  readonly text: string;
  readonly key: string;
  readonly outer: boolean;
  differs: boolean;
}

function glyphsOf(value: string): Glyph[] {
  const parts: string[] = [];
  for (const c of value) {
    const last = parts.at(-1);
    if (last !== undefined && /^\p{M}$/u.test(c) && !isInvisible(c) && !isInvisible(last)) parts[parts.length - 1] = last + c;
    else parts.push(c);
  }
  const blank = (part: string) => /^\p{White_Space}$/u.test(part);
  const first = parts.findIndex((part) => !blank(part));
  const end = parts.findLastIndex((part) => !blank(part));
  return parts.map((text, i) => ({ text, key: text.normalize('NFC').toLowerCase(), outer: i < first || i > end, differs: true }));
}

/** Longest middle (after common start and end) that is compared letter by letter; longer ones are marked whole. */
const longestMiddle = 200;

/**
 * Cuts two short values into runs that are equal or differ. Letter case and outer space never count as a difference, as for
 * LinkedIn. The texts of the runs joined are the value itself, invisible characters included: each of those, and each
 * differing look-alike, is a run of its own whose `note` names it ("U+200B zero width space"); the screen shows the note.
 */
export function markDifference(a: string, b: string): { readonly a: readonly MarkedRun[]; readonly b: readonly MarkedRun[] } {
  const left = glyphsOf(a);
  const right = glyphsOf(b);
  pair(
    left.filter((glyph) => !glyph.outer),
    right.filter((glyph) => !glyph.outer),
  );
  return { a: runsOf(left), b: runsOf(right) };
}

function pair(left: Glyph[], right: Glyph[]): void {
  const same = (i: number, j: number) => left[i]!.key === right[j]!.key;
  const equal = (i: number, j: number) => {
    left[i]!.differs = false;
    right[j]!.differs = false;
  };
  let start = 0;
  while (start < left.length && start < right.length && same(start, start)) equal(start, start++);
  let leftEnd = left.length;
  let rightEnd = right.length;
  while (leftEnd > start && rightEnd > start && same(leftEnd - 1, rightEnd - 1)) equal(--leftEnd, --rightEnd);

  const rows = leftEnd - start;
  const columns = rightEnd - start;
  if (rows === 0 || columns === 0 || rows > longestMiddle || columns > longestMiddle) return;
  // common[i][j]: length of the longest common subsequence of what follows i on the left and j on the right.
  const common = Array.from({ length: rows + 1 }, () => new Uint8Array(columns + 1));
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      common[i]![j] = same(start + i, start + j) ? common[i + 1]![j + 1]! + 1 : Math.max(common[i + 1]![j]!, common[i]![j + 1]!);
    }
  }
  const matches: (readonly [number, number])[] = [];
  for (let i = 0, j = 0; i < rows && j < columns; ) {
    if (same(start + i, start + j)) matches.push([start + i++, start + j++]);
    else if (common[i + 1]![j]! >= common[i]![j + 1]!) i++;
    else j++;
  }
  matches.forEach(([i, j], k) => {
    const [beforeI, beforeJ] = matches[k - 1] ?? [-1, -1];
    const [afterI, afterJ] = matches[k + 1] ?? [-1, -1];
    const alone = (beforeI !== i - 1 || beforeJ !== j - 1) && (afterI !== i + 1 || afterJ !== j + 1);
    // A single equal letter between differing ones is chance and hard to read; a dot, an @, or a letter beside an invisible one is not.
    if (!alone || /^[.@]$/.test(left[i]!.key) || besideInvisible(left, i) || besideInvisible(right, j)) equal(i, j);
  });
}

const besideInvisible = (glyphs: readonly Glyph[], i: number): boolean =>
  isInvisible(glyphs[i - 1]?.text ?? '') || isInvisible(glyphs[i + 1]?.text ?? '');

function noteOf(glyph: Glyph): string | null {
  if (isInvisible(glyph.text)) return nameOfCharacter(glyph.text, 'invisible character');
  if (/^\p{White_Space}$/u.test(glyph.text)) return glyph.text === ' ' ? null : nameOfCharacter(glyph.text, 'unusual space');
  if (!glyph.differs) return null;
  if (isLookAlike(glyph.text)) return nameOfCharacter(glyph.text, '');
  return hasFullWidth(glyph.text) ? nameOfCharacter(glyph.text, 'full-width form') : null;
}

function runsOf(glyphs: readonly Glyph[]): MarkedRun[] {
  const runs: { text: string; differs: boolean; note?: string }[] = [];
  for (const glyph of glyphs) {
    const differs = glyph.differs && !glyph.outer;
    const note = noteOf(glyph);
    const last = runs.at(-1);
    if (note !== null) runs.push({ text: glyph.text, differs, note });
    else if (last !== undefined && last.note === undefined && last.differs === differs) last.text += glyph.text;
    else runs.push({ text: glyph.text, differs });
  }
  return runs;
}
