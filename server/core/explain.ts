import type { Explanation, Finding } from './finding.ts';
import type { Judge } from './judge.ts';
import type { Reason } from './status.ts';

type Rung = Explanation['ladder'][number];

/** The questions in the order in which they decide (design §2), with the reasons each stands for. */
const questions: readonly { readonly question: string; readonly reasons: readonly Reason[]; readonly status?: Finding['status'] }[] = [
  { question: 'Was the read incomplete or too old?', reasons: ['not-checked'] },
  { question: 'Is there an exception?', reasons: ['excepted'] },
  { question: 'Is a repair running?', reasons: ['being-repaired', 'stuck-onboarding'] },
  { question: 'Is it a license that cannot CRM-sync?', reasons: ['license-without-crm-sync'] },
  { question: 'Is an email missing, or no address?', reasons: ['email-unusable'] },
  { question: 'Do ids, links or history point to somebody else than the email?', reasons: ['identity-conflict'] },
  { question: 'Are there several CRM users, licenses or namesakes, and nothing tells them apart?', reasons: ['ambiguous'] },
  { question: 'Is the owner inactive in the CRM?', reasons: ['crm-user-inactive'] },
  { question: 'Is the owner’s invitation to the CRM still open?', reasons: ['crm-user-unconfirmed'] },
  { question: 'Is the email in another CRM of the company only?', reasons: ['in-other-crm'] },
  { question: 'Did a repair of this person stop?', reasons: ['repair-failed'] },
  { question: 'Is the owner known, and do the emails differ?', reasons: ['email-differs'] },
  { question: 'Are there only suggestions for the owner?', reasons: ['owner-unconfirmed'] },
  { question: 'Does nobody in the CRM fit?', reasons: ['no-crm-user'] },
  { question: 'The emails agree. Did LinkedIn show Not Matched all the same?', reasons: ['linkedin-disagrees'] },
  { question: 'Do they seem to use a second LinkedIn profile?', reasons: ['duplicate-profile'] },
  { question: 'Is the invitation still open?', reasons: ['invitation-pending'] },
  { question: 'Is CRM sync switched off?', reasons: ['crm-sync-off'] },
  { question: 'Is LinkedIn still to show a correction?', reasons: ['waiting-for-linkedin'] },
  { question: 'Has LinkedIn itself shown Matched?', reasons: ['in-sync'] },
  { question: 'Do the emails agree, unconfirmed by LinkedIn?', reasons: ['emails-agree'] },
];

const unlicensedQuestions: typeof questions = [
  { question: 'Did they say that they pay for Sales Navigator themselves?', reasons: ['own-subscription'] },
  { question: 'Could a license without a known owner be theirs?', reasons: ['may-have-one'] },
  { question: 'Are they active, in scope and without a license?', reasons: ['no-license'] },
];

/** The status ladder of one person, down to the first yes; what comes after it was not asked. */
export function explainLadder(judge: Judge | null, finding: Finding, row = -1): Rung[] {
  const ladder: Rung[] = [];
  for (const { question, reasons } of finding.side === 'crm' ? unlicensedQuestions : questions) {
    if (reasons.includes(finding.reason)) {
      ladder.push({ question, answer: 'yes', detail: finding.sentence });
      break;
    }
    const unknown =
      judge !== null && reasons.includes('license-without-crm-sync') && finding.also.includes('license-type-unknown') && row >= 0;
    ladder.push({ question, answer: unknown ? 'unknown' : 'no', detail: unknown ? 'The export doesn’t say which license this is.' : '' });
  }
  return ladder;
}
