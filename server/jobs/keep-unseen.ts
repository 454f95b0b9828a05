import { explainLadder } from '../core/explain.ts';
import type { Explanation, Finding, Summary } from '../core/finding.ts';
import { nothingFound } from '../core/finding-of.ts';
import { type WordingFacts, wordingOf } from '../core/wording.ts';
import { type EncodedFinding, encodeFinding } from '../store/finding.ts';

type Facts = Pick<WordingFacts, 'crmName' | 'idpName' | 'date'>;

const batchSize = 500;

/**
 * Fewer rows may confirm people, never show that somebody is missing (design: proof of a complete read). After the findings of an
 * incomplete export come the license holders of the last comparison whom it does not have, as not checked; nobody after a complete one.
 * @param before everybody of the last comparison, asked for once the new findings are through
 * @param incomplete known then too: what the sentence needs; null for a complete list
 * @param onKept told how many were kept
 */
export async function* keepUnseen(
  findings: AsyncIterable<readonly EncodedFinding[]>,
  before: () => AsyncIterable<Finding & { readonly explanation: Explanation }>,
  incomplete: () => Facts | null,
  onKept: (count: number) => void,
): AsyncGenerator<readonly EncodedFinding[]> {
  const seen = new Set<string>();
  for await (const batch of findings) {
    for (const { key } of batch) seen.add(key);
    yield batch;
  }
  const facts = incomplete();
  if (facts === null) return;
  let batch: EncodedFinding[] = [];
  let count = 0;
  for await (const last of before()) {
    if (last.side !== 'license' || seen.has(last.key)) continue;
    count++;
    batch.push(notChecked(last, facts));
    if (batch.length < batchSize) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
  onKept(count);
}

/** The license holder stays; what was said of them does not. */
function notChecked({ key, license, explanation, asOf }: Finding & { readonly explanation: Explanation }, facts: Facts): EncodedFinding {
  const finding: Finding = {
    key,
    side: 'license',
    status: 'not-checked',
    reason: 'not-checked',
    ...nothingFound,
    license,
    ...wordingOf({ ...facts, status: 'not-checked', reason: 'not-checked', source: 'LinkedIn' }),
    asOf,
  };
  const licenseEmail = explanation.licenseEmail.map(({ text }) => ({ text, differs: false }));
  return encodeFinding(finding, { key, trace: [], decidedBy: null, licenseEmail, crmEmail: [], ladder: explainLadder(null, finding) });
}

/** The numbers with `count` people more who were kept. */
export function countKept(summary: Summary, count: number): Summary {
  if (count === 0) return summary;
  const more = (had: number | undefined): number => (had ?? 0) + count;
  return {
    ...summary,
    licenseHolders: more(summary.licenseHolders),
    byStatus: { ...summary.byStatus, 'not-checked': more(summary.byStatus['not-checked']) },
    byReason: { ...summary.byReason, 'not-checked/not-checked': more(summary.byReason['not-checked/not-checked']) },
  };
}
