/** The closed lists of design words. Plain constants: api.ts makes enums of them, wording.ts a sentence for each. */

export const statuses = ['matched', 'not-matched', 'cannot-sync', 'no-license', 'excepted', 'being-repaired', 'not-checked'] as const;
export type Status = (typeof statuses)[number];

/** Reasons in the order in which they decide, within their status. */
export const reasonsOf = {
  'not-checked': ['not-checked'],
  excepted: ['excepted'],
  'being-repaired': ['being-repaired', 'stuck-onboarding'],
  'cannot-sync': ['license-without-crm-sync'],
  'not-matched': [
    'email-unusable',
    'identity-conflict',
    'ambiguous',
    'crm-user-inactive',
    'crm-user-unconfirmed',
    'in-other-crm',
    'email-differs',
    'owner-unconfirmed',
    'no-crm-user',
    'repair-failed',
  ],
  matched: [
    'identity-conflict',
    'linkedin-disagrees',
    'duplicate-profile',
    'invitation-pending',
    'crm-sync-off',
    'waiting-for-linkedin',
    'emails-agree',
    'in-sync',
  ],
  'no-license': ['no-license', 'may-have-one', 'own-subscription'],
} as const satisfies Record<Status, readonly string[]>;
export type Reason = (typeof reasonsOf)[Status][number];
export const reasons = [...new Set(Object.values(reasonsOf).flat())] as readonly Reason[];

/** Other true things about a person, beside the one reason that decided. */
export const alsoCodes = [
  'license-type-unknown',
  'license-without-crm-sync',
  'invitation-pending',
  'crm-sync-off',
  'linkedin-disagrees',
  'duplicate-profile',
  'waiting-for-linkedin',
  'crm-user-inactive',
  'crm-user-unconfirmed',
  'in-other-crm',
  'identity-conflict',
  'namesake',
  'observed-matched',
  'observed-not-matched',
  'duplicate-unique-user-id',
  'other-inactive-crm-user',
  'managed-by-idp',
  'never-signed-in',
  'second-license',
  'email-differs',
  'email-unusable',
] as const;
export type Also = (typeof alsoCodes)[number];

/** Correlation rules, strongest first (design §2). `suggestion` never decides. */
export const rules = [
  'link',
  'stable-id',
  'exact-email',
  'canonical-email',
  'domain-alias',
  'plus-tag',
  'secondary-email',
  'history',
  'suggestion',
] as const;
export type Rule = (typeof rules)[number];

/** What differs between the two emails of an `email-differs`. */
export const differences = [
  'invisible-character',
  'look-alike-letter',
  'plus-tag',
  'dots',
  'old-domain',
  'other-company-domain',
  'secondary-address',
  'changed-name',
  'private-address',
  'other',
] as const;
export type Difference = (typeof differences)[number];

export const changeSides = ['license', 'crm', 'ask'] as const;
export type ChangeSide = (typeof changeSides)[number];

export const actors = ['crm-admin', 'linkedin-admin', 'identity-team', 'the-person', 'nobody-wait'] as const;
export type Actor = (typeof actors)[number];

export const verdicts = ['matched', 'not-matched', 'unknown'] as const;
export type Verdict = (typeof verdicts)[number];

export const managers = ['idp', 'linkedin', 'unknown'] as const;
export type ManagedBy = (typeof managers)[number];

/** What kind of ambiguity, or which unusable email: picks the sentence. */
export const variants = ['crm', 'licenses', 'namesakes', 'missing', 'invalid', 'no-license'] as const;
export type Variant = (typeof variants)[number];
