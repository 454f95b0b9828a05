import { join } from 'node:path';
import type { RowOutcome } from '../core/plan-progress.ts';
import { guardSentence } from '../core/wording.ts';
import { type ImportedFile, type ImportOutcome, importResult } from '../jobs/plan-files.ts';
import { answer, type CommandIo, type ExitCode, orRefuse } from './command-io.ts';
import { linkedinPlanTools } from './linkedin-plan-tools.ts';

export interface ImportResultCommandOptions {
  /** LinkedIn's result file, or an export. */
  readonly file: string;
  /** The plan's directory. */
  readonly plan: string;
  /** When an export was made; default is the file's own time. */
  readonly exportedAt?: string | undefined;
  readonly json?: boolean | undefined;
  readonly by?: string | undefined;
}

/** `seatmatch import-result`: takes in the proof of an upload and says, person by person, what it saw. */
export const importResultCommand = (options: ImportResultCommandOptions, io: CommandIo): Promise<ExitCode> =>
  orRefuse(io, options.json, async () => {
    const outcome = await importResult(options.file, options.plan, linkedinPlanTools, {
      at: io.now().toISOString(),
      by: options.by ?? 'command line',
      exportedAt: options.exportedAt,
    });
    const retry = outcome.retry === null ? null : join(options.plan, outcome.retry.name);
    answer(io, options.json, { ...outcome, retry }, asText(outcome, retry, options.plan, io.now()));
    return 0;
  });

function asText(outcome: ImportOutcome, retry: string | null, dir: string, now: Date): string {
  const lines: string[] = [];
  if (outcome.critical !== null)
    lines.push(
      `LinkedIn stopped this upload: "${outcome.critical}"`,
      'Which rows it had done by then it does not say. Bring a new export: it shows them.',
    );
  for (const file of outcome.files) lines.push(...fileLines(file, outcome));
  for (const { line, email, message } of outcome.added)
    lines.push(
      `Added by hand in this file, line ${line}: ${email}${message === '' ? '' : ` ("${message}")`}. It counts only as what the next export shows.`,
    );
  lines.push(...outcome.notes);
  if (retry !== null)
    lines.push(
      `The failing rows, once more: ${retry} (${outcome.retry!.rows.length}); LinkedIn's texts are in the -messages.csv beside it.`,
    );
  else if (!outcome.already && outcome.files.every((file) => file.state === 'closed')) {
    const tomorrow = new Date(now.getTime() + 86_400_000).toISOString().slice(0, 10);
    lines.push(
      `LinkedIn's CRM job runs daily: bring a new export on ${tomorrow}.`,
      `The next file, if there is one: npx seatmatch next --plan ${dir}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

function fileLines(file: ImportedFile, { already, recognizedAs }: ImportOutcome): readonly string[] {
  const of = (outcome: RowOutcome['outcome']): number => file.people.filter((person) => person.result?.outcome === outcome).length;
  const unknown = file.people.filter((person) => person.result === null).length;
  const numbers: readonly (readonly [number, string])[] = [
    [file.seen.n, 'changed'],
    [of('accepted'), 'taken by LinkedIn, to be shown by an export'],
    [of('refused'), 'refused'],
    [of('untouched'), 'not changed yet'],
    [of('left-out'), 'left out by you'],
    [of('gone'), 'not in LinkedIn’s list any more'],
    [of('changed-by-hand'), recognizedAs === 'export' ? 'changed by somebody else' : 'changed by hand'],
    [unknown, 'not seen'],
  ];
  const said = numbers.filter(([n]) => n > 0).map(([n, what]) => `${n} ${what}`);
  const late =
    file.state === 'late' ? ' This file came late: its plan had run out or it was thrown away. What it changed counts all the same.' : '';
  const head = `${file.name}: ${said.join(', ')}.${late}${already ? ' This file was read before; nothing changed.' : ''}`;
  return [
    head,
    ...file.people.flatMap(({ licenseId, name, result }) => {
      const who = name === '' ? licenseId : `${name} (${licenseId})`;
      if (result?.outcome === 'refused') return [`  refused, ${who}: "${result.message}"`];
      if (result?.outcome === 'left-out') return [`  left out by you, ${who}: back to the plan`];
      if (result?.outcome !== 'changed-by-hand') return [];
      if (recognizedAs === 'export')
        return result.changes.map(
          ({ sealed, found }) => `  ${who}: ${guardSentence('other-writer')} Planned "${sealed}", LinkedIn has "${found}".`,
        );
      return result.changes.map(
        ({ column, sealed, found, damage }) =>
          `  changed by hand in this file, ${who}: ${column} was "${sealed}", came back as "${found}"${damage === null ? '' : ` (${damage})`}`,
      );
    }),
  ];
}
