import { Body } from '@react-email/body';
import { Button } from '@react-email/button';
import { Container } from '@react-email/container';
import { Head } from '@react-email/head';
import { Heading } from '@react-email/heading';
import { Hr } from '@react-email/hr';
import { Html } from '@react-email/html';
import { Link } from '@react-email/link';
import { Text } from '@react-email/text';
import { createElement as h, type ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';

/** What a mail says, before it is written for a mail program. */
export interface MailContent {
  readonly subject: string;
  /** Plain text; a blank line parts paragraphs, lines that begin with "1. " or "- " are a list. */
  readonly text: string;
  /** The one link: a page of ours ("/plans/…") or a whole address. `href` null: not to be shown here. */
  readonly action: { readonly label: string; readonly href: string | null } | null;
}

/**
 * Both parts of a mail. The HTML is made of react-email's parts, which Outlook for Windows shows as well, and needs nothing from outside: no
 * picture, no script, no font. It is read in dark mode and on a phone as well.
 *
 * @param baseUrl where people open Seatmatch: what a page's address begins with
 */
export function renderMail(mail: MailContent, baseUrl: string): { text: string; html: string } {
  const { action } = mail;
  const url = action && (action.href === null ? null : action.href.startsWith('/') ? `${baseUrl}${action.href}` : action.href);
  const footer = 'Sent by Seatmatch, which keeps the emails of your CRM and of Sales Navigator the same.';
  const link = action ? `\n\n${action.label}:\n${url ?? '(this link stood in the mail only)'}` : '';
  const page = h(
    Html,
    { lang: 'en' },
    h(
      Head,
      null,
      h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      h('meta', { name: 'color-scheme', content: 'light dark' }),
      h('title', null, mail.subject),
      h('style', null, darkStyle),
    ),
    h(
      Body,
      { className: 'page', style: styles.page },
      h(
        Container,
        { className: 'mail', style: styles.mail },
        h(Heading, { as: 'h1', style: styles.heading }, mail.subject),
        ...mail.text.split(/\n{2,}/u).flatMap(blockOf),
        action ? buttonOf(action.label, url) : null,
        h(Hr, { className: 'rule', style: styles.rule }),
        h(Text, { className: 'plain', style: styles.plain }, footer),
      ),
    ),
  );
  return { text: `${mail.text}${link}\n\n-- \n${footer}\n`, html: `<!doctype html>\n${renderToStaticMarkup(page)}\n` };
}

const styles = {
  page: {
    margin: 0,
    padding: '24px 16px',
    backgroundColor: '#f1f4f6',
    color: '#14202a',
    fontFamily: 'system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  },
  mail: {
    maxWidth: '34rem',
    padding: '28px 28px 20px',
    backgroundColor: '#ffffff',
    border: '1px solid #dbe1e6',
    borderRadius: 12,
    overflowWrap: 'break-word',
  },
  heading: { margin: '0 0 16px', fontSize: 20, lineHeight: 1.3 },
  text: { margin: '0 0 16px', fontSize: 16, lineHeight: 1.55 },
  list: { margin: '0 0 16px', paddingLeft: 24, fontSize: 16, lineHeight: 1.55 },
  item: { marginBottom: 6 },
  button: { margin: '4px 0 12px', padding: '12px 20px', backgroundColor: '#04687f', color: '#ffffff', borderRadius: 8, fontWeight: 600 },
  rule: { margin: '20px 0 14px', borderColor: '#dbe1e6' },
  plain: { margin: '0 0 16px', fontSize: 13, lineHeight: 1.55, color: '#51606d' },
} as const;

/** What stands on an element wins over a style sheet, unless that says it is important. */
const darkStyle = `:root { color-scheme: light dark }
@media (prefers-color-scheme: dark) {
  .page, .page > table > tbody > tr > td { background-color: #0b1116 !important; color: #d3dbe1 !important }
  .mail { background-color: #172028 !important; border-color: #2b3842 !important }
  .button { background-color: #0f7a8f !important }
  .rule { border-color: #2b3842 !important }
  .plain { color: #95a4af !important }
  .address { color: #78c2d1 !important }
}`;

/** A paragraph; its trailing lines may be a list. */
function blockOf(block: string): ReactNode[] {
  const lines = block.split('\n').filter((line) => line.trim() !== '');
  const isItem = (line: string) => /^(?:\d+\. |- )/u.test(line);
  const first = lines.findIndex(isItem);
  const before = first < 0 ? lines : lines.slice(0, first);
  const items = first < 0 ? [] : lines.slice(first);
  const paragraph = h(Text, { style: styles.text }, ...before.flatMap((line, at) => (at === 0 ? [line] : [h('br'), line])));
  const list = h(
    items[0]?.startsWith('- ') ? 'ul' : 'ol',
    { style: styles.list },
    ...items.map((line) => h('li', { style: styles.item }, line.replace(/^(?:\d+\. |- )/u, ''))),
  );
  return [...(before.length > 0 ? [paragraph] : []), ...(items.length > 0 ? [list] : [])];
}

function buttonOf(label: string, url: string | null): ReactNode {
  if (url === null)
    return h(Text, { style: styles.text }, h('span', { className: 'button', style: { ...styles.button, display: 'inline-block' } }, label));
  return h(
    'div',
    null,
    h(Button, { href: url, target: '_self', className: 'button', style: styles.button }, label),
    h(
      Text,
      { className: 'plain', style: styles.plain },
      'If the button does nothing, open this address: ',
      h(Link, { href: url, target: '_self', className: 'address', style: { color: '#04687f', textDecorationLine: 'underline' } }, url),
    ),
  );
}

/** Text for HTML, in elements and in quoted attributes. */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
