// node check-apex-rules.mjs PROJECT JAVA: what PMD's recommended rules find, as JSON. A file that does not parse gives no violation: the syntax has a
// check of its own.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { CodeAnalyzer, CodeAnalyzerConfig } from '@salesforce/code-analyzer-core';
import { createEnginePlugin } from '@salesforce/code-analyzer-pmd-engine';

const project = resolve(process.argv[2]);
const scratch = mkdtempSync(join(tmpdir(), 'seatmatch-pmd-'));
try {
  const analyzer = new CodeAnalyzer(
    CodeAnalyzerConfig.fromObject({
      log_folder: scratch,
      root_working_folder: scratch,
      engines: { pmd: { java_command: process.argv[3] }, cpd: { disable_engine: true } },
    }),
  );
  await analyzer.addEnginePlugin(createEnginePlugin());
  const workspace = await analyzer.createWorkspace([join(project, 'force-app')]);
  const rules = await analyzer.selectRules(['pmd:Recommended'], { workspace });
  const results = await analyzer.run(rules, { workspace });
  const complaints = results.getViolations().map((violation) => {
    const at = violation.getPrimaryLocation();
    return {
      file: relative(project, at.getFile() ?? ''),
      line: at.getStartLine() ?? 0,
      message: `${violation.getRule().getName()}: ${violation.getMessage()}`,
    };
  });
  process.stdout.write(JSON.stringify({ complaints, rules: rules.getCount() }));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
