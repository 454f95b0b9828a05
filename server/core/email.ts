/** An email that can be an address. All texts keep what a person wrote in `original`; nothing is ever repaired in place. */
export interface EmailAddress {
  readonly kind: 'address';
  readonly original: string;
  /** What LinkedIn compares, see `joinKeyOf`. */
  readonly joinKey: string;
  /** `local + '@' + domain`: equal for two spellings that reach the same mailbox. */
  readonly canonical: string;
  readonly local: string;
  /** Lower-case A-labels, without a trailing dot. */
  readonly domain: string;
}

/** `missing` and `invalid` never match anything, each other included. `why` completes "not an address: …". */
export type ParsedEmail = EmailAddress | { readonly kind: 'missing' } | { readonly kind: 'invalid'; readonly why: string };

/** No address is longer than 254 octets (RFC 3696 erratum 1690); beyond this, a field holds something else and is not looked at. */
const longestField = 1000;

const outerWhiteSpace = /^\p{White_Space}+|(?<!\p{White_Space})\p{White_Space}+$/gu;
const whiteSpace = /\p{White_Space}/u;
const control = /\p{Cc}/u;
/** Zero-width, soft hyphen, bidi marks, BOM, fillers (Unicode Default_Ignorable_Code_Point), and the blank Braille pattern. */
const invisible = /[\p{Default_Ignorable_Code_Point}\u2800]/gu;
const fullWidth = /[\uFF01-\uFF5E\u3002\uFF61]/gu;
const nonAscii = /[^\0-\x7F]/u;

const utf8 = new TextEncoder();
const octets = (text: string): number => (nonAscii.test(text) ? utf8.encode(text).length : text.length);

/** Whether a character cannot be seen in an email field. */
export const isInvisible = (character: string): boolean => character.search(invisible) >= 0;

/**
 * What LinkedIn's CRM Sync compares: letter case and outer white space aside, everything else counts. Inferred, LinkedIn
 * publishes no rule; this function is the one place that holds it.
 */
export const joinKeyOf = (value: string): string => value.replace(outerWhiteSpace, '').toLowerCase();

/** An email field without invisible characters and outer space, full-width forms as ASCII, NFC; letter case and all else as written. */
export const cleanEmail = (value: string): string =>
  plainTextAt(value) >= 0
    ? value
    : value
        .replace(invisible, '')
        .replace(fullWidth, (c) => (c === '\u3002' || c === '\uFF61' ? '.' : String.fromCharCode(c.charCodeAt(0) - 0xfee0)))
        .normalize('NFC')
        .replace(outerWhiteSpace, '');

const lower = (text: string): string => text.toLowerCase().normalize('NFC');

const invalid = (why: string): ParsedEmail => ({ kind: 'invalid', why });

/**
 * Reads one email field by RFC 5321, 5322 and 6531. Never throws. Quoted local parts are addresses; address literals and
 * domains without a dot are not (no company address looks like that).
 */
export function parseEmail(value: string): ParsedEmail {
  const plain = plainTextAt(value);
  if (plain >= 0) {
    const canonical = value.toLowerCase();
    return {
      kind: 'address',
      original: value,
      joinKey: canonical,
      canonical,
      local: canonical.slice(0, plain),
      domain: canonical.slice(plain + 1),
    };
  }
  if (value.length > longestField) {
    return value.search(/[^\p{White_Space}\p{Default_Ignorable_Code_Point}\u2800]/u) < 0
      ? { kind: 'missing' }
      : invalid('the text is far too long');
  }
  const text = cleanEmail(value);
  if (text === '') return { kind: 'missing' };
  if (!text.isWellFormed() || text.includes('\uFFFD')) return invalid('it holds a broken character');
  if (text.includes('<') || text.includes('>')) return invalid('it holds angle brackets; keep only the address between them');
  if (/^mailto:/i.test(text)) return invalid('it starts with "mailto:"; keep only the address');

  const at = text.startsWith('"') ? endOfQuoted(text) : text.indexOf('@');
  if (text.startsWith('"') && at < 0) return invalid('the quoted part before the @ is not well formed');
  if (at < 0) return invalid('it has no @');
  if (at === 0) return invalid('nothing stands before the @');
  if (at === text.length - 1) return invalid('nothing stands after the @');
  if (text.includes('@', at + 1)) return invalid('it has more than one @');

  const local = lower(text.slice(0, at));
  const wrongLocal = whyNotLocal(local);
  if (wrongLocal !== null) return invalid(wrongLocal);
  const domain = asciiDomain(text.slice(at + 1));
  if ('why' in domain) return invalid(domain.why);
  if (octets(local) + 1 + domain.name.length > 254) return invalid('it is longer than 254 characters');
  return {
    kind: 'address',
    original: value,
    joinKey: joinKeyOf(value),
    canonical: `${local}@${domain.name}`,
    local,
    domain: domain.name,
  };
}

const scratch = new Uint8Array(256);

/** `plainAt` for a text. */
function plainTextAt(value: string): number {
  if (value.length > scratch.length) return -1;
  for (let i = 0; i < value.length; i++) {
    const c = value.charCodeAt(i);
    if (c > 127) return -1;
    scratch[i] = c;
  }
  return plainAt(scratch, 0, value.length);
}

/** Index of the @ after a quoted local part (RFC 5321 §4.1.2 Quoted-string), or -1. */
function endOfQuoted(text: string): number {
  for (let i = 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') return text[i + 1] === '@' ? i + 1 : -1;
  }
  return -1;
}

function whyNotLocal(local: string): string | null {
  if (octets(local) > 64) return 'the part before the @ is longer than 64 characters';
  if (control.test(local)) return 'it holds a control character';
  if (local === '""') return 'nothing stands before the @';
  // RFC 5321 §4.1.2: a quoted string may hold ASCII spaces, and anything else that can be seen.
  if (whiteSpace.test(local.startsWith('"') ? local.replaceAll(' ', '') : local)) return 'it has a space inside';
  if (local.startsWith('"')) return null;
  const strange = /[^a-z0-9!#$%&'*+/=?^_`{|}~.\u{A0}-\u{10FFFF}-]/u.exec(local);
  if (strange !== null) return `the character ${strange[0]} cannot stand before the @`;
  if (local.startsWith('.') || local.endsWith('.')) return 'the part before the @ starts or ends with a dot';
  if (local.includes('..')) return 'two dots follow each other';
  return null;
}

/**
 * The domain as lower-case A-labels (RFC 5890), or why it is none. Written A-labels are taken as they are: whether they decode
 * differs between URL implementations, and an address that decodes to nothing still equals itself.
 */
function asciiDomain(written: string): { readonly name: string } | { readonly why: string } {
  let name = lower(written);
  if (whiteSpace.test(name)) return { why: 'it has a space inside' };
  if (control.test(name)) return { why: 'it holds a control character' };
  if (name.startsWith('[')) return { why: 'it names a server by number instead of a domain' };
  const strange = nonAscii.test(name) ? /[\0-,/:-`{-\x7F]/u.exec(name) : /[^a-z0-9.-]/.exec(name);
  if (strange !== null) return { why: `the character ${strange[0]} cannot stand in a domain` };
  if (nonAscii.test(name)) {
    const url = URL.parse(`http://${name}/`);
    if (url === null) return { why: 'the domain is not a valid international domain name' };
    name = url.hostname;
  }
  if (name.endsWith('.')) name = name.slice(0, -1);
  if (name.length > 253) return { why: 'the domain is longer than 253 characters' };
  const labels = name.split('.');
  if (labels.includes('')) return { why: 'the domain starts with a dot or has two dots in a row' };
  if (labels.length < 2) return { why: 'the domain has no dot' };
  for (const label of labels) {
    if (label.length > 63) return { why: 'a part of the domain is longer than 63 characters' };
    if (label.startsWith('-') || label.endsWith('-')) return { why: 'a part of the domain starts or ends with a hyphen' };
    if (/[^a-z0-9-]/.test(label)) return { why: 'the domain is not a valid international domain name' };
  }
  if (/^\d+$/.test(labels.at(-1)!)) return { why: 'the domain ends in a number' };
  return { name };
}

/** What a byte may be in a plain address. */
export const byteClasses = { bad: 0, letter: 1, digit: 2, hyphen: 3, dot: 4, atSign: 5, otherAtom: 6 };
const { bad, letter, digit, hyphen, dot, atSign, otherAtom } = byteClasses;
export const classOfByte = Uint8Array.from({ length: 256 }, (_, byte) => {
  const c = String.fromCharCode(byte);
  if (/[A-Za-z]/.test(c)) return letter;
  if (/[0-9]/.test(c)) return digit;
  if (c === '-') return hyphen;
  if (c === '.') return dot;
  if (c === '@') return atSign;
  return "!#$%&'*+/=?^_`{|}~".includes(c) ? otherAtom : bad;
});

/**
 * The fast path of `parseEmail`: index of the @ where `bytes[from, to)` are an address whose `canonical` and `joinKey` are
 * both simply these bytes in ASCII lower case; -1 where that is not certain, and `parseEmail` has to be asked.
 */
export function plainAt(bytes: Uint8Array, from: number, to: number): number {
  if (to - from > 254) return -1;
  let i = from;
  let previous = dot;
  for (; i < to; i++) {
    const c = classOfByte[bytes[i]!]!;
    if (c === atSign) break;
    if (c === bad || (c === dot && previous === dot)) return -1;
    previous = c;
  }
  const at = i;
  if (previous === dot || at === to || at - from > 64) return -1;

  let start = at + 1;
  let dots = 0;
  let notLetter = 0;
  previous = dot;
  for (i = start; i < to; i++) {
    const c = classOfByte[bytes[i]!]!;
    if (c === letter) {
      previous = c;
    } else if (c === dot) {
      if (previous === dot || previous === hyphen || i - start > 63) return -1;
      start = i + 1;
      dots++;
      notLetter = 0;
      previous = c;
    } else if (c === digit || c === hyphen) {
      if (c === hyphen && previous === dot) return -1;
      notLetter = 1;
      previous = c;
    } else {
      return -1;
    }
  }
  return dots === 0 || notLetter === 1 || previous === dot || to - start > 63 || to - at > 254 ? -1 : at;
}

/** A canonical local part without its +tag; as it is where there is none. */
export function withoutTag(local: string): string {
  const plus = local.startsWith('"') ? -1 : local.indexOf('+');
  return plus > 0 ? local.slice(0, plus) : local;
}

/**
 * Domains where anybody can open a mailbox: an address there is private, never a company's. mail.example stands for them in the
 * demo and in tests, where nobody may have an address at a real one (RFC 2606).
 */
export const publicMailProviders: ReadonlySet<string> = new Set(
  `gmail.com googlemail.com outlook.com outlook.de outlook.fr outlook.es hotmail.com hotmail.co.uk hotmail.de hotmail.fr hotmail.it
   hotmail.es live.com live.co.uk live.nl live.fr msn.com passport.com yahoo.com yahoo.co.uk yahoo.co.in yahoo.co.jp yahoo.de yahoo.fr
   yahoo.it yahoo.es yahoo.ca yahoo.com.br yahoo.com.au ymail.com rocketmail.com icloud.com me.com mac.com aol.com aim.com gmx.de gmx.net
   gmx.com gmx.at gmx.ch web.de freenet.de t-online.de proton.me protonmail.com pm.me tutanota.com tuta.io fastmail.com hey.com zoho.com
   zohomail.com mail.com mail.ru bk.ru list.ru inbox.ru yandex.ru yandex.com ya.ru rambler.ru qq.com 163.com 126.com sina.com foxmail.com
   naver.com daum.net hanmail.net orange.fr wanadoo.fr free.fr laposte.net sfr.fr libero.it virgilio.it tiscali.it wp.pl o2.pl onet.pl
   interia.pl seznam.cz btinternet.com sky.com virginmedia.com comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net
   rediffmail.com uol.com.br bol.com.br terra.com.br ziggo.nl kpnmail.nl telenet.be bluewin.ch telia.com bigpond.com optusnet.com.au
   mail.example`
    .trim()
    .split(/\s+/),
);
