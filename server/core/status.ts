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
  'email-moved-since-link',
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

/** What a plan does: email changes alone, or LinkedIn's whole procedure. */
export const planModes = ['email-first', 'full'] as const;
export type PlanMode = (typeof planModes)[number];

/** What one upload of a plan changes. */
export const planFileKinds = ['email-change', 'domain-change', 'license-off', 'license-on'] as const;
export type PlanFileKind = (typeof planFileKinds)[number];

/** How a change reaches LinkedIn: an upload, over SCIM person by person, or by hand in Admin Center. */
export const planRoutes = ['files', 'scim', 'guided'] as const;
export type Route = (typeof planRoutes)[number];
/** What can go without a person between. */
export type ServerRoute = Exclude<Route, 'guided'>;

/** The life of one upload file, or of one guided list. `seen` needs a result file or an export; being told "uploaded" moves nothing on. */
export const fileStates = ['made', 'downloaded', 'said-to-be-uploaded', 'seen', 'closed', 'discarded', 'replaced', 'late'] as const;

/** The life of a plan as people see it: one that runs can be paused. */
export const planStates = ['draft', 'running', 'paused', 'done', 'cancelled', 'expired'] as const;

/** What is still ahead of one person, in LinkedIn's order (help a162746). An email-first rematch ends with `wait`. */
export const rematchSteps = [
  'update-email',
  'wait',
  'ask-person',
  'remove-license',
  'reassign-license',
  'onboarding',
  'enable-crm-sync',
] as const;
export type RematchStep = (typeof rematchSteps)[number];

/**
 * How a rematch ended. `repaired`: LinkedIn itself showed Matched. `emails-agree`: nothing observable contradicts it.
 * `full-offered`: the email is right, LinkedIn still says Not Matched, a person may plan the rest.
 * `undone`: the email from before is back. `handed-over`: a leaver's license is free for their successor.
 */
export const rematchEnds = [
  'repaired',
  'emails-agree',
  'full-offered',
  'undone',
  'handed-over',
  'cancelled',
  'left-out',
  'failed',
  'conflict',
] as const;
export type RematchEnd = (typeof rematchEnds)[number];

/** What somebody answers who was asked whether their license may move to the new address. */
export const questionAnswers = ['confirmed', 'wrong-person', 'not-now'] as const;
export type QuestionAnswer = (typeof questionAnswers)[number];

/** The checks that stand before a whole plan. A guard that trips stops before any change and says so. */
export const guardCodes = ['unknown-contract-crm', 'sandbox', 'other-org', 'incomplete', 'stale', 'odd-run', 'limit'] as const;

/** What holds one person of a plan back right before their row would be written. */
export const personGuardCodes = [
  'protected',
  'idp-owned',
  'gone',
  'other-writer',
  'late',
  'duplicate-id',
  'facts-changed',
  'crm-user-inactive',
  'target-taken',
  'license-type-unknown',
  'not-asked',
] as const;

/** Why somebody's row was taken out before its file was made: by a guard, or because of how far their own repair is. */
export const heldBackCodes = [...personGuardCodes, 'not-in-plan', 'repair-ended', 'paused', 'email-not-seen', 'target-not-freed'] as const;
export type HeldBackCode = (typeof heldBackCodes)[number];

/** How something is to be shown. The places that show it have colours and icons of their own. */
export const tones = ['good', 'warning', 'bad', 'info', 'neutral'] as const;
export type Tone = (typeof tones)[number];

/** The licenses that Admin Center's picker offers (help a105137), beside what nobody can tell. */
export const licenseKinds = ['advanced-plus', 'advanced', 'teamlink-extend', 'other', 'unsaid'] as const;
export type LicenseKind = (typeof licenseKinds)[number];

/** Who may do what in Admin Center (LinkedIn's hub: full admin, sub admin, user; the upload template: admin, reporting, blank). */
export const permissions = ['full-admin', 'sub-admin', 'reporting', 'user', 'unclear'] as const;
export type Permission = (typeof permissions)[number];

/** Whom of the license holders a list shows. */
export const holderViews = ['all', 'leavers', 'idle', 'cannot-sync', 'invited', 'other-team'] as const;
export type HolderView = (typeof holderViews)[number];

/** What a usage report measures, in LinkedIn's order: its tab Usage, then Effectiveness. */
export const usageMetrics = [
  'daysActive',
  'searches',
  'profileViews',
  'savedLeads',
  'savedAccounts',
  'inMailSent',
  'inMailAcceptance',
  'messages',
  'connections',
  'smartLinksCreated',
  'smartLinksViewed',
] as const;
export type UsageMetric = (typeof usageMetrics)[number];
export const ofEachMetric = <Value>(of: (metric: UsageMetric) => Value): Record<UsageMetric, Value> =>
  Object.fromEntries(usageMetrics.map((metric) => [metric, of(metric)])) as Record<UsageMetric, Value>;

/** Whether somebody used Sales Navigator in a report's period. A blank is no zero: `unknown`. */
export const useStates = ['active', 'inactive', 'unknown'] as const;
export type UseState = (typeof useStates)[number];

/** The lists that a usage report is read for; `stranger`: in the report, and nobody of the contract's license list. */
export const usageViews = ['all', 'matched-inactive', 'not-matched-active', 'inactive', 'unknown', 'stranger'] as const;
export type UsageView = (typeof usageViews)[number];

/** What tools that draw charts read from outside, each with tokens of its own. */
export const feeds = ['people', 'usage'] as const;
export type Feed = (typeof feeds)[number];

/** What the mismatch report is cut by. */
export const reportDimensions = ['team', 'manager', 'crm', 'reason', 'rootCause', 'actor'] as const;
export type ReportDimension = (typeof reportDimensions)[number];

/**
 * What became of a license holder between two comparisons. `left`: Not Matched before, and neither that nor Matched now. `reason`: Not
 * Matched at both, for another reason.
 */
export const reportChanges = ['new', 'came-back', 'repaired', 'left', 'reason', 'added', 'gone', 'other'] as const;
export type ReportChange = (typeof reportChanges)[number];

/** The tables of the mismatch report, each a file of its own. */
export const reportTables = ['people', 'groups', 'changes', 'repairs', 'trend'] as const;
export type ReportTable = (typeof reportTables)[number];

/** Other LinkedIn products that may share the enterprise profile with Sales Navigator. */
export const sharedProducts = ['recruiter', 'learning', 'talent-insights', 'sales-insights', 'career-pages'] as const;
export type SharedProduct = (typeof sharedProducts)[number];

/** Online by card, or through a sales representative of LinkedIn: what may be bought and returned, and where, depends on it. */
export const waysToBuy = ['online', 'representative'] as const;

/** What people decide about one license: who holds it, to leave them alone, that nobody uses it, to be asked again. */
export const decisionKinds = ['link', 'exception', 'nobody', 'later'] as const;
export type DecisionKind = (typeof decisionKinds)[number];

/**
 * `moved`: one of the two emails changed after the link was made. `due`: its day has come. `soon`: it comes within two weeks.
 * `open`: somebody has to do what was decided. `gone`: the person is in no list any more. `holds`: nothing to do.
 */
export const decisionStates = ['moved', 'due', 'soon', 'open', 'gone', 'holds'] as const;
export type DecisionState = (typeof decisionStates)[number];

/** What LinkedIn's admin pages are called by whoever sees them, newest first. */
export const centerGenerations = ['admin-center', 'account-center', 'seat-management'] as const;
export type CenterGeneration = (typeof centerGenerations)[number];
export const centerPages = ['users', 'groups', 'admins', 'settings'] as const;
export type CenterPage = (typeof centerPages)[number];

/** Where a license holder stands while a domain becomes another one. */
export const domainPlaces = ['done', 'behind', 'under-way', 'crm-behind', 'both-old', 'other'] as const;
export type DomainPlace = (typeof domainPlaces)[number];

/** What several people are written at once: of their open invitation, of their work email before it, or in an admin's own words. */
export const mailingKinds = ['reminder', 'address', 'note'] as const;
export type MailingKind = (typeof mailingKinds)[number];

/** What alerts watch for. */
export const alertEvents = [
  'match-rate',
  'not-matched',
  'repair-failed',
  'seatless',
  'guard',
  'connection-ends',
  'export-old',
  'assignments-low',
  'no-run',
] as const;
