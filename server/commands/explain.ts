import type { Explanation, Finding, MarkedRun } from '../core/finding.ts';
import { alsoLabels } from '../core/wording.ts';
import { answer, type CommandIo, type ExitCode, orRefuse } from './command-io.ts';
import { compareFiles } from './compare-files.ts';
import { type CompareFlags, compareRequest } from './compare-request.ts';

export interface ExplainOptions extends CompareFlags {
  /** Email, seat id, Unique User ID or CRM user id. */
  readonly person: string;
  readonly json?: boolean | undefined;
}

/** `seatmatch explain`: the full trace of one person. Exit 1 where neither file has them. */
export const explainCommand = (options: ExplainOptions, io: CommandIo): Promise<ExitCode> =>
  orRefuse(io, options.json, async () => {
    const request = await compareRequest({ ...options, seatScope: options.seatScope ?? 'all' });
    const compared = await compareFiles(request);
    try {
      const { reconciliation } = compared;
      const row = reconciliation.find(options.person);
      if (row < 0) {
        const sentence = `Nobody in either file has "${options.person}" as email or id. Inactive CRM users without a license, and people in LinkedIn without one, are not judged.`;
        if (options.json === true) io.out.write(`${JSON.stringify({ error: { code: 'not-found', sentence } }, null, 2)}\n`);
        else io.err.write(`${sentence}\n`);
        return 1;
      }
      const finding = reconciliation.at(row);
      const explanation = reconciliation.explain(row);
      answer(io, options.json, { ...finding, explanation }, personText(finding, explanation));
      return 0;
    } finally {
      await compared.close();
    }
  });

const marks = { decided: '→', agrees: '=', contradicts: '≠', 'no-match': '·', 'not-applicable': '-' } as const;

function personText(finding: Finding, { trace, ladder, licenseEmail, crmEmail }: Explanation): string {
  const name = finding.license?.name || finding.crmUser?.name || finding.key;
  const lines = [
    `${name}: ${finding.label}`,
    `  ${finding.sentence}`,
    `  Next: ${finding.nextStep} (${finding.actor})`,
    `  Done when: ${finding.closedBy}`,
    '',
  ];
  if (finding.license !== null) lines.push(`  LinkedIn  ${marked(licenseEmail)}`);
  if (finding.crmUser !== null) lines.push(`  CRM       ${marked(crmEmail)}${finding.crmUser.active ? '' : '  (inactive)'}`);
  for (const { crmName, id, name: theirs, email } of finding.otherCrmUsers)
    lines.push(`  Also in   ${crmName}: ${theirs ?? ''} <${email}>${id === null ? '' : ` ${id}`}`);
  if (finding.changeSide !== null)
    lines.push(
      `  Change    ${finding.changeSide}: ${finding.changeEvidence.join('; ')}${finding.targetEmail === null ? '' : ` → ${finding.targetEmail}`}`,
    );
  if (trace.length > 0) {
    lines.push('', 'Rules, strongest first:');
    for (const step of trace)
      lines.push(
        `  ${marks[step.outcome]} ${step.rule.padEnd(16)} ${step.detail}${step.crmUserIds.length === 0 ? '' : ` [${step.crmUserIds.join(', ')}]`}`,
      );
  }
  lines.push('', 'Questions, in order:');
  for (const rung of ladder) lines.push(`  ${rung.answer.padEnd(8)} ${rung.question}${rung.detail === '' ? '' : `  ${rung.detail}`}`);
  if (finding.suggestions.length > 0) {
    lines.push('', 'Suggestions (none of them decides):');
    for (const { crmUserId, name: theirs, email, score, evidence } of finding.suggestions)
      lines.push(`  ${score.toFixed(2)}  ${theirs} <${email}> ${crmUserId}: ${evidence.join(', ')}`);
  }
  if (finding.also.length > 0) lines.push('', `Also true: ${finding.also.map((code) => alsoLabels[code]).join(' · ')}`);
  return `${lines.join('\n')}\n`;
}

/** Differing characters in square brackets, with a note where they cannot be seen. */
const marked = (runs: readonly MarkedRun[]): string =>
  runs.map(({ text, differs, note }) => (differs ? `[${note === undefined ? text : note}]` : text)).join('');
