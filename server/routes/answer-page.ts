import express, { type Express, type Response } from 'express';
import type pg from 'pg';
import { z } from 'zod';
import { dayInWords } from '../core/messages.ts';
import { escaped } from '../core/render-mail.ts';
import { type Answered, answerByLink, byThePerson, lookAtQuestion, type OnAnswer } from '../jobs/ask-person.ts';
import type { StoredQuestion } from '../store/question.ts';
import { showAddressPage } from './address-page.ts';
import { limitRequests } from './limit-requests.ts';
import { pageLayout, plainPage, sendPage } from './plain-page.ts';

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
      sendPage(response, 429, plainPage('Too many clicks', ['Please wait a minute, then open the link of the mail again.'])),
    ),
  );
  app.get('/answer/:token', async (request, response) => {
    const { token } = request.params;
    if (isToken(token) && (await showAddressPage(response, { pool, workspaceId: workspace.workspaceId, token, now: now() }))) return;
    show(response, isToken(token) ? await lookAtQuestion(pool, workspace.workspaceId, token, now()) : { outcome: 'unknown' });
  });
  app.post('/answer/:token', express.urlencoded({ extended: false, limit: '1kb' }), async (request, response) => {
    const token = String(request.params.token);
    const given = form.safeParse(request.body);
    const asked = { pool, workspaceId: workspace.workspaceId, token, now: now(), body: request.body as unknown };
    if (isToken(token) && (await showAddressPage(response, asked))) return;
    if (!isToken(token)) show(response, { outcome: 'unknown' });
    else if (!given.success) show(response, await lookAtQuestion(pool, workspace.workspaceId, token, now()));
    else show(response, await answerByLink(pool, workspace.workspaceId, token, given.data.answer, onAnswer, now()), given.data.answer);
  });
  app.all('/answer{/*rest}', (_request, response) => show(response, { outcome: 'unknown' }));
}

function show(response: Response, answered: Answered, given: Answer = 'confirmed'): void {
  const { status, html } = pageOf(answered, given);
  sendPage(response, status, html);
}

function pageOf(answered: Answered, given: Answer): { status: number; html: string } {
  switch (answered.outcome) {
    case 'open':
      return { status: 200, html: askingPage(answered.question) };
    case 'answered':
      return { status: 200, html: plainPage(thanks[given].title, thanks[given].lines(dayInWords(answered.question.moveOn))) };
    case 'already':
      return { status: 200, html: plainPage('You already answered', alreadyLines(answered.question)) };
    case 'expired':
      return {
        status: 410,
        html: plainPage('This link is too old', [
          `It worked until ${dayInWords(answered.question.expiresAt)}. Nothing was changed: your license is as it was.`,
          'Ask your Sales Navigator admin for a new mail if you still want to move.',
        ]),
      };
    case 'unknown':
      return {
        status: 404,
        html: plainPage('This link does not work', [
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
  return pageLayout(
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
