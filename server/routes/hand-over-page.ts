import express, { type Express, type Request, type Response } from 'express';
import { z } from 'zod';
import { type FileTask, type Job, proofQuery } from '../api.ts';
import { fileStateLabels, taskWords } from '../core/labels.ts';
import { escaped } from '../core/render-mail.ts';
import { type HandOver, readHandOverToken } from '../jobs/hand-over-link.ts';
import type { SecretKey } from '../store/seal-secret.ts';
import type { Actor } from '../store/session.ts';
import type { Handlers } from './endpoint.ts';
import { limitRequests } from './limit-requests.ts';
import { momentInWords } from './panel-overview.ts';
import { plainPage, sendPage } from './plain-page.ts';
import { RequestRefused, refusalOf, refuseFaults } from './problem.ts';

/** What the console does on the page of a plan's tasks. */
type Tasks = Pick<Handlers, 'getJob' | 'makeFile' | 'downloadFile' | 'sayOfFile' | 'giveBack' | 'bringProof'>;

export interface HandOverParts {
  /** Null: no link was ever made. */
  readonly key: () => Promise<SecretKey | null>;
  readonly tasksOf: (contractId: string) => Tasks;
  /** The name of a contract that is archived: nobody works on it any more, whatever link they have. Null: it is not. */
  readonly archived: (contractId: string) => Promise<string | null>;
  readonly now: () => Date;
}

const requestsPerMinute = 240;
const form = z.object({ does: z.enum(['make', 'uploaded', 'discarded', 'give-back']), file: z.string().max(255).default('') });

/**
 * The tasks of one plan for whoever has its link: a panel inside a CRM can hand out no file and take none, and who plans a repair is often
 * not who may upload in Admin Center. It opens that plan alone, in the name of whoever gave the link away, and ends by itself.
 */
export function mountHandOverPage(app: Express, { key, tasksOf, archived, now }: HandOverParts): void {
  app.use('/hand-over', (_request, response, next) => {
    response.set({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex, nofollow' });
    next();
  });
  app.use(
    '/hand-over',
    limitRequests(requestsPerMinute, (response) =>
      sendPage(response, 429, plainPage('Too many clicks', ['Please wait a minute, then open the link again.'])),
    ),
  );
  app.get('/hand-over/tasks.js', (_request, response) => {
    response.type('text/javascript').send(tasksScript);
  });

  /** Runs `work` for a link that is good; says what is wrong with any other. */
  const opened =
    (work: (found: Opened, request: Request<{ token: string; name?: string }>, response: Response) => Promise<void>) =>
    async (request: Request<{ token: string; name?: string }>, response: Response): Promise<void> => {
      const secret = await key();
      const link = secret && readHandOverToken(secret, request.params.token, now());
      if (!link)
        return sendPage(
          response,
          404,
          plainPage('This link does not work', [
            'It may have been cut on its way. Copy the whole address, or open the plan in Seatmatch again.',
          ]),
        );
      if (link.isOver)
        return sendPage(
          response,
          410,
          plainPage('This link is too old', [
            'It worked for a day. Open the plan in Seatmatch again for a new one; nothing of the repair is lost.',
          ]),
        );
      const name = await archived(link.contractId);
      if (name !== null) {
        const sentence = `The contract ${name} is archived, so nothing of it is changed. Whoever gave you this link can bring it back in Seatmatch under Settings.`;
        // The script of the page says what is wrong with a proof.
        if (request.method === 'PUT') throw new RequestRefused(409, sentence);
        return sendPage(response, 409, plainPage('This contract is archived', [sentence]));
      }
      const actor: Actor = { id: `link:${link.planId}`, name: link.actor };
      const call = { params: { id: link.planId }, query: undefined, body: undefined, actor, request, response };
      try {
        await work({ link, tasks: tasksOf(link.contractId), call }, request, response);
      } catch (error) {
        const refused = refusalOf(error);
        if (!refused || request.method === 'PUT') throw error;
        const back = `<p><a href="/hand-over/${request.params.token}">Back to the tasks</a></p>`;
        sendPage(response, refused.status, plainPage('That did not work', [refused.sentence], back));
      }
    };

  app.get(
    '/hand-over/:token',
    opened(async ({ link, tasks, call }, request, response) => {
      sendPage(response, 200, tasksPage(await tasks.getJob(call), link, request.params.token));
    }),
  );
  app.get(
    '/hand-over/:token/files/:name',
    opened(async ({ tasks, call }, request) => {
      await tasks.downloadFile({ ...call, params: { ...call.params, name: request.params.name! } });
    }),
  );
  app.post(
    '/hand-over/:token',
    express.urlencoded({ extended: false, limit: '4kb' }),
    opened(async ({ tasks, call }, request, response) => {
      const given = form.safeParse(request.body);
      if (given.success) {
        const { does, file } = given.data;
        if (does === 'make') await tasks.makeFile(call);
        else if (does === 'give-back') await tasks.giveBack(call);
        else await tasks.sayOfFile({ ...call, params: { ...call.params, name: file }, body: { said: does } });
      }
      response.redirect(303, request.originalUrl);
    }),
  );
  app.put(
    '/hand-over/:token/proof',
    opened(async ({ tasks, call }, request, response) => {
      const asked = proofQuery.safeParse(request.query);
      if (!asked.success) throw refuseFaults('query', asked.error);
      response.json(await tasks.bringProof({ ...call, query: asked.data }));
    }),
  );
  app.all('/hand-over{/*rest}', (_request, response) =>
    sendPage(response, 404, plainPage('This link does not work', ['Open the plan in Seatmatch again for a new one.'])),
  );
}

interface Opened {
  readonly link: HandOver;
  readonly tasks: Tasks;
  readonly call: { params: { id: string }; query: undefined; body: undefined; actor: Actor; request: Request; response: Response };
}

function tasksPage(job: Job, { until, actor }: HandOver, token: string): string {
  const open = job.tasks.find((task) => task.isOpen);
  const base = `/hand-over/${token}`;
  const body = [
    `<p class="small">${escaped(job.head)}</p>`,
    job.giveBack ? alarm(job.giveBack.sentence) : '',
    `<p><strong>Step ${job.step.n} of ${job.step.m}:</strong> ${escaped(job.step.sentence)}</p>`,
    job.state === 'paused' ? '<p class="note">This plan is paused. No new file is made until somebody goes on with it.</p>' : '',
    open ? taskPart(open, base) : '',
    job.end ? `<p>${escaped(job.end)}</p>` : '',
    needsProof(open) ? proofPart(base) : '',
    othersPart(job.tasks.filter((task) => task !== open)),
    `<p class="small">Everything here is written down in the name of ${escaped(actor)}. This link works until ${escaped(momentInWords(new Date(until).toISOString()))}.</p>`,
  ];
  const script = '<script src="/hand-over/tasks.js" defer></script>';
  return plainPage(job.title, [], [...body.filter((part) => part !== ''), script].join('\n'));
}

const alarm = (sentence: string): string =>
  `<div class="alarm" role="alert"><strong>${taskWords.giveBackTitle}</strong><p>${escaped(sentence)}</p>${button('give-back', '', taskWords.giveBack, true)}</div>`;

const button = (does: z.infer<typeof form>['does'], file: string, label: string, isMain: boolean): string =>
  `<form method="post"><input type="hidden" name="does" value="${does}"><input type="hidden" name="file" value="${escaped(file)}"><button${isMain ? ' class="main"' : ''}>${escaped(label)}</button></form>`;

function taskPart(task: FileTask, base: string): string {
  const isByHand = task.route === 'guided';
  const isMade = task.state === 'made';
  return [
    `<h2>${escaped(task.title)}</h2>`,
    `<p class="small">${task.rows} ${task.rows === 1 ? 'person' : 'people'} · ${escaped(task.name)} · ${task.state === null ? 'Not made yet' : fileStateLabels[task.route][task.state]}</p>`,
    task.waitingFor ? `<p class="note">${escaped(task.waitingFor)}</p>` : '',
    task.can.make ? button('make', task.name, isByHand ? taskWords.makeGuided : taskWords.make, true) : '',
    task.can.download
      ? `<p><a class="${isMade ? 'main' : 'other'} button" href="${base}/files/${encodeURIComponent(task.name)}" download>${taskWords.download}</a></p><p class="small">${taskWords.noExcel}</p>`
      : '',
    task.checklist.length > 0
      ? `<h3>${taskWords.checklist}</h3><ol>${task.checklist.map(({ sentence, href }) => `<li>${href ? `<a href="${escaped(href)}" target="_blank" rel="noreferrer">${escaped(sentence)}</a>` : escaped(sentence)}</li>`).join('')}</ol>`
      : '',
    task.can.sayUploaded
      ? `${isByHand ? '' : `<p>${taskWords.upload}</p>`}${button('uploaded', task.name, isByHand ? taskWords.didIt : taskWords.uploaded, task.state === 'downloaded')}`
      : '',
    task.can.discard ? button('discarded', task.name, taskWords.discard, false) : '',
    `<details><summary>Who is in it</summary><ul>${task.people
      .map(
        ({ name, before, after, sentence }) =>
          `<li><strong>${escaped(name)}</strong><br>${escaped(before)} → ${escaped(after)}${sentence ? `<br><span class="small">${escaped(sentence)}</span>` : ''}</li>`,
      )
      .join('')}</ul></details>`,
  ]
    .filter((part) => part !== '')
    .join('\n');
}

const needsProof = (task: FileTask | undefined): boolean =>
  task?.state === 'downloaded' || task?.state === 'said-to-be-uploaded' || task?.state === 'seen';

const proofPart = (base: string): string => `<h2>${taskWords.proof}</h2>
<p>${taskWords.proofLead}</p>
<div id="proof" data-to="${base}/proof">
<label>${taskWords.count} <input id="count" type="number" min="1" inputmode="numeric"></label>
<label>${taskWords.chooseProof} <input id="file" type="file" accept=".csv,text/csv,.zip"></label>
<p id="said" role="status"></p>
<noscript><p class="note">Bringing a file needs JavaScript. Bring it in Seatmatch under “Compare files” instead.</p></noscript>
</div>`;

const othersPart = (tasks: readonly FileTask[]): string =>
  tasks.length === 0
    ? ''
    : `<h2>The other tasks</h2><ul>${tasks
        .map(
          ({ title, name, route, state, seen }) =>
            `<li>${escaped(title)} · ${escaped(name)} · ${state === null ? 'Not made yet' : fileStateLabels[route][state]} · seen at LinkedIn: ${seen.n} of ${seen.of}</li>`,
        )
        .join('')}</ul>`;

/** Looks again once a file was fetched. Sends the chosen proof as it is, then says what it showed. */
const tasksScript = `const box = document.getElementById('proof');
const said = document.getElementById('said');
const file = document.getElementById('file');
document.querySelector('a[download]')?.addEventListener('click', () => setTimeout(() => location.reload(), 1500));
file?.addEventListener('change', async () => {
  const chosen = file.files[0];
  if (!chosen) return;
  said.textContent = 'Reading the file …';
  const query = new URLSearchParams({ name: chosen.name });
  const count = document.getElementById('count').value;
  if (count) query.set('adminCenterCount', count);
  try {
    const answer = await fetch(box.dataset.to + '?' + query, { method: 'PUT', body: chosen, headers: { 'Content-Type': 'application/octet-stream' } });
    const told = await answer.json();
    said.textContent = answer.ok ? told.sentences.join(' ') : told.detail;
    if (answer.ok) {
      const again = document.createElement('button');
      again.textContent = 'Go on';
      again.className = 'main';
      again.addEventListener('click', () => location.reload());
      said.after(again);
      again.focus();
    }
  } catch {
    said.textContent = 'The file could not be sent. Check the connection and choose it again.';
  }
  file.value = '';
});
`;
