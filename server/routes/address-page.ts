import type { Response } from 'express';
import type pg from 'pg';
import { z } from 'zod';
import { dayInWords } from '../core/messages.ts';
import { escaped } from '../core/render-mail.ts';
import { type AddressAnswered, answerAddressByLink, lookAtAddressQuestion } from '../jobs/ask-address.ts';
import { byThePerson } from '../jobs/ask-person.ts';
import { pageLayout, plainPage, sendPage } from './plain-page.ts';

const form = z.object({ answer: z.enum(['added', 'no-account', 'wrong-person']) });
type Answer = z.infer<typeof form>['answer'];

/** The page behind "add your work email first". False where the link is of another question: nothing was sent then. */
export async function showAddressPage(
  response: Response,
  { pool, workspaceId, token, now, body }: { pool: pg.Pool; workspaceId: string; token: string; now: Date; body?: unknown },
): Promise<boolean> {
  const given = form.safeParse(body);
  const answered = given.success
    ? await answerAddressByLink(pool, workspaceId, token, given.data.answer, now)
    : await lookAtAddressQuestion(pool, workspaceId, token, now);
  if (answered.outcome === 'unknown') return false;
  const { status, html } = pageOf(answered, given.success ? given.data.answer : 'added');
  sendPage(response, status, html);
  return true;
}

const thanks: Record<Answer, { title: string; lines: string[] }> = {
  added: {
    title: 'Thank you, that is noted',
    lines: [
      'LinkedIn will send its invitation to this address.',
      'Accept it while you are signed in to your usual LinkedIn account. Until then there is nothing else to do.',
    ],
  },
  'no-account': {
    title: 'Thank you, that is noted',
    lines: ['LinkedIn will send its invitation to this address. When you accept it, LinkedIn makes an account for you.'],
  },
  'wrong-person': { title: 'Thank you for telling us', lines: ['Your admin looks at it; you can throw the mail away.'] },
};

const words: Record<Answer, string> = {
  added: 'that you have added the address',
  'no-account': 'that you have no LinkedIn account',
  'wrong-person': 'that this mail is not for you',
};

function pageOf(answered: Exclude<AddressAnswered, { outcome: 'unknown' }>, given: Answer): { status: number; html: string } {
  const { question } = answered;
  switch (answered.outcome) {
    case 'open':
      return { status: 200, html: askingPage(question.name) };
    case 'answered':
      return { status: 200, html: plainPage(thanks[given].title, thanks[given].lines) };
    case 'already': {
      const { answer } = question;
      const who = answer?.by === byThePerson ? 'You told us' : 'Your admin told us for you';
      return {
        status: 200,
        html: plainPage(
          'You already answered',
          answer
            ? [`${who} on ${dayInWords(answer.at)} ${words[answer.answer]}. If it is no longer right, tell your Sales Navigator admin.`]
            : [],
        ),
      };
    }
    case 'expired':
      return {
        status: 410,
        html: plainPage('This link is too old', [
          `It worked until ${dayInWords(question.expiresAt)}. Add the address to your LinkedIn account all the same, before you accept an invitation.`,
        ]),
      };
  }
}

const askingPage = (name: string): string =>
  pageLayout(
    'Add your work address to LinkedIn',
    `<h1>Have you added your work address to LinkedIn?</h1>
<p>Hello ${escaped(name)}, you are about to get a Sales Navigator license. Add the address our mail came to to the LinkedIn account you already have, before you press the button.</p>
<ol>
<li>Open linkedin.com and sign in as you always do.</li>
<li>Click your picture at the top, then “Settings &amp; Privacy”.</li>
<li>Under “Sign in &amp; security” choose “Email addresses”, then “Add email address”.</li>
<li>Enter the address our mail came to, and the code that LinkedIn sends there.</li>
</ol>
<form method="post">
<button class="main" name="answer" value="added">Yes, I have added it</button>
<p class="small">Without it LinkedIn would make a second, empty profile for you.</p>
<div class="others">
<button name="answer" value="no-account">I have no LinkedIn account</button>
<button name="answer" value="wrong-person">I am not this person</button>
</div>
</form>`,
  );
