import { hasCrmSync } from './crm-sync.ts';
import type { Actor, Also, ChangeSide, Difference, ManagedBy, Reason, Rule, Status, Variant } from './status.ts';

/**
 * The sentences of every status, reason and guard, and the choice between them.
 * A template is text with {placeholders}. `less` are wordings for when a placeholder has no value, tried in order; `one` is for n = 1.
 */
export type Template = string | { readonly plain: string; readonly one?: string; readonly less: readonly string[] };

/** `side`: whoever keeps the side (LinkedIn or the CRM) that the facts name. */
interface Row {
  readonly label: Template;
  readonly sentence: Template;
  readonly nextStep: Template;
  readonly actor: Actor | 'side' | 'source';
  readonly closedBy: Template;
}

const newExport = 'A new export shows the new email.';
const changeLicense = 'Change the license email to the one in {crm}.';
const comparedAgain = 'The next comparison finds one email on both sides.';
const linked = 'A link, or the next comparison, says who the owner is.';

export const wordings = {
  // Matched, and what stands in the way of syncing
  'in-sync': {
    label: 'Matched',
    sentence: 'The license and {crm} have the same email, and the license is active.',
    nextStep: 'Nothing to do.',
    actor: 'nobody-wait',
    closedBy: 'Nothing is open.',
  },
  'emails-agree': {
    label: 'Emails agree',
    sentence: {
      plain: "The emails agree since {since}. We have not seen LinkedIn's own status yet.",
      less: ["The emails agree. We have not seen LinkedIn's own status yet."],
    },
    nextStep: "Bring a new export, or check this person's CRM sync status in Admin Center.",
    actor: 'linkedin-admin',
    closedBy: 'LinkedIn shows Matched.',
  },
  // LinkedIn has no CRM Sync for this CRM, and so no status of its own that anybody could look up.
  'emails-agree, no CRM Sync': {
    label: 'Emails agree',
    sentence: {
      plain: 'The emails agree since {since}. LinkedIn has no CRM Sync with {crm}.',
      less: ['The emails agree. LinkedIn has no CRM Sync with {crm}.'],
    },
    nextStep: 'Nothing to do.',
    actor: 'nobody-wait',
    closedBy: 'Nothing is open.',
  },
  'linkedin-disagrees': {
    label: 'LinkedIn disagrees',
    sentence: {
      plain: 'The emails agree, yet LinkedIn showed Not Matched on {date}.',
      less: ['The emails agree, yet LinkedIn showed Not Matched.'],
    },
    nextStep: {
      plain: 'If this lasts after {until}, plan a full rematch or contact LinkedIn support.',
      less: ['If this lasts, plan a full rematch or contact LinkedIn support.'],
    },
    actor: 'linkedin-admin',
    closedBy: 'LinkedIn shows Matched.',
  },
  'invitation-pending': {
    label: 'Invitation open',
    sentence: {
      plain: 'Invited on {since} and not accepted. Nothing syncs until they accept.',
      less: ['Invited and not accepted. Nothing syncs until they accept.'],
    },
    nextStep: 'Remind them, or resend the invitation in Admin Center.',
    actor: 'the-person',
    closedBy: 'A new export shows the license as activated.',
  },
  'license-without-crm-sync': {
    label: "License can't sync",
    sentence: {
      plain: '{license} has no CRM sync; only Advanced Plus has. Their email makes no difference.',
      less: ['This license has no CRM sync; only Advanced Plus has. Their email makes no difference.'],
    },
    nextStep: 'Move them to Advanced Plus, or leave them as they are.',
    actor: 'linkedin-admin',
    closedBy: 'A new export shows Advanced Plus, or an exception is set.',
  },
  'license-type-unknown': {
    label: 'License type unknown',
    sentence: "The export doesn't say which license this is, so we can't tell if it can sync.",
    nextStep: 'Tick the license columns when you download the next export.',
    actor: 'linkedin-admin',
    closedBy: 'A new export holds the license columns.',
  },
  'crm-sync-off': {
    label: 'CRM sync is off',
    sentence: 'The emails agree, but CRM sync is switched off for this person.',
    nextStep: 'Enable CRM for them in Admin Center, then bring a new export.',
    actor: 'linkedin-admin',
    closedBy: 'A new export shows CRM sync as on.',
  },
  'waiting-for-linkedin': {
    label: 'Waiting for LinkedIn',
    sentence: {
      plain: 'The email was corrected on {since}. LinkedIn should show it by {until}.',
      less: [
        'The email was corrected. LinkedIn should show it by {until}.',
        'The email was corrected on {since}. LinkedIn should show it soon.',
        'The email was corrected. LinkedIn should show it soon.',
      ],
    },
    nextStep: { plain: 'Nothing to do until {until}. We remind you then.', less: ['Nothing to do for now. We remind you.'] },
    actor: 'nobody-wait',
    closedBy: 'LinkedIn shows Matched.',
  },
  'identity-conflict': {
    label: 'Wrong person?',
    sentence: 'LinkedIn joins them by email, but their ID or history belongs to somebody else.',
    nextStep: 'Say who uses this license today. Nothing is changed until you do.',
    actor: 'crm-admin',
    closedBy: 'A link says who uses the license.',
  },
  'duplicate-profile': {
    label: 'Second LinkedIn profile?',
    sentence: 'After the last invitation they seem to use a new, empty LinkedIn profile.',
    nextStep: 'Ask if they see their usual connections. If not, contact LinkedIn support.',
    actor: 'linkedin-admin',
    closedBy: 'An answer says which profile they use.',
  },
  'in-other-crm': {
    label: 'In another CRM',
    sentence: {
      plain: 'This email is in {other crm}, but LinkedIn syncs with {crm}.',
      less: ['This email is in another CRM, but LinkedIn syncs with {crm}.'],
    },
    nextStep: 'Add the person to {crm}, or leave them with an exception.',
    actor: 'crm-admin',
    closedBy: 'The next comparison finds them in {crm}, or an exception is set.',
  },

  // Not Matched
  'email-differs': {
    label: 'Email differs',
    sentence: {
      plain: 'This is {owner} by {rule}, but the two emails are different.',
      less: [
        'This is {owner}, but the two emails are different.',
        'The owner is known by {rule}, but the two emails are different.',
        'The owner is known, but the two emails are different.',
      ],
    },
    nextStep: changeLicense,
    actor: 'linkedin-admin',
    closedBy: newExport,
  },
  'email-differs: invisible': {
    label: 'Invisible character',
    sentence: {
      plain: "The {side} email holds a character you can't see, so it counts as another address.",
      less: ["One of the emails holds a character you can't see, so it counts as another address."],
    },
    nextStep: {
      plain: 'Replace the {side} email with the clean one shown here.',
      less: ['Replace that email with the clean one shown here.'],
    },
    actor: 'side',
    closedBy: comparedAgain,
  },
  'email-differs: look-alike': {
    label: 'Look-alike letter',
    sentence: {
      plain: 'The {side} email holds a letter that only looks right, from another alphabet.',
      less: ['One of the emails holds a letter that only looks right, from another alphabet.'],
    },
    nextStep: {
      plain: 'Find out who entered it, then replace the {side} email.',
      less: ['Find out who entered it, then replace that email.'],
    },
    actor: 'side',
    closedBy: comparedAgain,
  },
  'email-differs: plus-tag': {
    label: 'Extra +tag',
    sentence: 'One email has a +tag, the other has not. LinkedIn compares the whole address.',
    nextStep: changeLicense,
    actor: 'linkedin-admin',
    closedBy: newExport,
  },
  'email-differs: dots': {
    label: 'Dots differ',
    sentence: 'The two emails differ only by dots. LinkedIn compares the whole address.',
    nextStep: changeLicense,
    actor: 'linkedin-admin',
    closedBy: newExport,
  },
  'email-differs: old-domain': {
    label: 'Old domain',
    sentence: {
      plain: 'The license has {old domain}, {crm} has {new domain}. {n} people share this cause.',
      one: 'The license has {old domain}, {crm} has {new domain}.',
      less: [
        'The license has {old domain}, {crm} has {new domain}.',
        'The license has an old domain of yours, {crm} has the new one. {n} people share this cause.',
        'The license has an old domain of yours, {crm} has the new one.',
      ],
    },
    nextStep: {
      plain: 'Confirm which domain is right, then repair all {n} with one file.',
      one: 'Confirm which domain is right, then change the license email.',
      less: ['Confirm which domain is right, then repair everyone with one file.'],
    },
    actor: 'linkedin-admin',
    closedBy: newExport,
  },
  'email-differs: alias-domain': {
    label: 'Other company domain',
    sentence: 'Both domains are yours, but LinkedIn needs the same one on both sides.',
    nextStep: changeLicense,
    actor: 'linkedin-admin',
    closedBy: newExport,
  },
  'email-differs: secondary': {
    label: 'Second address',
    sentence: "The license has this person's second address, {crm} has the first.",
    nextStep: changeLicense,
    actor: 'linkedin-admin',
    closedBy: newExport,
  },
  'email-differs: changed-name': {
    label: 'Changed name',
    sentence: 'Same person, new name in {crm}. The license still has the old email.',
    nextStep: 'Check that the new mailbox works, then change the license email.',
    actor: 'linkedin-admin',
    closedBy: newExport,
  },
  'email-differs: private': {
    label: 'Private address',
    sentence: 'The license was set up with a private address, not the company one.',
    nextStep: 'Ask them to add the company email on LinkedIn, then change the license email.',
    actor: 'the-person',
    closedBy: newExport,
  },
  'change side: crm': {
    label: 'CRM email looks wrong',
    sentence: {
      plain: 'The license email fits your company; the one in {crm} does not: {evidence}.',
      less: ['The license email fits your company; the one in {crm} does not.'],
    },
    nextStep: 'Correct the email in {crm}. LinkedIn stays as it is.',
    actor: 'crm-admin',
    closedBy: 'The next read of {crm} shows the license email.',
  },
  'change side: ask': {
    label: 'Which email is right?',
    sentence: 'The emails differ and nothing tells which one this person uses today.',
    nextStep: 'Ask the person, then mark the right one here.',
    actor: 'the-person',
    closedBy: 'An answer says which email is right.',
  },
  'managed by IdP': {
    label: 'Change it in {idp}',
    sentence: '{idp} controls this license. A change made in LinkedIn would be undone.',
    nextStep: 'Send the request file to your identity team.',
    actor: 'identity-team',
    closedBy: newExport,
  },
  'owner-unconfirmed': {
    label: 'Owner not confirmed',
    sentence: {
      plain: '{n} people in {crm} could be the owner. We never decide by name alone.',
      one: 'One person in {crm} could be the owner. We never decide by name alone.',
      less: ['Somebody in {crm} could be the owner. We never decide by name alone.'],
    },
    nextStep: {
      plain: 'Compare the suggestions and link the right one.',
      one: 'Check the suggestion and link it if it is right.',
      less: [],
    },
    actor: 'crm-admin',
    closedBy: linked,
  },
  'no-crm-user': {
    label: 'No CRM user found',
    sentence: 'Nobody in {crm} fits this license by email, ID or name.',
    nextStep: 'Link the right person, add them to {crm}, or take the license back.',
    actor: 'crm-admin',
    closedBy: 'A link or the next comparison finds them, or the license is gone.',
  },
  'crm-user-inactive': {
    label: 'Inactive in CRM',
    sentence: {
      plain: '{owner} is inactive in {crm} since {since}, but still holds a license.',
      less: [
        '{owner} is inactive in {crm}, but still holds a license.',
        'The owner is inactive in {crm} since {since}, but still holds a license.',
        'The owner is inactive in {crm}, but still holds a license.',
      ],
    },
    nextStep: 'If they left, take the license back. If on leave, add an exception.',
    actor: 'linkedin-admin',
    closedBy: 'A new export shows no license, or an exception is set.',
  },
  'crm-user-unconfirmed': {
    label: 'CRM invitation open',
    sentence: {
      plain: "{owner} hasn't accepted the invitation to {crm}. It is open for {n} days and expired after {days}, so they can't match yet.",
      less: [
        "The owner hasn't accepted the invitation to {crm}. It is open for {n} days and expired after {days}, so they can't match yet.",
        "{owner} hasn't accepted the invitation to {crm}, so they can't match yet.",
        "The owner hasn't accepted the invitation to {crm}, so they can't match yet.",
      ],
    },
    nextStep: 'Re-invite them in {crm} (if deactivated, activate first).',
    actor: 'crm-admin',
    closedBy: 'The next read of {crm} shows the invitation as accepted.',
  },
  'ambiguous: CRM': {
    label: 'Two CRM users, one email',
    sentence: {
      plain: '{n} active users in {crm} share this email. LinkedIn could pick any of them.',
      one: 'Several active users in {crm} share this email. LinkedIn could pick any of them.',
      less: ['Several active users in {crm} share this email. LinkedIn could pick any of them.'],
    },
    nextStep: 'Correct or deactivate the extra user in {crm}, then compare again.',
    actor: 'crm-admin',
    closedBy: 'The next comparison finds one active user with this email.',
  },
  'ambiguous: licenses': {
    label: 'Two licenses, one person',
    sentence: {
      plain: '{n} licenses point to {owner}. Only one of them can be right.',
      one: 'Several licenses point to {owner}. Only one of them can be right.',
      less: [
        '{n} licenses point to one person. Only one of them can be right.',
        'Several licenses point to {owner}. Only one of them can be right.',
        'Several licenses point to one person. Only one of them can be right.',
      ],
    },
    nextStep: 'Keep the one they use and take the other back.',
    actor: 'linkedin-admin',
    closedBy: 'A new export shows one license for this person.',
  },
  'ambiguous: namesakes': {
    label: 'Same name',
    sentence: {
      plain: '{n} people in {crm} have this name and no ID tells them apart.',
      one: 'Several people in {crm} have this name and no ID tells them apart.',
      less: ['Several people in {crm} have this name and no ID tells them apart.'],
    },
    nextStep: 'Ask the person or their manager, then link the right one.',
    actor: 'crm-admin',
    closedBy: linked,
  },
  'email-unusable: missing': {
    label: 'No email',
    sentence: {
      plain: 'The {side} record has no email, so nothing can be compared.',
      less: ['One of the records has no email, so nothing can be compared.'],
    },
    nextStep: { plain: 'Fill in the email in {side}, then compare again.', less: ['Fill in the missing email, then compare again.'] },
    actor: 'side',
    closedBy: 'The next comparison finds an email there.',
  },
  'email-unusable: invalid': {
    label: 'Not an email',
    sentence: {
      plain: 'What stands in the {side} email field is not an email address.',
      less: ['What stands in one of the email fields is not an email address.'],
    },
    nextStep: { plain: 'Correct the email in {side}, then compare again.', less: ['Correct that email, then compare again.'] },
    actor: 'side',
    closedBy: 'The next comparison finds an email there.',
  },
  'identity-conflict (not matched)': {
    label: 'ID and name disagree',
    sentence: {
      plain: 'The ID says {owner}, but name and email say somebody else. The ID may be reused.',
      less: ['The ID says one person, but name and email say somebody else. The ID may be reused.'],
    },
    nextStep: 'Check the ID in both systems, then say who it is.',
    actor: 'crm-admin',
    closedBy: 'A link says who uses the license.',
  },
  'repair-failed': {
    label: 'Repair stopped',
    sentence: {
      plain: 'Stopped at "{step}": {cause}. License now: {license state}.',
      less: ['Stopped at "{step}": {cause}.', 'The last repair stopped: {cause}.', 'The last repair stopped before its end.'],
    },
    nextStep: { plain: '{fix}, then continue from this step.', less: ['Open the repair, then continue from this step.'] },
    actor: 'linkedin-admin',
    closedBy: 'The step is done and read back.',
  },

  // No license, exception, running, not judged
  'no-license': {
    label: 'No license',
    sentence: 'Active in {crm}, in a team that gets Sales Navigator, but without a license.',
    nextStep: 'Add them if they should have one.',
    actor: 'linkedin-admin',
    closedBy: 'A new export shows their license, or an exception is set.',
  },
  'may-have-one': {
    label: 'May have a license already',
    sentence: {
      plain: 'A license without a known owner could be theirs: {suggestion}.',
      less: ['A license without a known owner could be theirs.'],
    },
    nextStep: "Link or rule out that license first. Don't add a second one.",
    actor: 'crm-admin',
    closedBy: 'The license is linked or ruled out.',
  },
  'own-subscription': {
    label: 'Own subscription',
    sentence: 'They said they pay for Sales Navigator outside your contract.',
    nextStep: 'Ask LinkedIn about a data transfer before you give them a license.',
    actor: 'linkedin-admin',
    closedBy: 'A new export shows their license, or an exception is set.',
  },
  excepted: {
    label: 'Exception',
    sentence: {
      plain: 'Left alone until {until} by {author}: {why}.',
      less: ['Left alone until {until}: {why}.', 'Left alone by {author}: {why}.', 'Left alone by an exception.'],
    },
    nextStep: { plain: 'Nothing to do. We ask again on {until}.', less: ['Nothing to do. We ask again when it ends.'] },
    actor: 'nobody-wait',
    closedBy: 'The exception ends or is taken back.',
  },
  'being-repaired': {
    label: 'Repair running',
    sentence: {
      plain: 'Step {n} of {m}: {step}. License now: {license state}.',
      less: ['Step {n} of {m}: {step}.', 'Now: {step}. License now: {license state}.', 'Now: {step}.', 'A repair is under way.'],
    },
    nextStep: { plain: '{actor}: {task}.', less: ['Next: {task}.', 'Open the repair to see its next step.'] },
    actor: 'linkedin-admin',
    closedBy: 'The step is done and read back.',
  },
  'being-repaired, no license': {
    label: 'No license right now',
    sentence: {
      plain: 'Removed at {time} for the repair and not given back yet ({minutes} min).',
      less: [
        'Removed at {time} for the repair and not given back yet.',
        'Removed for the repair and not given back yet ({minutes} min).',
        'Removed for the repair and not given back yet.',
      ],
    },
    nextStep: 'Upload the give-back file now.',
    actor: 'linkedin-admin',
    closedBy: 'A new export shows the license again.',
  },
  'stuck-onboarding': {
    label: "Can't get in",
    sentence: {
      plain: 'License given back on {since}; the new invitation is not accepted after {n} days.',
      one: 'License given back on {since}; the new invitation is not accepted after one day.',
      less: [
        'License given back on {since}; the new invitation is not accepted.',
        'License given back; the new invitation is not accepted after {n} days.',
        'License given back; the new invitation is not accepted.',
      ],
    },
    nextStep: 'Call them. Send the activation link and the troubleshooting guide.',
    actor: 'linkedin-admin',
    closedBy: 'A new export shows the license as activated.',
  },
  'not-checked': {
    label: 'Not checked',
    sentence: {
      plain: '{source} was incomplete or too old on {date}, so we say nothing about this person.',
      less: [
        '{source} was incomplete or too old, so we say nothing about this person.',
        'A list was incomplete or too old on {date}, so we say nothing about this person.',
        'A list was incomplete or too old, so we say nothing about this person.',
      ],
    },
    nextStep: { plain: 'Bring a complete new export of {source}.', less: ['Bring a complete new export.'] },
    actor: 'source',
    closedBy: 'The next comparison has a complete read of both sides.',
  },
  unassigned: {
    label: 'Without a license in LinkedIn',
    sentence: 'Listed in Admin Center without a license; nothing is paid for.',
    nextStep: 'Nothing to do.',
    actor: 'nobody-wait',
    closedBy: 'Nothing is open.',
  },
} as const satisfies Record<string, Row>;
export type WordingKey = keyof typeof wordings;

/** Other true things about a person, in two or three words. */
export const alsoLabels = {
  'license-type-unknown': wordings['license-type-unknown'].label,
  'license-without-crm-sync': wordings['license-without-crm-sync'].label,
  'invitation-pending': wordings['invitation-pending'].label,
  'crm-sync-off': wordings['crm-sync-off'].label,
  'linkedin-disagrees': wordings['linkedin-disagrees'].label,
  'duplicate-profile': wordings['duplicate-profile'].label,
  'waiting-for-linkedin': wordings['waiting-for-linkedin'].label,
  'crm-user-inactive': wordings['crm-user-inactive'].label,
  'crm-user-unconfirmed': wordings['crm-user-unconfirmed'].label,
  'in-other-crm': wordings['in-other-crm'].label,
  'identity-conflict': wordings['identity-conflict'].label,
  namesake: 'Has a namesake',
  'observed-matched': 'LinkedIn showed Matched',
  'observed-not-matched': 'LinkedIn showed Not Matched',
  'duplicate-unique-user-id': 'Unique User ID used twice',
  'other-inactive-crm-user': 'Also an inactive CRM user',
  'managed-by-idp': 'Managed by the identity provider',
  'never-signed-in': 'Never signed in to the CRM',
  'email-differs': wordings['email-differs'].label,
  'email-unusable': 'Email not usable',
  'second-license': 'Has a second license',
  'email-moved-since-link': 'An email changed after the link',
} as const satisfies Record<Also, string>;

/** What plans and guards say. */
export const guardSentences = {
  limit: {
    plain: 'This plan changes {n} of {m} people; your limit is {limit}. Nothing was changed.',
    less: ['This plan changes more people than your limit allows. Nothing was changed.'],
  },
  stale: {
    plain: 'Your LinkedIn export is {age} old; for removals it may be {max}. Nothing was changed.',
    less: ['Your LinkedIn export is too old for removals. Nothing was changed.'],
  },
  incomplete: {
    plain: 'The export has {n} of {m} people. Without the rest we plan no removals.',
    less: ['The export does not have everybody. Without the rest we plan no removals.'],
  },
  ledger: {
    plain: '{n} full rematches need {n} assignments; {left} are left until {reset}. {later} people wait.',
    one: '1 full rematch needs 1 assignment; {left} are left until {reset}.',
    less: [
      '{n} full rematches need {n} assignments; {left} are left this month.',
      "The full rematches need more assignments than this month's rest. Some people wait.",
    ],
  },
  'ledger-unknown': "We don't know this month's assignments. Type in what Admin Center shows, or do one person.",
  'no-free-license': 'No license is free, so full rematches run one at a time.',
  sandbox: {
    plain: 'This is a Salesforce sandbox ({org}). You can look, but nothing will be planned from it.',
    less: ['This is a Salesforce sandbox. You can look, but nothing will be planned from it.'],
  },
  'odd-run': {
    plain: '{n} of {m} people changed status at once. Was this the wrong file or org, or a domain change?',
    less: ['Many people changed status at once. Was this the wrong file or org, or a domain change?'],
  },
  'target-domain': 'The new address is not on one of your company domains. Release it for this person, or correct {crm}.',
  'target-taken': 'Somebody else already has the new address in LinkedIn. Solve that person first.',
  'not-asked': {
    plain: '{owner} has not confirmed the new address. They are left out of this plan.',
    less: ['This person has not confirmed the new address. They are left out of this plan.'],
  },
  'other-writer': "The email changed in LinkedIn and we didn't do it. Stopped; both values are shown.",
  'approve: email': {
    plain: '{n} license emails change. No invitation is sent and no license is removed.',
    one: '1 license email changes. No invitation is sent and no license is removed.',
    less: ['License emails change. No invitation is sent and no license is removed.'],
  },
  'approve: full': {
    plain: '{n} people lose access until they accept a new invitation. {n} assignments are used.',
    one: '1 person loses access until they accept a new invitation. 1 assignment is used.',
    less: ['These people lose access until they accept a new invitation. Each uses one assignment.'],
  },
} as const satisfies Record<string, Template>;
export type GuardCode = keyof typeof guardSentences;

const ruleWords = {
  link: 'the link an admin made',
  'stable-id': 'the same ID',
  'exact-email': 'the same email',
  'canonical-email': 'the same email without stray characters',
  'domain-alias': 'the same name at another of your domains',
  'plus-tag': 'the same email without its +tag',
  'secondary-email': 'its second address',
  history: 'an earlier comparison',
  suggestion: 'a similar name',
} as const satisfies Record<Rule, string>;

type Maybe<Value> = Value | null | undefined;

/** What is known of one person. Dates and `time` are ISO 8601; everything optional may be absent, null or ''. */
export interface WordingFacts {
  readonly status: Status;
  readonly reason: Reason;
  readonly variant?: Maybe<Variant>;
  readonly difference?: Maybe<Difference>;
  readonly changeSide?: Maybe<ChangeSide>;
  readonly managedBy?: Maybe<ManagedBy>;
  /** What the CRM is called in sentences. */
  readonly crmName: string;
  /** Which kind of CRM it is; absent: nobody said. */
  readonly crmKind?: Maybe<string>;
  /** What the identity provider is called in sentences. */
  readonly idpName: string;
  readonly otherCrm?: Maybe<string>;
  readonly ownerName?: Maybe<string>;
  readonly rule?: Maybe<Rule>;
  /** `LinkedIn`, or the CRM's name: the side whose email is at fault. */
  readonly side?: Maybe<string>;
  /** How many people, users, licenses or days the sentence counts. */
  readonly n?: Maybe<number>;
  /** How long something is good, in days. */
  readonly days?: Maybe<number>;
  readonly license?: Maybe<string>;
  readonly since?: Maybe<string>;
  readonly until?: Maybe<string>;
  readonly date?: Maybe<string>;
  readonly by?: Maybe<string>;
  readonly why?: Maybe<string>;
  readonly evidence?: Maybe<string>;
  readonly oldDomain?: Maybe<string>;
  readonly newDomain?: Maybe<string>;
  readonly suggestion?: Maybe<string>;
  readonly step?: Maybe<string>;
  readonly stepNumber?: Maybe<number>;
  readonly steps?: Maybe<number>;
  readonly licenseState?: Maybe<string>;
  readonly minutes?: Maybe<number>;
  readonly task?: Maybe<string>;
  readonly actorName?: Maybe<string>;
  readonly source?: Maybe<string>;
  readonly cause?: Maybe<string>;
  readonly fix?: Maybe<string>;
  readonly time?: Maybe<string>;
}

export interface Wording {
  readonly label: string;
  readonly sentence: string;
  readonly nextStep: string;
  readonly actor: Actor;
  readonly closedBy: string;
}

const differenceKeys = {
  'invisible-character': 'email-differs: invisible',
  'look-alike-letter': 'email-differs: look-alike',
  'plus-tag': 'email-differs: plus-tag',
  dots: 'email-differs: dots',
  'old-domain': 'email-differs: old-domain',
  'other-company-domain': 'email-differs: alias-domain',
  'secondary-address': 'email-differs: secondary',
  'changed-name': 'email-differs: changed-name',
  'private-address': 'email-differs: private',
  other: 'email-differs',
} as const satisfies Record<Difference, WordingKey>;

function emailDiffersKey({ changeSide, difference, managedBy }: WordingFacts): WordingKey {
  // What the identity provider controls is the license: a CRM correction doesn't go through it.
  if (managedBy === 'idp' && changeSide !== 'crm') return 'managed by IdP';
  const key = differenceKeys[difference ?? 'other'];
  if (changeSide === 'crm') return key === 'email-differs: invisible' || key === 'email-differs: look-alike' ? key : 'change side: crm';
  return changeSide === 'ask' ? 'change side: ask' : key;
}

/** The row of `wordings` that says what these facts say. A reason without a row doesn't type-check here. */
export function wordingKeyOf(facts: WordingFacts): WordingKey {
  switch (facts.reason) {
    case 'email-differs':
      return emailDiffersKey(facts);
    case 'ambiguous':
      if (facts.variant === 'licenses') return 'ambiguous: licenses';
      return facts.variant === 'namesakes' ? 'ambiguous: namesakes' : 'ambiguous: CRM';
    case 'email-unusable':
      return facts.variant === 'invalid' ? 'email-unusable: invalid' : 'email-unusable: missing';
    case 'identity-conflict':
      return facts.status === 'matched' ? 'identity-conflict' : 'identity-conflict (not matched)';
    case 'emails-agree':
      return hasCrmSync(facts.crmKind ?? undefined) ? facts.reason : 'emails-agree, no CRM Sync';
    case 'being-repaired':
      return facts.variant === 'no-license' ? 'being-repaired, no license' : 'being-repaired';
    default:
      return facts.reason;
  }
}

/** Label, sentence, next step, its actor and what closes it, every placeholder filled. */
export function wordingOf(facts: WordingFacts): Wording {
  return wordingOfRow(wordingKeyOf(facts), facts);
}

/** As `wordingOf`, for a row that no reason leads to: `unassigned`, or something else that is true of the person. */
export function wordingOfRow(key: WordingKey, facts: WordingFacts): Wording {
  const row: Row = wordings[key];
  const lookup: Lookup = (name) => placeholders[name]?.(facts) ?? null;
  return {
    label: fill(row.label, lookup),
    sentence: fill(row.sentence, lookup),
    nextStep: fill(row.nextStep, lookup),
    actor: actorOf(row.actor, facts),
    closedBy: fill(row.closedBy, lookup),
  };
}

export interface GuardFacts {
  readonly n?: Maybe<number>;
  readonly m?: Maybe<number>;
  /** A number, or "10 %". */
  readonly limit?: Maybe<number | string>;
  /** "8 days", "26 hours". */
  readonly age?: Maybe<string>;
  readonly max?: Maybe<string>;
  readonly left?: Maybe<number>;
  /** ISO 8601. */
  readonly reset?: Maybe<string>;
  readonly later?: Maybe<number>;
  readonly org?: Maybe<string>;
  readonly crmName?: Maybe<string>;
  readonly ownerName?: Maybe<string>;
}

/** A plan's or guard's sentence, every placeholder filled. */
export function guardSentence(code: GuardCode, facts: GuardFacts = {}): string {
  return fill(guardSentences[code], (name) => {
    if (name === 'crm') return text(facts.crmName) ?? 'the CRM';
    if (name === 'owner') return text(facts.ownerName);
    if (name === 'reset') return day(facts.reset);
    const value = facts[name as 'n' | 'm' | 'limit' | 'age' | 'max' | 'left' | 'later' | 'org'];
    return typeof value === 'number' ? count(value) : text(value);
  });
}

/** A day in words: "21 November 2026" from ISO 8601, in UTC; null when it isn't one. */
export function day(iso: Maybe<string>): string | null {
  const date = dateOf(iso);
  return date && `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

const months = 'January February March April May June July August September October November December'.split(' ');

function dateOf(iso: Maybe<string>): Date | null {
  if (!iso || !/^\d{4}-\d\d-\d\d/.test(iso)) return null;
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? null : date;
}

function minuteOfDay(iso: Maybe<string>): string | null {
  const date = dateOf(iso);
  return date && `${date.toISOString().slice(11, 16)} UTC on ${day(iso)}`;
}

/** Looked up one by one: a comparison words a million people, and most sentences have one placeholder. */
const placeholders: Readonly<Record<string, (facts: WordingFacts) => string | null>> = {
  crm: (facts) => text(facts.crmName) ?? 'the CRM',
  idp: (facts) => text(facts.idpName) ?? 'your identity provider',
  'other crm': (facts) => text(facts.otherCrm),
  owner: (facts) => text(facts.ownerName),
  rule: (facts) => (facts.rule ? ruleWords[facts.rule] : null),
  side: (facts) => text(facts.side),
  n: (facts) => count((facts.reason === 'being-repaired' ? facts.stepNumber : facts.n) || null),
  m: (facts) => count(facts.steps),
  days: (facts) => count(facts.days),
  license: (facts) => text(facts.license),
  since: (facts) => day(facts.since),
  until: (facts) => day(facts.until),
  date: (facts) => day(facts.date),
  author: (facts) => text(facts.by?.split('@')[0]),
  why: (facts) => clause(facts.why),
  evidence: (facts) => clause(facts.evidence),
  'old domain': (facts) => text(facts.oldDomain),
  'new domain': (facts) => text(facts.newDomain),
  suggestion: (facts) => clause(facts.suggestion),
  step: (facts) => clause(facts.step),
  'license state': (facts) => clause(facts.licenseState),
  minutes: (facts) => count(facts.minutes),
  task: (facts) => clause(facts.task),
  actor: (facts) => text(facts.actorName),
  source: (facts) => text(facts.source),
  cause: (facts) => clause(facts.cause),
  fix: (facts) => clause(facts.fix),
  time: (facts) => minuteOfDay(facts.time),
};

const needsWork = /[{}@]|^\s|\s$|\s\s|[^\S ]/;

/** A value on one line. Addresses stand beside a sentence, never inside; braces would read as a placeholder. */
function text(value: Maybe<string>): string | null {
  if (!value) return null;
  if (!needsWork.test(value)) return value;
  const words = value.replace(/[{}]/g, '').split(/\s+/);
  return (
    words
      .map((word) => (word.includes('@') ? 'the address' : word))
      .join(' ')
      .trim() || null
  );
}

/** A value that a full stop or comma follows. */
function clause(value: Maybe<string>): string | null {
  const line = text(value);
  return line === null ? null : text(line.replace(/[.,;:!]+$/, ''));
}

function count(value: Maybe<number>): string | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? String(value) : null;
}

type Lookup = (name: string) => string | null;

/** Templates cut at their placeholders: every second part is a placeholder's name. */
const cut = new Map<string, readonly string[]>();

function partsOf(template: string): readonly string[] {
  const known = cut.get(template);
  if (known) return known;
  const parts = template.split(/\{([a-z ]+)\}/);
  cut.set(template, parts);
  return parts;
}

function fill(template: Template, lookup: Lookup): string {
  if (typeof template === 'string') return put(template, lookup) ?? template;
  const one = template.one !== undefined && lookup('n') === '1' ? put(template.one, lookup) : null;
  if (one !== null) return one;
  for (const wording of [template.plain, ...template.less]) {
    const sentence = put(wording, lookup);
    if (sentence !== null) return sentence;
  }
  return template.less[template.less.length - 1] ?? template.plain;
}

/** null when a value is missing. "the CRM" and "Your identity provider" take the case of their place, and no second article. */
function put(template: string, lookup: Lookup): string | null {
  const parts = partsOf(template);
  let sentence = parts[0] ?? '';
  for (let i = 1; i < parts.length; i += 2) {
    const value = lookup(parts[i] ?? '');
    if (value === null) return null;
    if (sentence === '') sentence = value.charAt(0).toUpperCase() + value.slice(1);
    else if (sentence.endsWith('the ') || sentence.endsWith('The ')) sentence += value.replace(/^(the|your) /i, '');
    else if (value.startsWith('The ') || value.startsWith('Your ')) sentence += value.charAt(0).toLowerCase() + value.slice(1);
    else sentence += value;
    sentence += parts[i + 1] ?? '';
  }
  return sentence;
}

function actorOf(actor: Row['actor'], facts: WordingFacts): Actor {
  if (actor === 'side') return isCrm(facts.side, facts) ? 'crm-admin' : sideDefault(facts);
  if (actor === 'source') return isCrm(facts.source, facts) ? 'crm-admin' : 'linkedin-admin';
  return actor;
}

function isCrm(name: Maybe<string>, facts: WordingFacts): boolean {
  return name !== undefined && name !== null && name !== '' && name === facts.crmName;
}

function sideDefault({ changeSide }: WordingFacts): Actor {
  return changeSide === 'crm' ? 'crm-admin' : 'linkedin-admin';
}
