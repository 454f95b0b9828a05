import type { FindingRow, PanelPerson, PanelPersonDetail, PanelRecord, Person, Rematch, RootCause } from '../api.ts';
import { joinKeyOf } from '../core/email.ts';
import { actorLabels, type Outcome, outcomeLabels, ruleLabels, statusLabels, toneOf } from '../core/labels.ts';
import { mergeTimeline } from '../core/merge-timeline.ts';
import type { Tone } from '../core/status.ts';
import { alsoLabels, day } from '../core/wording.ts';
import { isPlannable } from './panel-overview.ts';

/** What decides whether a panel offers to repair somebody. */
export interface Repairable {
  readonly canAct: boolean;
  readonly rootCauses: readonly RootCause[];
}

/** One person in a list of a panel. */
export function panelPersonOf(finding: FindingRow, { canAct, rootCauses }: Repairable): PanelPerson {
  const cause = rootCauses.find(({ id }) => id === finding.rootCause);
  const name = finding.license?.name || finding.crmUser?.name || finding.license?.email || finding.crmUser?.email || finding.key;
  return {
    key: finding.key,
    name,
    status: statusLabels[finding.status],
    tone: toneOf(finding.status, finding.reason),
    reason: finding.label,
    sentence: finding.sentence,
    nextStep: finding.nextStep,
    actor: actorLabels[finding.actor],
    licenseEmail: finding.license?.email || null,
    crmEmail: finding.crmUser?.email || null,
    since: `since ${day(finding.since)}`,
    repair:
      canAct && finding.license && finding.status === 'not-matched' && cause && isPlannable(cause)
        ? { button: 'Repair this person', choice: { licenseIds: [finding.license.id] } }
        : null,
  };
}

const outcomeTones: Readonly<Record<Outcome, Tone>> = {
  decided: 'good',
  agrees: 'good',
  contradicts: 'warning',
  'no-match': 'neutral',
  'not-applicable': 'neutral',
};

/** Everything a panel says of one person. */
export function panelPersonDetailOf(
  { finding, explanation, timeline, present, suggestionDetails }: Person,
  repairs: readonly Rematch[],
  crmName: string,
  repairable: Repairable,
): PanelPersonDetail {
  const shown = panelPersonOf(finding, repairable);
  const runsOf = (runs: readonly { text: string; differs: boolean; note?: string }[] | undefined, email: string | null) =>
    runs && runs.length > 0
      ? runs.map(({ text, differs, note }) => ({ text, differs, note: note ?? null }))
      : email === null
        ? []
        : [{ text: email, differs: false, note: null }];
  const isBusy = repairs.some(({ ended }) => ended === null);
  return {
    ...shown,
    repair: present && !isBusy ? shown.repair : null,
    also: finding.also.map((code) => alsoLabels[code]),
    closedBy: finding.closedBy,
    emails: [
      ...(finding.license ? [{ label: 'LinkedIn license', runs: runsOf(explanation?.licenseEmail, shown.licenseEmail) }] : []),
      ...(finding.crmUser ? [{ label: crmName, runs: runsOf(explanation?.crmEmail, shown.crmEmail) }] : []),
    ],
    owner:
      finding.license && finding.crmUser && finding.rule
        ? `${finding.crmUser.name || finding.crmUser.email}: ${ruleLabels[finding.rule]}.`
        : null,
    suggestions: finding.suggestions.map(({ crmUserId, name, email, evidence }) => {
      const { title = '', team = '', manager = '' } = suggestionDetails[crmUserId] ?? {};
      const told = [...evidence, title, team, manager && `manager: ${manager}`].filter((part) => part !== '');
      return { name, email, sentence: told.join('; ') };
    }),
    trace: (explanation?.trace ?? []).map(({ rule, outcome, detail }) => ({
      rule: ruleLabels[rule],
      outcome: outcomeLabels[outcome],
      tone: outcomeTones[outcome],
      detail,
    })),
    timeline: mergeTimeline(timeline, ({ label, sentence }) => [label, sentence]).map(({ from, to, status, reason, label, sentence }) => ({
      when: to ? `${day(from)} – ${day(to)}` : `Since ${day(from)}`,
      sentence: `${label}. ${sentence}`,
      tone: toneOf(status, reason),
    })),
    repairs: repairs.toReversed().map(({ label, sentence, planId }) => ({
      sentence: `${label}. ${sentence}`,
      target: { view: 'plan', id: planId },
    })),
    warning: present ? null : 'No longer in the latest comparison.',
  };
}

/**
 * The warning beside a record: its email is another one than at the last comparison, and LinkedIn joins by email.
 * @param current what the CRM shows at this moment
 */
export function changedEmailWarning(finding: FindingRow, current: string | undefined, crmName: string): string | null {
  const compared = finding.crmUser?.email;
  if (current === undefined || compared === undefined || !finding.license || same(current, compared)) return null;
  if (same(current, finding.license.email))
    return `The email in ${crmName} changed since the last comparison, and is the license's now. Compare again.`;
  return finding.status === 'matched'
    ? `The email in ${crmName} is another one since the last comparison. LinkedIn stops syncing this person until the license has it too.`
    : `The email in ${crmName} is another one since the last comparison. Compare again before anything is repaired.`;
}

/** As LinkedIn compares. */
const same = (a: string, b: string): boolean => joinKeyOf(a) === joinKeyOf(b);

/** What a record shows whom the last comparison does not have. */
export const nobodyOnRecord = (
  crmName: string,
  hasRun: boolean,
): Pick<PanelRecord, 'found' | 'heading' | 'sentence' | 'tone' | 'person'> => ({
  found: false,
  heading: hasRun ? 'Not part of the comparison' : 'Nothing compared yet',
  sentence: hasRun
    ? `The last comparison of ${crmName} had nobody with a Sales Navigator license, or in its scope, for this record.`
    : 'Once Seatmatch has compared, it says here whether this person syncs with LinkedIn.',
  tone: 'neutral',
  person: null,
});

/** A record in HubSpot that belongs to nobody. */
export const recordWithoutOwner = (crmName: string): Pick<PanelRecord, 'found' | 'heading' | 'sentence' | 'tone' | 'person'> => ({
  found: false,
  heading: 'This record has no owner',
  sentence: `Give it an owner in ${crmName}. Then it says here whether they sync with LinkedIn.`,
  tone: 'neutral',
  person: null,
});
