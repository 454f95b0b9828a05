import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { FileTask, Job, Plan, PlanRow, ProofOutcome } from '../api.ts';
import { answer, type CommandIo, type ExitCode, orRefuse } from './command-io.ts';
import { followPlan } from './follow-events.ts';
import { openServer, type ServerClient, type ServerOptions, ServerRefused } from './server-client.ts';

export interface PlanOnServer extends ServerOptions {
  /** The plan's number, or its id. */
  readonly plan: string;
  readonly json?: boolean | undefined;
}

/** Runs a command against a server; what it refuses is one sentence. */
const withServer = (
  options: ServerOptions & { readonly json?: boolean | undefined },
  io: CommandIo,
  run: (client: ServerClient) => Promise<ExitCode>,
): Promise<ExitCode> => orRefuse(io, options.json, async () => run(await openServer(options)));

const of = encodeURIComponent;

/** `seatmatch plan --server`: a draft from the newest comparison. */
export const planOnServer = (
  options: ServerOptions & {
    readonly json?: boolean | undefined;
    readonly all?: boolean | undefined;
    readonly rootCause?: string | undefined;
    readonly leavers?: boolean | undefined;
    readonly license?: readonly string[] | undefined;
    readonly mode?: 'email-first' | 'full' | undefined;
    readonly assignee?: string | undefined;
    readonly backup?: string | undefined;
  },
  io: CommandIo,
): Promise<ExitCode> =>
  withServer(options, io, async (client) => {
    const { all, rootCause, leavers, license, mode, assignee, backup } = options;
    const reclaim = leavers ? (license ?? 'leavers') : undefined;
    const licenseIds = leavers ? undefined : license;
    const { id } = await client.post<{ id: string }>('/api/plans', { all, rootCause, reclaim, licenseIds, mode, assignee, backup });
    const plan = await client.get<Plan>(`/api/plans/${id}`);
    answer(io, options.json, plan, `${planText(plan)}${approvalText(plan)}`);
    return plan.trips.length === 0 && plan.people > 0 ? 0 : 1;
  });

/** `seatmatch approve`: exactly what the seal names. Without a seal it says what would be approved, and nothing happens. */
export const approveCommand = (options: PlanOnServer & { readonly seal?: string | undefined }, io: CommandIo): Promise<ExitCode> =>
  withServer(options, io, async (client) => {
    const plan = await findPlan(client, options.plan);
    const { seal } = options;
    if (seal === undefined) {
      answer(io, options.json, { plan, approved: false }, `${planText(plan)}${approvalText(plan)}`);
      return 1;
    }
    if (seal.length < 12 || !plan.seal.startsWith(seal))
      throw new ServerRefused(
        'seal',
        `This is not the seal of plan ${plan.number} (any more). Read it again: seatmatch status ${plan.number}.`,
      );
    const approved = await client.post<Plan>(`/api/plans/${plan.id}/approve`, { seal: plan.seal });
    answer(
      io,
      options.json,
      { plan: approved, approved: true },
      `Plan ${approved.number} is approved. ${approved.approval.sentence}\nNext: seatmatch apply ${approved.number}\n`,
    );
    return 0;
  });

/**
 * `seatmatch apply`: the file that is out, or the next one, into a folder. Where the server hands files over by itself it is followed to
 * the end.
 */
export const applyCommand = (options: PlanOnServer & { readonly out?: string | undefined }, io: CommandIo): Promise<ExitCode> =>
  withServer(options, io, async (client) => {
    const { id, number } = await findPlan(client, options.plan);
    let job = await client.get<Job>(`/api/plans/${id}/job`);
    if (job.delivered) return watch(client, id, options.json, io);
    if (job.tasks.every(({ isOpen, state }) => !isOpen || state === null)) job = await client.post<Job>(`/api/plans/${id}/files`);
    const open = job.tasks.find((task) => task.isOpen && task.state !== null);
    if (open === undefined || !open.can.download) {
      answer(io, options.json, { file: null, job }, jobText(job));
      return 0;
    }
    const file = path.join(options.out ?? '.', open.name);
    if (await stat(file).catch(() => null))
      throw new ServerRefused('exists', `${file} is there already. If you uploaded it: seatmatch next --plan ${number} --uploaded`);
    const text = await client.text(`/api/plans/${id}/files/${of(open.name)}`);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text, { flag: 'wx' });
    answer(
      io,
      options.json,
      { file, rows: open.rows, kind: open.kind },
      [
        `${file} (${rows(open.rows)}): ${open.title.toLowerCase()}.`,
        "Upload it: Admin Center → Users → Manage users via CSV → Upload. Don't open it in Excel.",
        `Then:  seatmatch next --plan ${number} --uploaded`,
        `and:   seatmatch import-result RESULT.csv --plan ${number}`,
        '',
      ].join('\n'),
    );
    return 0;
  });

/** `seatmatch next --server`: what became of the file that is out, or the next one. */
export const nextOnServer = (
  options: PlanOnServer & {
    readonly uploaded?: boolean | undefined;
    readonly discard?: boolean | undefined;
    readonly giveBack?: boolean | undefined;
  },
  io: CommandIo,
): Promise<ExitCode> =>
  withServer(options, io, async (client) => {
    const { id } = await findPlan(client, options.plan);
    const say = async (said: 'uploaded' | 'discarded'): Promise<Job> => {
      const open = (await client.get<Job>(`/api/plans/${id}/job`)).tasks.find((task) => task.isOpen && task.state !== null);
      if (open === undefined) throw new ServerRefused('nothing-out', 'No file is out.');
      return client.post<Job>(`/api/plans/${id}/files/${of(open.name)}/said`, { said });
    };
    const job = options.giveBack
      ? await client.post<Job>(`/api/plans/${id}/give-back`)
      : options.uploaded
        ? await say('uploaded')
        : options.discard
          ? await say('discarded')
          : await client.post<Job>(`/api/plans/${id}/files`);
    answer(io, options.json, job, jobText(job));
    return 0;
  });

/** `seatmatch import-result --server`: LinkedIn's result file or an export, to a plan. */
export const proofToServer = (
  options: PlanOnServer & {
    readonly file: string;
    readonly exportedAt?: string | undefined;
    readonly adminCenterCount?: number | undefined;
  },
  io: CommandIo,
): Promise<ExitCode> =>
  withServer(options, io, async (client) => {
    const { id } = await findPlan(client, options.plan);
    const found = await stat(options.file).catch(() => null);
    if (found === null) throw new ServerRefused('no-file', `There is no file ${options.file}.`);
    const query = new URLSearchParams({ name: path.basename(options.file), modifiedAt: found.mtime.toISOString() });
    if (options.exportedAt !== undefined) query.set('exportedAt', new Date(options.exportedAt).toISOString());
    if (options.adminCenterCount !== undefined) query.set('adminCenterCount', `${options.adminCenterCount}`);
    const shown = await client.postFile<ProofOutcome>(`/api/plans/${id}/proofs?${query}`, await readFile(options.file));
    answer(io, options.json, shown, `${shown.sentences.join('\n')}\n`);
    return 0;
  });

/** `seatmatch status`: all plans, or one with its files; with `--watch` until it ends. */
export const statusCommand = (
  options: Omit<PlanOnServer, 'plan'> & { readonly plan?: string | undefined; readonly watch?: boolean | undefined },
  io: CommandIo,
): Promise<ExitCode> =>
  withServer(options, io, async (client) => {
    if (options.plan === undefined) {
      const { rows: plans } = await client.get<{ rows: PlanRow[] }>('/api/plans?limit=50');
      answer(io, options.json, { plans }, plans.length === 0 ? 'No repair is planned.\n' : plans.map(rowText).join(''));
      return 0;
    }
    const plan = await findPlan(client, options.plan);
    if (options.watch) return watch(client, plan.id, options.json, io);
    if (plan.approvedAt === null) {
      answer(io, options.json, { plan, job: null }, `${planText(plan)}${plan.state === 'draft' ? approvalText(plan) : ''}`);
      return 0;
    }
    const job = await client.get<Job>(`/api/plans/${plan.id}/job`);
    answer(io, options.json, { plan, job }, `${planText(plan)}${jobText(job)}`);
    return 0;
  });

/** `seatmatch cancel`: ends a plan; between off and on once everybody has their license back. */
export const cancelCommand = (options: PlanOnServer, io: CommandIo): Promise<ExitCode> =>
  withServer(options, io, async (client) => {
    const { id, number } = await findPlan(client, options.plan);
    const { sentence } = await client.post<{ sentence: string | null }>(`/api/plans/${id}/cancel`);
    answer(io, options.json, { cancelled: sentence === null, sentence }, `${sentence ?? `Plan ${number} is cancelled.`}\n`);
    return 0;
  });

/** Says a line whenever a plan moved, until it ends. Exit 1 where it did not end as done. */
async function watch(client: ServerClient, id: string, json: boolean | undefined, io: CommandIo): Promise<ExitCode> {
  let last = '';
  let plan = await client.get<Plan>(`/api/plans/${id}`);
  await followPlan(client, id, async () => {
    plan = await client.get<Plan>(`/api/plans/${id}`);
    const job = plan.approvedAt === null ? null : await client.get<Job>(`/api/plans/${id}/job`);
    const line = `${stateText(plan.state)}: ${plan.done} of ${plan.people} done${job === null ? '' : `. ${job.step.sentence}${openName(job)}`}`;
    if (line !== last) io.err.write(`${line}\n`);
    last = line;
    return plan.state === 'draft' || plan.state === 'running' || plan.state === 'paused' ? 'go on' : 'enough';
  });
  answer(io, json, { plan }, planText(plan));
  return plan.state === 'done' ? 0 : 1;
}

/** A plan by its number or its id. */
async function findPlan(client: ServerClient, plan: string): Promise<Plan> {
  const number = /^#?(?<number>\d{1,9})$/u.exec(plan)?.groups?.number;
  if (number === undefined) return client.get<Plan>(`/api/plans/${of(plan)}`);
  const { rows: found } = await client.get<{ rows: PlanRow[] }>(`/api/plans?cursor=${Number(number) + 1}&limit=1`);
  const [row] = found;
  if (row?.number !== Number(number)) throw new ServerRefused('no-plan', `There is no plan ${number}. seatmatch status shows all.`);
  return client.get<Plan>(`/api/plans/${row.id}`);
}

const states: Readonly<Record<PlanRow['state'], string>> = {
  draft: 'To be approved',
  running: 'Under way',
  paused: 'Paused',
  done: 'Done',
  cancelled: 'Cancelled',
  expired: 'Ran out before it was approved',
};
const stateText = (state: PlanRow['state']): string => states[state];
const rows = (n: number): string => (n === 1 ? '1 row' : `${n} rows`);
const openName = (job: Job): string => {
  const open = job.tasks.find((task) => task.isOpen);
  return open === undefined ? '' : `: ${open.name}`;
};

const rowText = ({ number, state, title, nextTask }: PlanRow): string =>
  `${number}  ${stateText(state)}  ${title}${nextTask === null ? '' : `  → ${nextTask.sentence}`}\n`;

const planText = (plan: Plan): string =>
  [
    `Plan ${plan.number}: ${plan.title}`,
    `${stateText(plan.state)}. ${plan.price}`,
    ...plan.trips.map(({ sentence, nextStep }) => `Stopped: ${sentence} ${nextStep}`),
    ...plan.notes,
    ...(plan.leftOut.length === 0 ? [] : [`${plan.leftOut.length} left out, each with a reason: ${plan.leftOut[0]!.sentence} …`]),
    '',
  ].join('\n');

const approvalText = (plan: Plan): string =>
  plan.trips.length > 0 || plan.people === 0
    ? 'Nothing can be approved as it is.\n'
    : `${plan.approval.sentence}\nApprove exactly this:  seatmatch approve ${plan.number} --seal ${plan.seal.slice(0, 16)}\n`;

const taskText = (task: FileTask): string =>
  `  ${task.isOpen ? '>' : ' '} ${task.name}  ${rows(task.rows)}  ${task.state ?? 'not made yet'}  ${task.seen.n} of ${task.seen.of} seen`;

const jobText = (job: Job): string =>
  [
    ...(job.giveBack === null ? [] : [`${job.giveBack.sentence} Give everyone back: seatmatch next --plan ${job.number} --give-back`]),
    ...job.tasks.map(taskText),
    ...job.tasks.flatMap(({ isOpen, waitingFor }) => (isOpen && waitingFor !== null ? [waitingFor] : [])),
    job.end ?? `Step ${job.step.n} of ${job.step.m}: ${job.step.sentence}.`,
    ...job.counts.map(({ label, count }) => `  ${count}  ${label}`),
    '',
  ].join('\n');
