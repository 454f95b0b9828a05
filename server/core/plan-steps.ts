import { hasCrmSync } from './crm-sync.ts';
import type { Plan, PlanFile } from './plan.ts';
import { peopleOf } from './plan-price.ts';
import { type FileProgress, type PlanProgress, seenOf, sittingUnderWay } from './plan-progress.ts';
import type { PlanFileKind } from './status.ts';

/** What the commands are called with, for the lines that a person copies. */
export interface StepCommands {
  readonly next: string;
  readonly uploaded: string;
  readonly discard: string;
  readonly importResult: string;
  readonly giveBack: string;
}

/** The numbered tasks of a plan as it stands now; only one is ever open. Plain text, lines end with a line feed. */
export function planSteps(plan: Plan, progress: PlanProgress, commands: StepCommands): string {
  const people = peopleOf(plan).length;
  const sitting = sittingUnderWay(plan, progress);
  const lines = [
    `Plan ${plan.id}${plan.tenant === '' ? '' : ` for ${plan.tenant}`}, made ${minute(plan.createdAt)}. Files may be uploaded until ${minute(plan.expiresAt)}.`,
    `${count(people, 'person', 'people')}, ${count(plan.files.length, 'file')}. ${
      plan.mode === 'full' ? plan.price : 'No invitation is sent and no license is touched.'
    }`,
    '',
  ];
  if (sitting !== null)
    lines.push(
      `${count(sitting.rows.length, 'person', 'people')} may have no license since ${minute(sitting.since)}. Give everyone back: ${commands.giveBack}`,
      '',
    );
  for (const [index, file] of plan.files.entries()) {
    const tries = progress.files.filter((one) => one.file === index);
    lines.push(`File ${index + 1} of ${plan.files.length}: ${count(file.rows.length, 'row')}${whatOf(file)}`);
    if (tries.length === 0) {
      lines.push(
        file.kind === 'license-on'
          ? `  Comes when the licenses are seen to be gone: ${commands.next}. At any time before that: ${commands.giveBack}`
          : `  Comes after the file before it is proven: ${commands.next}`,
        '',
      );
      continue;
    }
    for (const attempt of tries) lines.push(...taskLines(attempt, file.kind, commands));
    lines.push('');
  }
  const last = progress.files.at(-1);
  if (plan.files.length === 0) lines.push('Nobody can be repaired by an upload. See the lists below.', '');
  else if (
    sitting === null &&
    last !== undefined &&
    last.file === plan.files.length - 1 &&
    ['closed', 'discarded', 'late'].includes(last.state)
  )
    lines.push(
      hasCrmSync(plan.crmKind)
        ? `All files are through. LinkedIn's CRM job runs daily: bring a new export on ${nextDay(last.log.at(-1)!.at)}. Nothing else to do.`
        : `All files are through. LinkedIn has no CRM Sync with ${plan.crmName}, so there is nothing to wait for. Nothing else to do.`,
      '',
    );

  const lists: readonly (readonly [number, string, string])[] = [
    [plan.crmChanges.length, 'crm-change-list.csv', `for your ${plan.crmName} admin; LinkedIn stays as it is`],
    [plan.identityRequests.length, 'identity-request.csv', 'for your identity team; a change made in LinkedIn would be undone'],
    [plan.leftOut.length, 'left-out.csv', 'not repaired by this plan, each with the reason and the next step'],
  ];
  for (const [n, name, what] of lists) if (n > 0) lines.push(`${name}: ${count(n, 'person', 'people')}, ${what}.`);
  for (const { licenseId, code, sentence } of progress.heldBack)
    lines.push(`Held back, ${licenseId}${code === null ? '' : ` (${code})`}: ${sentence}`);
  return `${lines.join('\n').trimEnd()}\n`;
}

function whatOf({ kind, canary }: PlanFile): string {
  if (kind === 'license-off') return canary ? ', takes the licenses of the first few' : ', takes licenses';
  if (kind === 'license-on') return ', gives them back';
  return canary ? ', the first few of this domain change' : '';
}

function taskLines(file: FileProgress, kind: PlanFileKind, commands: StepCommands): readonly string[] {
  const { n, of } = seenOf(file);
  const isOut = file.state === 'made' || file.state === 'downloaded';
  const isUploaded = file.state === 'said-to-be-uploaded' || file.state === 'seen';
  switch (file.state) {
    case 'closed':
      return [`  ${file.name}: closed, ${n} of ${of} seen in LinkedIn.`];
    case 'replaced':
      return [`  ${file.name}: ${n} of ${of} seen in LinkedIn, the failing rows are repeated below.`];
    case 'discarded':
      return [`  ${file.name}: thrown away, nothing was uploaded.`];
    case 'late':
      return [`  ${file.name}: uploaded late, ${n} of ${of} seen in LinkedIn.`];
    case 'made':
    case 'downloaded':
    case 'said-to-be-uploaded':
    case 'seen':
      return [
        `  ${isUploaded ? 'done' : 'now '} Step 1 of 3: Download ${file.name} (${count(of, 'row')}); it lies in this directory. Don't open it in Excel: it drops zeros from IDs.`,
        `  ${isUploaded ? 'done' : 'then'} Step 2 of 3: Upload it: Admin Center → Users → Manage users via CSV → Upload. On a desktop, as a full admin. Then: ${commands.uploaded}`,
        `  ${isUploaded ? 'now ' : 'then'} Step 3 of 3: Bring back the proof, ${
          kind === 'license-off' || kind === 'license-on'
            ? 'a new export, of these people at least'
            : "LinkedIn's result file or a new export"
        }: ${commands.importResult}`,
        ...(file.state === 'seen' ? [`       Seen so far: ${n} of ${of}.`] : []),
        ...(isOut && (kind === 'email-change' || kind === 'domain-change')
          ? [`       Not wanted any more? Throw it away: ${commands.discard}`]
          : []),
      ];
  }
}

const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

const minute = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;

const nextDay = (iso: string): string => new Date(Date.parse(iso) + 86_400_000).toISOString().slice(0, 10);
