import express, { type Express, type Response } from 'express';
import type pg from 'pg';
import { z } from 'zod';
import { dayInWords } from '../core/messages.ts';
import { escaped } from '../core/render-mail.ts';
import { type Answered, answerByLink, byThePerson, lookAtQuestion, type OnAnswer } from '../jobs/ask-person.ts';
import type { StoredQuestion } from '../store/question.ts';
import { limitRequests } from './limit-requests.ts';

export interface AnswerParts {
  readonly pool: pg.Pool;
  readonly workspace: { readonly workspaceId: string };
  readonly onAnswer: OnAnswer;
  readonly now: () => Date;
}

const requestsPerMinute = 120;
const form = z.object({ answer: z.enum(['confirmed', 'wrong-person', 'not-now']) });
type Answer = z.infer<typeof form>['answer'];

/** 256 bits in base64url. */
const isToken = (token: string) => /^[\w-]{43}$/u.test(token);

/**
 * The page behind the link of a question: for people without an account here, without script, at any width. Opening it never answers, for
 * mail scanners open links; its button does. Who has the link may answer, and sees no more than the mail said.
 */
export function mountAnswerPage(app: Express, { pool, workspace, onAnswer, now }: AnswerParts): void {
  app.use('/answer', (_request, response, next) => {
    response.set({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex, nofollow', 'Referrer-Policy': 'no-referrer' });
    next();
  });
  app.use(
    '/answer',
    limitRequests(requestsPerMinute, (response) =>
      send(response, 429, page('Too many clicks', ['Please wait a minute, then open the link of the mail again.'])),
    ),
  );
  app.get('/answer/:token', async (request, response) => {
    const { token } = request.params;
    show(response, isToken(token) ? await lookAtQuestion(pool, workspace.workspaceId, token, now()) : { outcome: 'unknown' });
  });
  app.post('/answer/:token', express.urlencoded({ extended: false, limit: '1kb' }), async (request, response) => {
    const token = String(request.params.token);
    const given = form.safeParse(request.body);
    if (!isToken(token)) show(response, { outcome: 'unknown' });
    else if (!given.success) show(response, await lookAtQuestion(pool, workspace.workspaceId, token, now()));
    else show(response, await answerByLink(pool, workspace.workspaceId, token, given.data.answer, onAnswer, now()), given.data.answer);
  });
  app.all('/answer{/*rest}', (_request, response) => show(response, { outcome: 'unknown' }));
}

function show(response: Response, answered: Answered, given: Answer = 'confirmed'): void {
  const { status, html } = pageOf(answered, given);
  send(response, status, html);
}

function pageOf(answered: Answered, given: Answer): { status: number; html: string } {
  switch (answered.outcome) {
    case 'open':
      return { status: 200, html: askingPage(answered.question) };
    case 'answered':
      return { status: 200, html: page(thanks[given].title, thanks[given].lines(dayInWords(answered.question.moveOn))) };
    case 'already':
      return { status: 200, html: page('You already answered', alreadyLines(answered.question)) };
    case 'expired':
      return {
        status: 410,
        html: page('This link is too old', [
          `It worked until ${dayInWords(answered.question.expiresAt)}. Nothing was changed: your license is as it was.`,
          'Ask your Sales Navigator admin for a new mail if you still want to move.',
        ]),
      };
    case 'unknown':
      return {
        status: 404,
        html: page('This link does not work', [
          'Some mail programs cut long links. Open the mail again and press its button, or copy the whole address.',
          'If that does not help, ask your Sales Navigator admin for a new mail.',
        ]),
      };
  }
}

const thanks: Record<Answer, { title: string; lines: (day: string) => string[] }> = {
  confirmed: {
    title: 'Thank you, that is noted',
    lines: (day) => [
      `On ${day} your license is taken off and given back. LinkedIn then sends an invitation to your new address.`,
      'Accept it while you are signed in to your usual LinkedIn account. Until then there is nothing else to do.',
    ],
  },
  'wrong-person': {
    title: 'Thank you for telling us',
    lines: () => ['Nothing is changed. Your admin looks at it; you can throw the mail away.'],
  },
  'not-now': {
    title: 'All right, not now',
    lines: () => ['Nothing is changed: you keep your license as it is. Your admin will ask you for a better day.'],
  },
};

const words: Record<Answer, string> = {
  confirmed: 'that you have added the new address',
  'wrong-person': 'that this mail is not for you',
  'not-now': 'that this is a bad moment',
};

function alreadyLines({ answer }: StoredQuestion): string[] {
  if (!answer) return [];
  const who = answer.by === byThePerson ? 'You told us' : 'Your admin told us for you';
  return [
    `${who} on ${dayInWords(answer.at)} ${words[answer.answer]}.`,
    'That is kept, and nothing else was changed. If it is no longer right, tell your Sales Navigator admin.',
  ];
}

function askingPage({ name, company, moveOn }: StoredQuestion): string {
  const day = dayInWords(moveOn);
  return layout(
    `Your license moves on ${day}`,
    `<h1>Have you added the new address to LinkedIn?</h1>
<p>Hello ${escaped(name)}, on ${escaped(day)} your Sales Navigator license${company === '' ? '' : ` at ${escaped(company)}`} moves to the address our mail came to. Add that address to the LinkedIn account you already have, before you press the button.</p>
<ol>
<li>Open linkedin.com and sign in as you always do.</li>
<li>Click your picture at the top, then “Settings &amp; Privacy”.</li>
<li>Under “Sign in &amp; security” choose “Email addresses”, then “Add email address”.</li>
<li>Enter the address our mail came to, and the code that LinkedIn sends there.</li>
</ol>
<form method="post">
<button class="main" name="answer" value="confirmed">Yes, I have added it</button>
<p class="small">If you can't or don't want to: nothing is changed then.</p>
<div class="others">
<button name="answer" value="not-now">Not now</button>
<button name="answer" value="wrong-person">I am not this person</button>
</div>
</form>`,
  );
}

const page = (title: string, lines: readonly string[]) =>
  layout(title, `<h1>${escaped(title)}</h1>\n${lines.map((line) => `<p>${escaped(line)}</p>`).join('\n')}`);

const layout = (title: string, body: string) => `<!doctype html>
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
p, ol { margin: 0 0 1rem }
ol { padding-left: 1.4rem }
li { margin-bottom: .35rem }
main > :last-child { margin-bottom: 0 }
button { font: inherit; cursor: pointer; border-radius: 10px; min-height: 2.75rem; padding: .5rem 1rem; border: 1px solid var(--line); background: transparent; color: inherit }
button.main { display: block; width: 100%; min-height: 3.5rem; font-weight: 650; font-size: 1.125rem; border: 0; background: var(--main); color: var(--on-main); margin: 1.5rem 0 1.25rem }
button:focus-visible { outline: 3px solid var(--main); outline-offset: 3px }
.small, footer { color: var(--quiet); font-size: .875rem }
.small { margin-bottom: .5rem }
.others { display: flex; flex-wrap: wrap; gap: .75rem }
.others button { flex: 1 1 10rem }
footer { max-width: 34rem; margin: 1rem auto 0; text-align: center }
`;

function send(response: Response, status: number, html: string): void {
  response.status(status).type('html').send(html);
}
