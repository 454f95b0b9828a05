import type { Finding } from '../../../server/core/finding.ts';

/** Somebody Not Matched whose license email is to change from `from` to `to`; everything else as given. */
export function emailDiffers(id: string, from: string, to: string, rest: Partial<Finding> = {}): Finding {
  return {
    key: `license:${id}`,
    side: 'license',
    status: 'not-matched',
    reason: 'email-differs',
    variant: null,
    license: {
      id,
      seatId: '',
      uniqueUserId: id,
      email: from,
      name: `Person ${id}`,
      status: 'Activated',
      licenses: ['Sales Navigator Advanced Plus'],
    },
    crmUser: { crm: 'salesforce', id: `crm-${id}`, email: to, name: `Person ${id}`, active: true },
    rule: 'stable-id',
    confidence: 1,
    suggestions: [],
    difference: 'other',
    changeSide: 'license',
    changeEvidence: [],
    targetEmail: to,
    rootCause: null,
    also: [],
    predicted: 'not-matched',
    observed: { verdict: 'unknown', source: null, at: null },
    managedBy: 'unknown',
    managedByEvidence: null,
    otherCrmUsers: [],
    actor: 'linkedin-admin',
    label: 'Email differs',
    sentence: 'This is the same person, but the two emails are different.',
    nextStep: 'Change the license email to the one in Salesforce.',
    closedBy: 'A new export.',
    asOf: '2026-11-21T09:00:00.000Z',
    ...rest,
  };
}

export const matched = (id: string, email: string): Finding =>
  emailDiffers(id, email, email, {
    status: 'matched',
    reason: 'emails-agree',
    changeSide: null,
    targetEmail: null,
    difference: null,
    predicted: 'matched',
  });
