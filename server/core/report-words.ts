import { actorLabels } from './labels.ts';
import type { MismatchSlice, MismatchSum } from './mismatch-report.ts';
import type { ReportChange } from './status.ts';
import { day } from './wording.ts';

/** The questions that the report answers first. */
export const reportQuestions = ['who', 'why', 'since', 'cost', 'act'] as const;
export type ReportQuestion = (typeof reportQuestions)[number];

const people = (n: number): string => `${n.toLocaleString('en')} ${n === 1 ? 'person' : 'people'}`;
const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;

/** An amount as people write it, in whole units: "EUR 3,280". */
export const money = (amount: number, currency: string): string => `${currency} ${Math.round(amount).toLocaleString('en')}`;

/** 0 to 1 as percent with one digit; never 100 % while somebody is left, nor 0 % while somebody matches. */
export function percent(rate: number): string {
  const rounded = Math.round(rate * 1000) / 10;
  const shown = rate < 1 ? Math.min(rounded, 99.9) : rounded;
  return `${rate > 0 ? Math.max(shown, 0.1) : 0} %`;
}

/** Who is not syncing, why, since when, what it costs and who must act: one sentence each. */
export function reportAnswers({
  sum,
  reasons,
  actors,
  currency,
  crmName,
}: {
  readonly sum: MismatchSum;
  /** With their labels, the most people first. */
  readonly reasons: readonly (Pick<MismatchSlice, 'notMatched'> & { readonly label: string })[];
  readonly actors: readonly (Pick<MismatchSlice, 'notMatched'> & { readonly label: string })[];
  readonly currency: string | null;
  readonly crmName: string;
}): { readonly question: ReportQuestion; readonly sentence: string }[] {
  const { notMatched, licenses, cost, since } = sum;
  if (licenses === 0) return [{ question: 'who', sentence: 'Nobody with a license is in the lists that were compared.' }];
  if (notMatched === 0)
    return [{ question: 'who', sentence: `Nobody is Not Matched: of ${people(licenses)} with a license none is cut off from ${crmName}.` }];
  const [first, ...others] = reasons;
  const rest = others.reduce((n, one) => n + one.notMatched, 0);
  const why = first
    ? `${first.label}: ${people(first.notMatched)}${
        rest > 0
          ? `; ${others
              .slice(0, 2)
              .map(({ label, notMatched: n }) => `${label}: ${n.toLocaleString('en')}`)
              .join('; ')}${others.length > 2 ? '; and others' : ''}`
          : ''
      }.`
    : '';
  const doers = actors.filter(({ label }) => label !== actorLabels['nobody-wait']);
  return [
    {
      question: 'who',
      sentence: `${people(notMatched)} of ${licenses.toLocaleString('en')} with a license ${notMatched === 1 ? 'is' : 'are'} Not Matched: nothing they do reaches ${crmName}.`,
    },
    ...(first ? [{ question: 'why', sentence: why } as const] : []),
    ...(since === null
      ? []
      : [{ question: 'since', sentence: `The first of them since ${day(since)}, as far as the comparisons go back.` } as const]),
    {
      question: 'cost',
      sentence:
        cost === null || currency === null
          ? 'Say what a license costs, and the report says what this costs.'
          : cost.unpriced === notMatched
            ? 'Nobody said what these licenses cost.'
            : `${money(cost.perMonth, currency)} for each month in which it stays so, ${money(cost.soFar, currency)} so far${cost.unpriced > 0 ? `; ${people(cost.unpriced)} without a known price left out` : ''}.`,
    },
    {
      question: 'act',
      sentence:
        doers.length === 0
          ? 'Nobody: it is waited for.'
          : `${listed(doers.map(({ label, notMatched: n }) => `${label} for ${n.toLocaleString('en')}`))}.`,
    },
  ];
}

/**
 * What LinkedIn's CRM integration gives, and whoever is Not Matched goes without: CRM Sync with auto-save, activity writeback and ROI
 * reporting, embedded profiles, data validation (LinkedIn's Sales Navigator hub, "Integrate Sales Navigator with your CRM").
 */
export const whileNotMatched = (crmName: string): { readonly name: string; readonly sentence: string }[] => [
  { name: 'Auto-save', sentence: `The leads and accounts of their ${crmName} records are not saved in Sales Navigator for them.` },
  { name: 'Activity writeback', sentence: `Their InMails, messages and notes are not written to ${crmName}.` },
  { name: 'ROI reporting', sentence: 'Their work is missing from LinkedIn’s ROI reports.' },
  { name: 'Embedded profiles', sentence: `Pages of ${crmName} don’t show them LinkedIn’s profiles as theirs.` },
  { name: 'Data validation', sentence: `Nobody tells them which contacts in ${crmName} have changed jobs.` },
];

export const reportChangeLabels: Readonly<Record<ReportChange, string>> = {
  new: 'Newly Not Matched',
  'came-back': 'Not Matched again',
  repaired: 'Repaired',
  left: 'No longer Not Matched, not Matched either',
  reason: 'Still Not Matched, other reason',
  added: 'New in the license list',
  gone: 'No longer in the license list',
  other: 'Another status',
};

/** How often LinkedIn's own status was known, and was what was predicted. */
export const agreementSentence = ({ agreed, of }: { readonly agreed: number; readonly of: number }): string =>
  of === 0
    ? 'LinkedIn’s own status was not seen yet: bring an export with the CRM status column.'
    : `LinkedIn agreed with ${agreed.toLocaleString('en')} of ${of.toLocaleString('en')}.`;

/** How often the change of the email was all that LinkedIn needed. */
export const emailAloneSentence = ({ enough, of }: { readonly enough: number; readonly of: number }): string =>
  of === 0
    ? 'No repair has shown yet whether a change of the email alone is enough.'
    : `Email alone was enough ${enough.toLocaleString('en')} of ${of.toLocaleString('en')} times.`;
