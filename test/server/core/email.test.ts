import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joinKeyOf, parseEmail, plainAt, publicMailProviders, withoutTag } from '../../../server/core/email.ts';

const canonicalOf = (value: string) => {
  const parsed = parseEmail(value);
  return parsed.kind === 'address' ? parsed.canonical : parsed.kind;
};
const whyOf = (value: string) => {
  const parsed = parseEmail(value);
  return parsed.kind === 'invalid' ? parsed.why : `not invalid: ${parsed.kind}`;
};

describe('the canonical address', () => {
  test.each([
    ['Jane.Doe@Example.COM', 'jane.doe@example.com'],
    ['  jane@example.com\t', 'jane@example.com'],
    ['\u00A0jane@example.com\u3000', 'jane@example.com'],
    ['\u200B jane@exam\u00ADple.com\uFEFF', 'jane@example.com'],
    ['ja\u200Dne@example.com\u202C', 'jane@example.com'],
    ['\u2800jane@example.com', 'jane@example.com'],
    ['jane@example.com.', 'jane@example.com'],
    ['ｊａｎｅ＠ｅｘａｍｐｌｅ．ｃｏｍ', 'jane@example.com'],
    ['jane@example。com', 'jane@example.com'],
    ['jane@Bücher.example', 'jane@xn--bcher-kva.example'],
    ['jane@bu\u0308cher.example', 'jane@xn--bcher-kva.example'],
    ['jane@XN--BCHER-KVA.example', 'jane@xn--bcher-kva.example'],
    ['JOSE\u0301@example.com', 'josé@example.com'],
    ["o'brien+crm@mail.example.co.uk", "o'brien+crm@mail.example.co.uk"],
    ['"Jane Doe"@example.com', '"jane doe"@example.com'],
    ['"a@b"@example.com', '"a@b"@example.com'],
    ['用户@例子.example', '用户@xn--fsqu00a.example'],
  ])('of %j is %j', (value, canonical) => expect(canonicalOf(value)).toBe(canonical));

  test('keeps what was written', () => {
    expect(parseEmail(' Jane@Example.com ')).toEqual({
      kind: 'address',
      original: ' Jane@Example.com ',
      joinKey: 'jane@example.com',
      canonical: 'jane@example.com',
      local: 'jane',
      domain: 'example.com',
    });
  });

  test('of a canonical address is itself, whatever was written', () => {
    const written = fc.oneof(
      fc.emailAddress(),
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc
        .tuple(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.string({ unit: 'binary', maxLength: 12 }))
        .map(([a, b]) => `${a}@${b}.example`),
      fc.tuple(fc.string({ unit: 'binary', maxLength: 8 }), fc.emailAddress()).map(([a, b]) => a + b),
    );
    fc.assert(
      fc.property(written, (value) => {
        const parsed = parseEmail(value);
        if (parsed.kind !== 'address') return;
        const again = parseEmail(parsed.canonical);
        expect(again).toMatchObject({ canonical: parsed.canonical, joinKey: parsed.canonical, local: parsed.local, domain: parsed.domain });
      }),
      { numRuns: 3000 },
    );
  });
});

describe('what LinkedIn compares', () => {
  test('leaves out letter case and outer white space only', () => {
    expect(joinKeyOf('\u00A0\u0085Jane.Doe@Example.com \n')).toBe('jane.doe@example.com');
    expect(joinKeyOf('jane@example.com\u200B')).toBe('jane@example.com\u200B');
    expect(joinKeyOf('\uFEFFjane@example.com')).toBe('\uFEFFjane@example.com');
    expect(joinKeyOf('jane@example.com.')).toBe('jane@example.com.');
  });
});

describe('a field without an address', () => {
  test.each(['', ' ', '\t\r\n', '\u00A0', '\u200B\uFEFF', '\u3164', '\u2800 \u00AD', ' '.repeat(2_000_000)])(
    'is missing when blank (%#)',
    (value) => expect(parseEmail(value)).toEqual({ kind: 'missing' }),
  );

  test.each([
    ['jane', 'it has no @'],
    ['@example.com', 'nothing stands before the @'],
    ['""@example.com', 'nothing stands before the @'],
    ['jane@', 'nothing stands after the @'],
    ['jane@@example.com', 'it has more than one @'],
    ['jane@example.com; joe@example.com', 'it has more than one @'],
    ['Jane Doe <jane@example.com>', 'it holds angle brackets; keep only the address between them'],
    ['mailto:jane@example.com', 'it starts with "mailto:"; keep only the address'],
    ['"Jane" jane@example.com', 'the quoted part before the @ is not well formed'],
    ['jane doe@example.com', 'it has a space inside'],
    ['jane@exam ple.com', 'it has a space inside'],
    ['jane at example.com', 'it has no @'],
    ['jane\u0000@example.com', 'it holds a control character'],
    ['jane\uFFFD@example.com', 'it holds a broken character'],
    ['jane\uD800@example.com', 'it holds a broken character'],
    ['.jane@example.com', 'the part before the @ starts or ends with a dot'],
    ['jane..doe@example.com', 'two dots follow each other'],
    ['jane,doe@example.com', 'the character , cannot stand before the @'],
    [`${'j'.repeat(65)}@example.com`, 'the part before the @ is longer than 64 characters'],
    [`${'é'.repeat(33)}@example.com`, 'the part before the @ is longer than 64 characters'],
    ['jane@example', 'the domain has no dot'],
    ['jane@[192.0.2.1]', 'it names a server by number instead of a domain'],
    ['jane@192.0.2.1', 'the domain ends in a number'],
    ['jane@example..com', 'the domain starts with a dot or has two dots in a row'],
    ['jane@.example.com', 'the domain starts with a dot or has two dots in a row'],
    ['jane@-example.com', 'a part of the domain starts or ends with a hyphen'],
    ['jane@exam_ple.com', 'the character _ cannot stand in a domain'],
    ['jane@example.com/path', 'the character / cannot stand in a domain'],
    ['jane@é.com:80', 'the character : cannot stand in a domain'],
    [`jane@${'e'.repeat(64)}.com`, 'a part of the domain is longer than 63 characters'],
    [`jane@${'e23456789.'.repeat(26)}com`, 'the domain is longer than 253 characters'],
    [`${'j'.repeat(60)}@${'e23456789.'.repeat(20)}com`, 'it is longer than 254 characters'],
    ['jane@bücher\u0378.com', 'the domain is not a valid international domain name'],
    ['x'.repeat(2_000_000), 'the text is far too long'],
    [`${' '.repeat(2_000_000)}x`, 'the text is far too long'],
  ])('%# says why it is none', (value, why) => expect(whyOf(value)).toBe(why));

  test('never throws, and an address always has two filled parts', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...'a.@"\\-\u200B <') })), (value) => {
        const parsed = parseEmail(value);
        if (parsed.kind === 'invalid') expect(parsed.why).not.toBe('');
        if (parsed.kind === 'address') expect(parsed.local !== '' && parsed.domain.includes('.')).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('the fast path over bytes', () => {
  const bytesOf = (text: string) => new TextEncoder().encode(text);

  test.each([
    'jane.doe@example.com',
    'JDOE@Example.COM',
    "o'brien+crm@mail.example.co.uk",
    'a@b.io',
    'user12345@42north.example',
    'j-d_x@a-b.example',
  ])('takes %s', (text) => {
    const row = bytesOf(`x,${text},y`);
    expect(plainAt(row, 2, row.length - 2)).toBe(2 + text.indexOf('@'));
  });

  test.each([
    '',
    ' ',
    ' jane@example.com',
    'jane@example.com ',
    'jane@example.com.',
    'jané@example.com',
    'jane@example',
    'jane@192.0.2.1',
    'jane@@example.com',
    '"jane"@example.com',
    '.jane@example.com',
    'jane.@example.com',
    'jane@-example.com',
    'jane@example-.com',
    'jane@example..com',
    'jane\u200B@example.com',
    `${'j'.repeat(65)}@example.com`,
    `jane@${'e'.repeat(64)}.com`,
    `jane@example.${'e'.repeat(64)}`,
    `${'j'.repeat(60)}@${'e23456789.'.repeat(20)}com`,
  ])('leaves %j to the rules', (text) => {
    const bytes = bytesOf(text);
    expect(plainAt(bytes, 0, bytes.length)).toBe(-1);
  });

  test('agrees with the rules wherever it says yes', () => {
    const character = fc.constantFrom(...'aZm09.-+_\'@"\\ \u200Bé/:x'.split(''));
    const likeAddress = fc
      .tuple(
        fc.string({ unit: character, minLength: 0, maxLength: 6 }),
        fc.string({ unit: character, maxLength: 6 }),
        fc.constantFrom('.com', '.co.uk', '.1', '', '.', '-.io', '.xn--p1ai'),
      )
      .map(([local, domain, end]) => `${local}@${domain}${end}`);
    const mutated = fc.tuple(fc.emailAddress(), fc.nat(), character, fc.boolean()).map(([address, at, c, insert]) => {
      const i = at % address.length;
      return address.slice(0, i) + c + address.slice(insert ? i : i + 1);
    });
    let yes = 0;
    fc.assert(
      fc.property(fc.oneof(likeAddress, mutated, fc.emailAddress(), fc.emailAddress({ size: 'large' })), (text) => {
        const bytes = bytesOf(text);
        const at = plainAt(bytes, 0, bytes.length);
        if (at < 0) return;
        yes++;
        const key = text.toLowerCase();
        expect(parseEmail(text)).toEqual({
          kind: 'address',
          original: text,
          joinKey: key,
          canonical: key,
          local: key.slice(0, at),
          domain: key.slice(at + 1),
        });
      }),
      { numRuns: 5000 },
    );
    expect(yes).toBeGreaterThan(1000);
  });

  test('takes every address of ordinary form', () => {
    const word = fc.stringMatching(/^[A-Za-z0-9]{1,10}$/);
    const ordinary = fc
      .tuple(word, fc.constantFrom('.', '_', '-', '+', ''), word, word, fc.constantFrom('com', 'example', 'co.uk'))
      .map(([a, separator, b, name, end]) => `${a}${separator}${b}@${name}.${end}`);
    fc.assert(
      fc.property(ordinary, (text) => {
        const bytes = bytesOf(text);
        expect(plainAt(bytes, 0, bytes.length)).toBe(text.indexOf('@'));
      }),
    );
  });
});

test('a +tag is cut off, a leading plus and a quoted part are not tags', () => {
  expect(withoutTag('jane+crm')).toBe('jane');
  expect(withoutTag('jane+a+b')).toBe('jane');
  expect(withoutTag('+jane')).toBe('+jane');
  expect(withoutTag('"jane+crm"')).toBe('"jane+crm"');
  expect(withoutTag('jane')).toBe('jane');
});

test('every public mail provider is a canonical domain', () => {
  for (const domain of publicMailProviders) expect(canonicalOf(`jane@${domain}`)).toBe(`jane@${domain}`);
});
