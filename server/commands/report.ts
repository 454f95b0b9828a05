import type { MismatchReport } from '../api.ts';
import { percent } from '../core/report-words.ts';
import type { ReportTable } from '../core/status.ts';
import { answer, type CommandIo, type ExitCode } from './command-io.ts';
import type { ServerOptions } from './server-client.ts';
import { withServer } from './server-plans.ts';

export interface ReportCommandOptions extends ServerOptions {
  readonly team?: string | undefined;
  readonly manager?: string | undefined;
  readonly json?: boolean | undefined;
  /** The table to print instead, as CSV. */
  readonly csv?: ReportTable | undefined;
}

const labels: Readonly<Record<MismatchReport['answers'][number]['question'], string>> = {
  who: 'Who',
  why: 'Why',
  since: 'Since',
  cost: 'Cost',
  act: 'Who acts',
};

/** `seatmatch report`: the mismatch report of a server. */
export const reportCommand = (options: ReportCommandOptions, io: CommandIo): Promise<ExitCode> =>
  withServer(options, io, async (client) => {
    const query = new URLSearchParams();
    if (options.team !== undefined) query.set('team', options.team);
    if (options.manager !== undefined) query.set('manager', options.manager);
    if (options.csv !== undefined) {
      io.out.write(await client.text(`/api/report/${options.csv}.csv?${query}`));
      return 0;
    }
    const report = await client.get<MismatchReport>(`/api/report?${query}`);
    const { rate, matched, notMatched } = report.sum;
    const text =
      report.run === null
        ? 'Nothing was compared yet.\n'
        : [
            ...report.answers.map(({ question, sentence }) => `${labels[question].padEnd(9)} ${sentence}`),
            ...(rate === null ? [] : [`${'Match'.padEnd(9)} ${percent(rate)}: ${matched} of ${matched + notMatched}.`]),
            `${'Proof'.padEnd(9)} ${report.agreement.sentence} ${report.repairs.emailAlone.sentence}`,
            '',
            ...(report.slices.team ?? []).map(
              ({ label, notMatched: n, licenses }) => `${String(n).padStart(6)} of ${String(licenses).padStart(6)}  ${label || 'No team'}`,
            ),
            '',
          ].join('\n');
    answer(io, options.json, report, text);
    return 0;
  });
