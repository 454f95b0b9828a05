/** What a mail says, before it is written for a mail program. */
export interface MailContent {
  readonly subject: string;
  /** Plain text; a blank line parts paragraphs, lines that begin with "1. " or "- " are a list. */
  readonly text: string;
  /** The one link: a page of ours ("/plans/…") or a whole address. `href` null: not to be shown here. */
  readonly action: { readonly label: string; readonly href: string | null } | null;
}

/**
 * Both parts of a mail. The HTML needs nothing from outside: no picture, no script, no font. It is read in dark mode and on a phone as well.
 *
 * @param baseUrl where people open Seatmatch: what a page's address begins with
 */
export function renderMail(mail: MailContent, baseUrl: string): { text: string; html: string } {
  const { action } = mail;
  const url = action && (action.href === null ? null : action.href.startsWith('/') ? `${baseUrl}${action.href}` : action.href);
  const footer = 'Sent by Seatmatch, which keeps the emails of your CRM and of Sales Navigator the same.';
  const link = action ? `\n\n${action.label}:\n${url ?? '(this link stood in the mail only)'}` : '';
  return {
    text: `${mail.text}${link}\n\n-- \n${footer}\n`,
    html: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(mail.subject)}</title>
<style>${style}</style>
</head>
<body>
<div class="mail">
<h1>${escaped(mail.subject)}</h1>
${mail.text
  .split(/\n{2,}/u)
  .map(blockOf)
  .join('\n')}
${action ? buttonOf(action.label, url) : ''}
<p class="footer">${escaped(footer)}</p>
</div>
</body>
</html>
`,
  };
}

const style = `
:root { color-scheme: light dark }
body { margin: 0; padding: 24px 16px; background: #f1f4f6; color: #14202a; font: 16px/1.55 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif }
.mail { max-width: 34rem; margin: 0 auto; padding: 28px 28px 20px; background: #fff; border: 1px solid #dbe1e6; border-radius: 12px; overflow-wrap: break-word }
h1 { margin: 0 0 16px; font-size: 20px; line-height: 1.3 }
p, ol, ul { margin: 0 0 16px }
ol, ul { padding-left: 24px }
li { margin-bottom: 6px }
.button { display: inline-block; margin: 4px 0 12px; padding: 12px 20px; background: #04687f; color: #fff; border-radius: 8px; font-weight: 600; text-decoration: none }
.plain { font-size: 13px; color: #51606d }
.footer { margin: 20px 0 0; padding-top: 14px; border-top: 1px solid #dbe1e6; font-size: 13px; color: #51606d }
@media (prefers-color-scheme: dark) {
  body { background: #0b1116; color: #d3dbe1 }
  .mail { background: #172028; border-color: #2b3842 }
  .button { background: #0f7a8f }
  .plain, .footer { color: #95a4af; border-color: #2b3842 }
  .plain a { color: #78c2d1 }
}`;

/** A paragraph; its trailing lines may be a list. */
function blockOf(block: string): string {
  const lines = block.split('\n').filter((line) => line.trim() !== '');
  const isItem = (line: string) => /^(?:\d+\. |- )/u.test(line);
  const first = lines.findIndex(isItem);
  const before = first < 0 ? lines : lines.slice(0, first);
  const items = first < 0 ? [] : lines.slice(first);
  const tag = items[0]?.startsWith('- ') ? 'ul' : 'ol';
  const paragraph = before.length > 0 ? `<p>${before.map(escaped).join('<br>')}</p>` : '';
  if (items.length === 0) return paragraph;
  const list = items.map((line) => `<li>${escaped(line.replace(/^(?:\d+\. |- )/u, ''))}</li>`).join('');
  return `${paragraph}<${tag}>${list}</${tag}>`;
}

function buttonOf(label: string, url: string | null): string {
  if (url === null) return `<p><span class="button">${escaped(label)}</span></p>`;
  return `<p><a class="button" href="${escaped(url)}">${escaped(label)}</a></p>
<p class="plain">If the button does nothing, open this address: <a href="${escaped(url)}">${escaped(url)}</a></p>`;
}

/** Text for HTML, in elements and in quoted attributes. */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
