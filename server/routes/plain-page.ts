import type { Response } from 'express';
import { escaped } from '../core/render-mail.ts';

/** Pages for people without an account here: one card, at any width, light and dark. */

/** A page with a heading, sentences below it, and what else there is. @param more HTML */
export const plainPage = (title: string, lines: readonly string[], more = ''): string =>
  pageLayout(title, `<h1>${escaped(title)}</h1>\n${lines.map((line) => `<p>${escaped(line)}</p>`).join('\n')}${more}`);

/** @param body HTML */
export const pageLayout = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<main>
${body}
</main>
<footer>Seatmatch keeps the emails of a company's CRM and of Sales Navigator the same.</footer>
</body>
</html>
`;

const style = `
:root { color-scheme: light dark; --page: #f1f4f6; --card: #fff; --line: #dbe1e6; --text: #14202a; --quiet: #51606d; --main: #04687f; --on-main: #fff }
@media (prefers-color-scheme: dark) { :root { --page: #0b1116; --card: #172028; --line: #3a4954; --text: #d3dbe1; --quiet: #95a4af; --main: #0f7a8f } }
* { box-sizing: border-box }
body { margin: 0; padding: 1.5rem 1rem 3rem; background: var(--page); color: var(--text); font: 1.0625rem/1.55 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif }
main { max-width: 34rem; margin: 4vh auto 0; padding: 1.75rem; background: var(--card); border: 1px solid var(--line); border-radius: 14px; overflow-wrap: break-word }
h1 { margin: 0 0 1rem; font-size: 1.5rem; line-height: 1.25; text-wrap: balance }
h2 { margin: 1.75rem 0 .5rem; font-size: 1.125rem }
h3 { margin: 1.25rem 0 .5rem; font-size: 1rem }
p, ol, ul { margin: 0 0 1rem }
ol, ul { padding-left: 1.4rem }
li { margin-bottom: .35rem }
main > :last-child { margin-bottom: 0 }
button { font: inherit; cursor: pointer; border-radius: 10px; min-height: 2.75rem; padding: .5rem 1rem; border: 1px solid var(--line); background: transparent; color: inherit }
button.main { display: block; width: 100%; min-height: 3.5rem; font-weight: 650; font-size: 1.125rem; border: 0; background: var(--main); color: var(--on-main); margin: 1.5rem 0 1.25rem }
a { color: var(--main) }
@media (prefers-color-scheme: dark) { a { color: #5cc4d8 } }
a.button { display: block; text-align: center; text-decoration: none; border-radius: 10px; padding: .75rem 1rem; border: 1px solid var(--line); color: inherit }
a.main { font-weight: 650; font-size: 1.125rem; border: 0; background: var(--main); color: var(--on-main) }
label { display: block; margin-bottom: 1rem }
input { display: block; width: 100%; margin-top: .35rem; min-height: 2.75rem; font: inherit; padding: .5rem .75rem; border: 1px solid var(--line); border-radius: 10px; background: transparent; color: inherit }
form { margin: 0 0 1rem }
form button.main { margin: .5rem 0 }
details summary { cursor: pointer; padding: .5rem 0 }
.note, .alarm { padding: .75rem 1rem; border-radius: 10px; border: 1px solid var(--line) }
.alarm { border-color: #b3261e; background: color-mix(in srgb, #b3261e 12%, transparent) }
.alarm .main { background: #b3261e; margin: 0 }
.alarm form { margin: 0 }
:is(a, summary, input):focus-visible,
button:focus-visible { outline: 3px solid var(--main); outline-offset: 3px }
.small, footer { color: var(--quiet); font-size: .875rem }
.small { margin-bottom: .5rem }
.others { display: flex; flex-wrap: wrap; gap: .75rem }
.others button { flex: 1 1 10rem }
footer { max-width: 34rem; margin: 1rem auto 0; text-align: center }
`;

export function sendPage(response: Response, status: number, html: string): void {
  response.status(status).type('html').send(html);
}
