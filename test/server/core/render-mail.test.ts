import fc from 'fast-check';
import { expect, test } from 'vitest';
import { renderMail } from '../../../server/core/render-mail.ts';

const base = 'https://seatmatch.acme.example';

test('a page of ours becomes a whole address, in both parts', () => {
  const { text, html } = renderMail({ subject: 'S', text: 'Hello.', action: { label: 'Open', href: '/plans/1?a=1&b=2' } }, base);
  expect(text).toContain(`Open:\n${base}/plans/1?a=1&b=2`);
  expect(html).toContain(`href="${base}/plans/1?a=1&amp;b=2"`);
});

test('a link that is not to be shown is in neither part', () => {
  const { text, html } = renderMail({ subject: 'S', text: 'Hello.', action: { label: 'Open', href: null } }, base);
  expect(text).toContain('(this link stood in the mail only)');
  expect(html).not.toContain('<a ');
});

test('paragraphs and lists of the text are paragraphs and lists of the page', () => {
  const { html } = renderMail({ subject: 'S', text: 'How to:\n1. One\n2. Two\n\nThen:\n- a\n- b\n\nEnd', action: null }, base);
  const plain = html.replaceAll(/ style="[^"]*"/gu, '');
  expect(plain).toContain('<p>How to:</p><ol><li>One</li><li>Two</li></ol>');
  expect(plain).toContain('<p>Then:</p><ul><li>a</li><li>b</li></ul>');
  expect(plain).toContain('<p>End</p>');
});

test('Outlook for Windows, which knows no boxes, finds tables and a button as wide as its padding', () => {
  const { html } = renderMail({ subject: 'S', text: 'Hello.', action: { label: 'Open', href: '/x' } }, base);
  expect(html).toMatch(/<body[^>]*><table[^>]*role="presentation"/u);
  expect(html).toContain('<!--[if mso]><i');
});

test('nothing that a list of people may hold becomes markup, and nothing is asked from outside', () => {
  const nasty = fc.constantFrom('<script>x</script>', '"><img src=x onerror=y>', '</style>', "' onclick='z", '&lt;', '\u2028', '1. <b>');
  const anything = fc.array(fc.oneof(nasty, fc.string({ unit: 'grapheme' })), { maxLength: 6 }).map((parts) => parts.join('\n'));
  fc.assert(
    fc.property(anything, anything, anything, (subject, text, label) => {
      const { html } = renderMail({ subject, text, action: { label, href: '/x' } }, base);
      const tags = new Set([...html.matchAll(/<\/?([a-z0-9]+)/giu)].map(([, tag]) => tag!.toLowerCase()));
      for (const tag of ['script', 'img', 'b', 'link', 'iframe']) expect(tags.has(tag)).toBe(false);
      expect(html.match(/<style>/gu)).toHaveLength(1);
      expect(html.match(/<\/style>/gu)).toHaveLength(1);
      expect(html).not.toMatch(/\son\w+=['"]/u);
      expect(html).not.toMatch(/url\(|@import|src=(?!x)/u);
    }),
  );
});
