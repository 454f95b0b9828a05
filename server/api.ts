/**
 * The API: a zod schema of every request and response, and one table of all endpoints. The router is checked against the
 * table, the OpenAPI document is made from it, and the console takes its types from here.
 * Findings, explanations and summaries mirror core/finding.ts; a type test holds them equal.
 */
import { z } from 'zod';
import { createDocument, type ZodOpenApiContentObject, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { changeKinds } from './core/change-kinds.ts';
import { batchWays } from './core/invitation-batch.ts';
import {
  actors,
  alertEvents,
  alsoCodes,
  type Reason as CoreReason,
  centerGenerations,
  centerPages,
  changeSides,
  decisionKinds,
  decisionStates,
  differences,
  domainPlaces,
  feeds,
  fileStates,
  guardCodes,
  heldBackCodes,
  holderViews,
  licenseKinds,
  mailingKinds,
  managers,
  permissions,
  planFileKinds,
  planModes,
  planRoutes,
  planStates,
  questionAnswers,
  reasons,
  rematchEnds,
  rematchSteps,
  reportChanges,
  reportDimensions,
  reportTables,
  rules,
  sharedProducts,
  statuses,
  tones,
  usageMetrics,
  usageViews,
  useStates,
  variants,
  verdicts,
  waysToBuy,
} from './core/status.ts';

const list = <Item extends z.ZodType>(item: Item) => z.array(item).readonly();
const row = <Shape extends z.core.$ZodLooseShape>(shape: Shape) => z.object(shape).readonly();
const count = z.int().min(0);
const moment = z.iso.datetime({ offset: true }).meta({ description: 'ISO 8601 with time zone' });
/** Short text a person types; never empty, never a line of control characters. */
const typed = (longest: number) => z.string().trim().min(1, 'must not be empty').max(longest, `may be at most ${longest} characters long`);
const id = z.uuid('is not an id of ours');

// --- What core says (mirrors of core/finding.ts) ---

export const status = z.enum(statuses).meta({ id: 'Status' });
export const reason = z.enum(reasons as readonly [CoreReason, ...CoreReason[]]).meta({ id: 'Reason' });
export const actor = z.enum(actors).meta({ id: 'Actor', description: 'Who takes the next step' });
export const rule = z.enum(rules).meta({ id: 'Rule', description: 'Correlation rules, strongest first' });
export const verdict = z.enum(verdicts).meta({ id: 'Verdict' });

export type Status = z.infer<typeof status>;
export type Reason = z.infer<typeof reason>;
export type Actor = z.infer<typeof actor>;
export type Rule = z.infer<typeof rule>;
export type Verdict = z.infer<typeof verdict>;

export const licenseHolder = row({
  id: z.string(),
  seatId: z.string(),
  uniqueUserId: z.string(),
  email: z.string(),
  name: z.string(),
  status: z.string(),
  licenses: list(z.string()),
}).meta({ id: 'LicenseHolder' });

export const crmUser = row({ crm: z.string(), id: z.string(), email: z.string(), name: z.string(), active: z.boolean() }).meta({
  id: 'CrmUser',
});

export const suggestion = row({
  crmUserId: z.string(),
  name: z.string(),
  email: z.string(),
  score: z.number(),
  evidence: list(z.string()),
}).meta({ id: 'Suggestion', description: 'A possible owner; decides nothing' });

export const otherCrmUser = row({
  crmName: z.string(),
  id: z.string().nullable(),
  name: z.string().nullable(),
  email: z.string(),
}).meta({ id: 'OtherCrmUser', description: 'The same person in a CRM that LinkedIn does not sync with: evidence, never a target address' });
export type OtherCrmUser = z.infer<typeof otherCrmUser>;

export type LicenseHolder = z.infer<typeof licenseHolder>;
export type CrmUser = z.infer<typeof crmUser>;
export type Suggestion = z.infer<typeof suggestion>;

const findingShape = {
  key: z.string().meta({ description: 'license:<license id> or crm:<crm>:<user id>; stable over reconciliations' }),
  side: z.enum(['license', 'crm']),
  status,
  reason,
  variant: z.enum(variants).nullable(),
  license: licenseHolder.nullable(),
  crmUser: crmUser.nullable(),
  rule: rule.nullable(),
  confidence: z.number().nullable(),
  suggestions: list(suggestion),
  difference: z.enum(differences).nullable(),
  changeSide: z.enum(changeSides).nullable(),
  changeEvidence: list(z.string()),
  targetEmail: z.string().nullable(),
  rootCause: z.string().nullable(),
  also: list(z.enum(alsoCodes)),
  predicted: verdict,
  observed: row({ verdict, source: z.enum(['export', 'admin']).nullable(), at: z.string().nullable() }),
  managedBy: z.enum(managers),
  managedByEvidence: z.string().nullable(),
  otherCrmUsers: list(otherCrmUser),
  actor,
  label: z.string(),
  sentence: z.string(),
  nextStep: z.string(),
  closedBy: z.string(),
  asOf: z.string(),
};
export const finding = row(findingShape).meta({ id: 'Finding' });

export type Finding = z.infer<typeof finding>;
export type Also = Finding['also'][number];
export type ChangeSide = NonNullable<Finding['changeSide']>;
export type ManagedBy = Finding['managedBy'];

export const change = z.enum(['new', 'repaired', 'came-back']).meta({
  id: 'Change',
  description:
    'Against the reconciliation before: new = Not Matched for the first time, repaired = was Not Matched and is Matched, came-back = Not Matched again',
});
export type Change = z.infer<typeof change>;

/** A finding as the store keeps it: since when this status and reason hold, and what changed last time. */
export const findingRow = row({
  ...findingShape,
  since: moment.meta({ description: 'Date of the license list that first showed the present status and reason' }),
  change: change.nullable(),
}).meta({ id: 'FindingRow' });
export type FindingRow = z.infer<typeof findingRow>;

export const rootCause = row({
  id: z.string(),
  title: z.string(),
  repair: z.string(),
  repairKind: z.enum([
    'domain-change-file',
    'email-change-file',
    'crm-change-list',
    'identity-request',
    'link',
    'ask',
    'reclaim',
    'crm-admin',
    'none',
  ]),
  count: z.number(),
  of: z.number(),
  actor,
}).meta({ id: 'RootCause' });

export const suggestedAlias = row({ licenseDomain: z.string(), crmDomain: z.string(), pairs: z.number(), evidence: z.string() }).meta({
  id: 'SuggestedAlias',
});

const byStatus = z.partialRecord(z.enum(statuses), z.number()).readonly();

export const summary = row({
  licenseHolders: z.number(),
  crmUsers: z.number(),
  byStatus,
  byReason: z.record(z.string(), z.number()).readonly().meta({ description: 'Key status/reason' }),
  seatsThatSync: z.number(),
  matchedNotSyncing: z.number(),
  countedOnly: z.record(z.string(), z.number()).readonly(),
  observedAgreement: row({ agreed: z.number(), of: z.number() }),
  rootCauses: list(rootCause),
  companyDomains: list(z.string()),
  suggestedAliases: list(suggestedAlias),
  candidatePairs: z.number(),
}).meta({ id: 'Summary' });

export const markedRun = row({ text: z.string(), differs: z.boolean(), note: z.string().exactOptional() }).meta({ id: 'MarkedRun' });

export const explanation = row({
  key: z.string(),
  trace: list(
    row({
      rule,
      outcome: z.enum(['decided', 'agrees', 'contradicts', 'no-match', 'not-applicable']),
      detail: z.string(),
      crmUserIds: list(z.string()),
    }),
  ),
  decidedBy: rule.nullable(),
  licenseEmail: list(markedRun),
  crmEmail: list(markedRun),
  ladder: list(row({ question: z.string(), answer: z.enum(['yes', 'no', 'unknown']), detail: z.string() })),
}).meta({ id: 'Explanation' });

export type RootCause = z.infer<typeof rootCause>;
export type SuggestedAlias = z.infer<typeof suggestedAlias>;
export type Summary = z.infer<typeof summary>;
export type MarkedRun = z.infer<typeof markedRun>;
export type Explanation = z.infer<typeof explanation>;

/** Proof that a list was read to its end (mirror of CompleteRead and CompleteListing in connectors/connector.ts). */
export const completeRead = row({
  kind: z.enum(['file', 'listing']),
  source: z.string(),
  received: z.number(),
  expected: z.number().nullable(),
  rejected: z.number(),
  pages: z.number(),
  lastCursor: z.string().nullable(),
  asOf: z.string(),
  sha256: z.string().nullable(),
  leftOut: z
    .partialRecord(z.enum(['integration', 'queue', 'portal', 'support', 'service-account', 'not-found']), z.number())
    .readonly()
    .exactOptional()
    .meta({ description: 'Of a connection: records that are no people, by what they are; counted in expected, not compared' }),
}).meta({ id: 'CompleteRead' });

// --- Problems (RFC 9457) ---

export const problem = z
  .object({
    type: z.string().meta({ description: 'about:blank: the status says which kind' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'One clear sentence: what is wrong, where, what to do' }),
    faults: z
      .array(z.object({ at: z.string(), fault: z.string() }))
      .optional()
      .meta({ description: 'Each fault of the request with its place' }),
    kind: z.enum(['not-connected', 'no-rights', 'refused', 'not-found', 'unavailable']).optional().meta({
      description: "Only to a CRM's panel: what it does differently. There `title` is the sentence to show, and `detail` what to do",
    }),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problem>;

// --- Session ---

export const session = z
  .object({
    signedIn: z.boolean(),
    mode: z.enum(['demo', 'serve']),
    actor: z.object({ id: z.string(), name: z.string() }).nullable(),
    workspace: z.object({ id: z.string(), name: z.string() }).nullable(),
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof session>;

export const signIn = z.strictObject({ code: typed(200).meta({ description: 'From the one-time admin link, #code=…' }) });

// --- Contracts ---

const saidCrm = z.strictObject({
  kind: typed(60).meta({ description: 'salesforce, hubspot, zoho, dynamics or a name of your own' }),
  name: typed(60).meta({ description: 'What it is called' }),
});

export const contract = z
  .object({
    id: z.string(),
    name: z.string(),
    isDefault: z.boolean().meta({ description: 'Addresses that name no contract mean this one' }),
    href: z.string().meta({ description: 'Its overview in the console' }),
    createdAt: moment,
    createdBy: z.string().nullable(),
    archivedAt: moment.nullable().meta({ description: 'It can be looked at, and nothing changes there any more' }),
    crm: z.object({ kind: z.string(), name: z.string(), connection: z.string().nullable() }).nullable().meta({
      description: 'What its CRM Sync is connected to; null until somebody says so. Of several contracts nothing is planned without it',
    }),
    licenses: z.string().nullable().meta({ description: 'The connection that its license holders are read from by default; null: files' }),
  })
  .meta({ id: 'Contract' });
export type Contract = z.infer<typeof contract>;

export const newContract = z.strictObject({ name: typed(80), crm: saidCrm.optional() });
export type NewContract = z.infer<typeof newContract>;

export const contractChange = z.strictObject({
  name: typed(80).optional(),
  archived: z.boolean().optional(),
  crm: z
    .union([saidCrm, z.strictObject({ connection: id })])
    .optional()
    .meta({ description: 'A kind of CRM, or a connection of this contract' }),
  licenses: id.nullable().optional(),
});
export type ContractChange = z.infer<typeof contractChange>;

// --- Reconciliations ---

/** Which org, portal or tenant a connection reads. */
export const origin = row({
  id: z.string(),
  name: z.string().nullable(),
  isTest: z.boolean().meta({ description: 'It is compared, never planned from' }),
}).meta({ id: 'Origin' });

export const reconciliationState = z.enum(['queued', 'running', 'held', 'done', 'refused']).meta({ id: 'ReconciliationState' });

/** The question a held run waits with. */
export const question = z
  .object({
    id: z.enum(['sandbox', 'odd-run']),
    sentence: z.string(),
    choices: z.array(z.object({ answer: z.enum(['release', 'discard']), label: z.string() })),
  })
  .meta({ id: 'Question' });
export type Question = z.infer<typeof question>;

export const changes = z
  .object({
    before: z
      .object({ id: z.string(), at: moment })
      .nullable()
      .meta({ description: 'The reconciliation compared with; null for the first' }),
    new: count,
    repaired: count,
    cameBack: count,
  })
  .meta({ id: 'Changes' });

const sideNames = z.object({ licenses: z.string(), crm: z.string() });

export const reconciliationRow = z
  .object({
    id: z.string(),
    number: z.int().meta({ description: 'Counts up within the contract' }),
    state: reconciliationState,
    progress: z.number().min(0).max(1),
    phase: z.string().meta({ description: 'What it does right now, in words' }),
    question: question.nullable(),
    refusal: z.string().nullable().meta({ description: 'Why it was refused or discarded, in one sentence' }),
    crmName: z.string(),
    files: sideNames.meta({ description: 'The names of the two files or connections' }),
    createdAt: moment,
    createdBy: z.string(),
    finishedAt: moment.nullable(),
    headline: z.object({ seatsThatSync: count, seats: count, notMatched: count }).nullable(),
    changes: changes.nullable(),
  })
  .meta({ id: 'ReconciliationRow' });
export type ReconciliationRow = z.infer<typeof reconciliationRow>;

export const reconciliation = reconciliationRow
  .extend({
    summary: summary.nullable(),
    proofs: z.object({ licenses: completeRead, crm: completeRead }).nullable(),
    rejects: z.object({ licenses: count, crm: count }).nullable().meta({ description: 'Rows that could not be used; see rejects.csv' }),
    warnings: z.array(z.string()),
    otherCrms: z
      .array(z.union([z.object({ upload: z.string() }), z.object({ connection: z.string() })]))
      .meta({ description: 'Read beside' }),
    crmOrigin: origin.nullable().meta({ description: 'The CRM org that answered; null for a file, which names none' }),
  })
  .meta({ id: 'Reconciliation' });
export type Reconciliation = z.infer<typeof reconciliation>;

// --- Settings ---

const domain = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(/^(?=.*\.)[^\s@:/]+$/u, 'is not a domain such as example.com');
const email = z.string().trim().max(320).includes('@', { error: 'is not an email address' });

export const limits = z
  .object({
    rowsPerFile: z.int().min(1).max(100_000),
    emailFileMaxAgeDays: z.int().min(1).max(90),
    staleAfterDays: z.int().min(1).max(365),
    oddRunPercent: z.number().min(0).max(100),
    oddRunPeople: z.int().min(1),
    sandboxPercent: z.number().min(0).max(100),
    crmJobHours: z.int().min(1).max(720),
    invitationDays: z.int().min(1).max(365),
    removalMaxAgeHours: z.int().min(1).max(168),
    answerDays: z.int().min(1).max(60),
    planHours: z.int().min(1).max(168),
    idleDays: z.int().min(7).max(730),
  })
  .meta({ id: 'Limits' });
export type Limits = z.infer<typeof limits>;

export const seatScope = z
  .union([
    z.enum(['none', 'all']),
    row({
      field: z.enum(['department', 'title', 'role', 'profile']),
      values: z.array(z.string().trim().min(1)).min(1).readonly(),
    }),
  ])
  .meta({ id: 'SeatScope', description: 'Which active CRM users without a license are judged: nobody, all, or by a field' });

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/u, 'is not a time such as 07:30');
const timeZone = z.string().max(60).refine(isTimeZone, 'is not a time zone such as Europe/Berlin');

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const panelUser = z
  .string()
  .trim()
  .toLowerCase()
  .max(320)
  .regex(/^(?:\d{1,20}|[^\s@]+@[^\s@]+)$/u, 'is neither the number of a HubSpot user nor an email address');

const seatAmount = z.number().min(0).max(1_000_000).nullable();

export const settingValues = z.object({
  crm: typed(60).meta({ description: 'salesforce, hubspot, zoho, dynamics or a name of your own' }),
  crmName: typed(60),
  companyDomains: z.array(domain).max(1000),
  domainAliases: z.array(z.object({ old: domain, current: domain })).max(1000),
  emailAliases: z
    .array(z.tuple([email, email]))
    .max(200_000)
    .meta({ description: 'Pairs of second address and main address' }),
  seatScope,
  idpName: typed(80),
  managedByDefault: z.enum(managers),
  otherCrms: z
    .array(row({ crmName: typed(60), emails: z.array(email).max(200_000).readonly() }))
    .max(20)
    .readonly()
    .meta({ description: 'Active users of CRMs that LinkedIn does not sync with: evidence, never a target address' }),
  waiting: z
    .array(row({ licenseId: typed(500), since: z.iso.date(), until: z.iso.date() }))
    .max(200_000)
    .readonly()
    .meta({ description: 'Whose license email was corrected, when, and by when LinkedIn should show it' }),
  duplicateProfiles: z
    .array(typed(500))
    .max(200_000)
    .readonly()
    .meta({ description: 'License ids of people who seem to use a second LinkedIn profile' }),
  ownSubscriptions: z
    .array(typed(500))
    .max(200_000)
    .readonly()
    .meta({ description: 'CRM user ids of people who pay for Sales Navigator themselves' }),
  alarmRecipients: z
    .array(z.email('is not an email address').max(320))
    .max(50)
    .readonly()
    .meta({ description: 'Who gets mail when an alarm is raised' }),
  alerts: row({
    events: z.record(
      z.enum(alertEvents),
      row({
        on: z.boolean(),
        threshold: z.int().min(0).max(1_000_000).nullable().meta({ description: 'Null: the usual one, or there is none' }),
        channels: z
          .array(typed(60))
          .max(50)
          .readonly()
          .nullable()
          .meta({ description: 'Ids of channels, or “recipients” for the alarm recipients; null: all' }),
      }),
    ),
    debounceMinutes: z
      .int()
      .min(0)
      .max(1440)
      .meta({ description: 'How long a state holds before it is told, and is away before it is over' }),
    namePeople: z.boolean().meta({ description: 'Posts and webhooks may carry names of people; never email addresses' }),
  }).meta({ description: 'What is watched, and over which channels it is told' }),
  quietHours: row({ from: timeOfDay, to: timeOfDay, timeZone })
    .nullable()
    .meta({ description: 'When mail that can wait does wait; a red alarm never does' }),
  assignments: row({
    month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/u, 'is not a month such as 2026-11'),
    limit: count,
    used: count,
  })
    .nullable()
    .meta({ description: 'License assignments of the month as Admin Center shows them; null: nobody said' }),
  freeLicenses: count.nullable().meta({ description: 'Licenses that are free, as Admin Center shows them' }),
  contractFacts: row({
    bought: z.enum(waysToBuy).nullable(),
    purchased: row({ advancedPlus: count.nullable(), advanced: count.nullable(), teamLinkExtend: count.nullable() }),
    sso: z.boolean().nullable(),
    scim: z.boolean().nullable(),
    scimOwner: z.string().trim().max(200),
    sharedProducts: z.array(z.enum(sharedProducts)).readonly().nullable(),
    uploaders: z.array(typed(200)).max(50).readonly().meta({ description: 'Full admins, by name or address: only they can upload files' }),
  }).meta({ description: 'What only a person can say of the Sales Navigator contract; null: nobody said' }),
  seatPrice: row({
    currency: z.string().regex(/^[A-Z]{3}$/u, 'is not a currency such as EUR'),
    per: z.enum(['month', 'year']),
    prices: row({ 'advanced-plus': seatAmount, advanced: seatAmount, 'teamlink-extend': seatAmount, other: seatAmount }),
  })
    .nullable()
    .meta({ description: 'What one license of each kind costs; null: nobody said, and no cost is shown' }),
  reportDigest: row({
    recipients: z.array(z.email('is not an email address').max(320)).min(1).max(50).readonly(),
    days: z.array(z.int().min(1).max(7)).min(1).max(7).readonly(),
    at: timeOfDay,
    timeZone,
  })
    .nullable()
    .meta({ description: 'Who is mailed what changed in the report, on which days from Monday, 1, to Sunday, 7; null: nobody' }),
  adminCenter: row({
    generation: z.enum(centerGenerations),
    links: z
      .array(
        row({
          generation: z.enum(centerGenerations),
          page: z.enum(centerPages),
          href: typed(500).meta({ description: 'Of linkedin.com, beginning with https://' }),
        }),
      )
      .max(centerGenerations.length * centerPages.length)
      .readonly()
      .meta({ description: 'Addresses that take the place of the known ones' }),
  }).meta({ description: 'Which of LinkedIn’s admin pages people see, and where these are' }),
  removalWindow: row({ days: z.array(z.int().min(1).max(7)).min(1).max(7).readonly(), from: timeOfDay, to: timeOfDay, timeZone })
    .nullable()
    .meta({ description: 'When licenses may be taken: days from Monday, 1, to Sunday, 7; null: at any time' }),
  protectedPeople: z.array(typed(500)).max(10_000).readonly().meta({ description: 'License ids that no plan changes' }),
  releasedPeople: z
    .array(typed(500))
    .max(10_000)
    .readonly()
    .meta({ description: "License ids whose new address may lie outside the company's domains: contractors" }),
  delivery: z.union([z.enum(['server', 'people']), z.strictObject({ connection: id })]).meta({
    description:
      'How plans change LinkedIn. server: as the server was started, which is the first contract’s alone, else by people; people: they carry ' +
      'the files; a connection of this contract to LinkedIn goes before both',
  }),
  scimRemoval: row({ canary: typed(500), confirmedOn: z.iso.date().nullable() })
    .nullable()
    .meta({
      description:
        'Taking licenses over SCIM: the one person, by license id, on whom it may be tried, and when an admin saw in LinkedIn that it took the license alone and that it is back (null: not yet, and nobody else’s is taken). Null: nobody’s is',
    }),
  panelUsers: row({ mayAct: z.array(panelUser).max(1000).readonly(), mayRead: z.array(panelUser).max(1000).readonly() }).meta({
    description:
      'HubSpot users, by id or email, who may repair in the panel there, or look at it. Super admins may both; everybody else neither',
  }),
  invitations: row({
    remind: z.boolean().meta({ description: 'Whether people are reminded by themselves' }),
    firstAfterDays: z.int().min(1).max(60),
    cooldownDays: z.int().min(1).max(60),
    mostReminders: z.int().min(1).max(10),
    resendAfterDays: z.int().min(1).max(60),
    targetPercent: z.int().min(1).max(100),
  }).meta({ description: 'How open invitations are followed' }),
  universalInviteLink: z
    .url({ protocol: /^https$/u, hostname: /(^|\.)linkedin\.com$/u, error: "is not a link of LinkedIn's, beginning with https://" })
    .max(2000)
    .nullable()
    .meta({ description: "The account's universal invite link, from Admin Center; it lets in whoever was added there, and nobody else" }),
  limits,
});

export const settings = settingValues
  .extend({
    adminCenterPages: z
      .array(z.object({ page: z.enum(centerPages), way: z.string(), href: z.string(), known: z.string() }))
      .meta({ description: 'Where each page is now, and how it is reached by hand' }),
    changed: z
      .array(z.object({ setting: z.string(), actor: z.string(), at: moment }))
      .meta({ description: 'Who changed each setting last, and when' }),
    ledger: z.object({ limit: count, used: count, resetAt: moment }).nullable().meta({
      description: "This month's assignments as they were typed in, with those of our own repairs since; null: nobody typed them in",
    }),
    serverCarries: z
      .array(z.enum(['files', 'scim']))
      .meta({ description: 'What this server was started to carry out for this contract; where nothing stands here, people do' }),
  })
  .meta({ id: 'Settings' });
export type Settings = z.infer<typeof settings>;

export const settingsChange = z.strictObject({ ...settingValues.partial().shape, limits: limits.partial().optional() });
export type SettingsChange = z.infer<typeof settingsChange>;

// --- Overview ---

export const toDo = z
  .object({ actor, action: z.string(), count, href: z.string().meta({ description: 'A page of the console' }) })
  .meta({ id: 'ToDo' });
export type ToDo = z.infer<typeof toDo>;

export const banner = z
  .object({ kind: z.enum(['demo', 'sandbox', 'incomplete', 'stale', 'rejects']), sentence: z.string() })
  .meta({ id: 'Banner' });
export type Banner = z.infer<typeof banner>;

export const trendPoint = z
  .object({ id: z.string(), number: z.int(), at: moment, seatsThatSync: count, seats: count, matched: count, notMatched: count })
  .meta({ id: 'TrendPoint' });

export const overview = z
  .object({
    now: moment.meta({ description: 'The server’s clock: ages count from here' }),
    workspace: z.object({ id: z.string(), name: z.string() }),
    contract: z.object({ id: z.string(), name: z.string(), crm: z.string(), crmName: z.string() }),
    latest: reconciliationRow.nullable().meta({ description: 'The last one done; null in an empty workspace' }),
    underWay: reconciliationRow.nullable().meta({ description: 'Queued, running or held with a question' }),
    headline: z.object({ seatsThatSync: count, seats: count }).nullable(),
    byStatus: z.array(z.object({ status, count })),
    byReason: z.array(z.object({ status, reason, label: z.string(), count })),
    matchedNotSyncing: count,
    rootCauses: z.array(rootCause),
    toDo: z.array(toDo),
    activation: z
      .object({ percent: count.nullable(), targetPercent: count, sentence: z.string(), open: count, asOf: moment })
      .nullable()
      .meta({ description: 'How many with a license have activated it, and how many invitations are open; null: no list says so' }),
    changes: changes
      .extend({ keys: z.object({ new: z.array(z.string()), repaired: z.array(z.string()), cameBack: z.array(z.string()) }) })
      .nullable()
      .meta({ description: 'Keys: the first hundred of each; all of them through /api/people?change=' }),
    freshness: z
      .object({ licensesAsOf: moment, crmAsOf: moment, licensesAgeDays: z.number(), stale: z.boolean() })
      .nullable()
      .meta({ description: 'How old the two exports are' }),
    banners: z.array(banner),
    observedAgreement: z.object({ agreed: count, of: count }),
    suggestedAliases: z.array(suggestedAlias),
    trend: z.array(trendPoint).meta({ description: 'The last 30 reconciliations, oldest first' }),
  })
  .meta({ id: 'Overview' });
export type Overview = z.infer<typeof overview>;

// --- People ---

/** Query strings repeat a name for several values; one value arrives as text. */
const many = <Item extends z.ZodType>(item: Item) =>
  z
    .preprocess((value) => (value === undefined || Array.isArray(value) ? value : [value]), z.array(item).max(50).optional())
    .meta({ override: { type: 'array' } });

export const peopleSort = z.enum(['name', 'email', 'status', 'reason', 'since']);

export const peopleQuery = z.strictObject({
  status: many(status),
  reason: many(reason),
  rootCause: z.string().max(500).optional(),
  actor: actor.optional(),
  change: change.optional(),
  search: z.string().trim().max(200).optional().meta({ description: 'Part of a name, an email or an id, on either side' }),
  sort: peopleSort.default('status'),
  order: z.enum(['asc', 'desc']).default('asc'),
  cursor: z.string().max(4000).optional().meta({ description: 'next of the page before' }),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
export type PeopleQuery = z.infer<typeof peopleQuery>;

export const people = z
  .object({
    rows: z.array(findingRow),
    total: count.meta({ description: 'People that pass the filters' }),
    next: z.string().nullable().meta({ description: 'Cursor of the next page; null on the last' }),
    reconciliationId: z.string().nullable(),
  })
  .meta({ id: 'People' });
export type People = z.infer<typeof people>;

export const link = z
  .object({
    id: z.string(),
    licenseId: z.string(),
    crmUserId: z.string(),
    note: z.string().nullable().meta({ description: 'Why' }),
    reviewOn: z.iso.date().nullable().meta({ description: 'When somebody wants to look at it again' }),
    author: z.string(),
    at: moment,
  })
  .meta({ id: 'Link' });
export type Link = z.infer<typeof link>;

export const identityAnswer = z
  .object({
    id: z.string(),
    licenseId: z.string(),
    answer: z.enum(['nobody', 'later']),
    reason: z.string(),
    reviewOn: z.iso.date().nullable(),
    author: z.string(),
    at: moment,
  })
  .meta({ id: 'IdentityAnswer' });
export type IdentityAnswer = z.infer<typeof identityAnswer>;

export const exception = z
  .object({ id: z.string(), licenseId: z.string(), reason: z.string(), until: z.iso.date(), author: z.string(), at: moment })
  .meta({ id: 'Exception' });
export type Exception = z.infer<typeof exception>;

export const observedAnswer = z
  .object({
    id: z.string(),
    licenseId: z.string(),
    verdict: z.enum(['matched', 'not-matched']),
    on: z.iso.date(),
    author: z.string(),
    at: moment,
  })
  .meta({ id: 'ObservedAnswer' });
export type ObservedAnswer = z.infer<typeof observedAnswer>;

/** One earlier (or the present) stretch of reconciliations in which a person's finding stayed the same. */
export const timelineEntry = z
  .object({
    from: moment,
    to: moment.nullable(),
    status,
    reason,
    label: z.string(),
    sentence: z.string(),
    licenseEmail: z.string().nullable(),
    crmEmail: z.string().nullable(),
  })
  .meta({ id: 'TimelineEntry' });

export const onboarding = z
  .object({
    state: z.enum(['stuck', 'invited', 'activated']),
    sentence: z.string(),
    parts: z.array(
      z.object({
        id: z.enum(['call', 'activation-link', 'troubleshooting', 'checklist']),
        title: z.string(),
        steps: z.array(z.object({ sentence: z.string(), href: z.string().nullable() })),
      }),
    ),
    question: z
      .object({ sentence: z.string(), activatedOn: z.iso.date() })
      .nullable()
      .meta({ description: 'Whether they see their usual connections: asked from two days after an activation on' }),
  })
  .meta({ id: 'Onboarding' });
export type Onboarding = z.infer<typeof onboarding>;

/** Texts as the CRM wrote them; '' where it has none. */
export const crmDetail = z
  .object({ team: z.string(), title: z.string(), manager: z.string(), employeeNumber: z.string(), lastLogin: z.string() })
  .meta({ id: 'CrmDetail' });
export type CrmDetail = z.infer<typeof crmDetail>;

export const crmUsers = z
  .object({
    rows: z.array(
      row({
        crmUserId: z.string(),
        name: z.string(),
        email: z.string(),
        active: z.boolean(),
        holder: z.string().nullable().meta({ description: 'Who holds a license as this user already; null: nobody' }),
        detail: crmDetail.nullable(),
      }),
    ),
  })
  .meta({ id: 'CrmUsers', description: 'Users of the CRM whom the newest comparison kept: owners of licenses, and who should have one' });
export type CrmUsers = z.infer<typeof crmUsers>;
export const invitationRow = z
  .object({
    id: z.string(),
    key: z.string().meta({ description: 'Of the person, in /api/people' }),
    name: z.string(),
    email: z.string(),
    team: z.string(),
    manager: z.string(),
    invitedAt: moment.nullable().meta({ description: 'The last invitation as LinkedIn shows it; null: the list has no such column' }),
    since: moment.meta({ description: 'invitedAt, else the first list that showed it open' }),
    times: count.meta({ description: 'Invitations of LinkedIn that are known' }),
    days: count,
    age: z.enum(['fresh', 'due', 'late']).meta({ description: 'due: a week or more; late: several went unanswered' }),
    actor,
    sentence: z.string(),
    nextStep: z.string(),
    reminders: count.meta({ description: 'Messages of ours' }),
    lastReminderAt: moment.nullable(),
    muted: row({ by: z.string(), at: moment }).nullable().meta({ description: 'Who said that nobody is to write to them' }),
    batchId: z.string().nullable().meta({ description: 'The open batch that has them' }),
  })
  .meta({ id: 'InvitationRow', description: 'Somebody with a license who has not accepted' });
export type InvitationRow = z.infer<typeof invitationRow>;

export const person = z
  .object({
    finding: findingRow,
    explanation: explanation.nullable(),
    timeline: z.array(timelineEntry).meta({ description: 'Newest first' }),
    lost: z
      .array(z.object({ name: z.string(), sentence: z.string() }))
      .meta({ description: 'What they go without; empty where they are not Not Matched' }),
    present: z.boolean().meta({ description: 'False when the latest reconciliation no longer has this person' }),
    link: link.nullable(),
    exception: exception.nullable(),
    identityAnswer: identityAnswer.nullable().meta({ description: 'Nobody uses the license, or: ask again later' }),
    ownSubscription: z.boolean().meta({ description: 'Somebody said that this CRM user pays for Sales Navigator outside the contract' }),
    observedAnswers: z.array(observedAnswer),
    crmDetail: crmDetail.nullable().meta({ description: 'What the CRM list says of the owner beside what is compared' }),
    invitation: invitationRow
      .extend({ nextReminder: z.string() })
      .nullable()
      .meta({ description: 'Their open invitation to Sales Navigator, and when we write to them next; null: none is open' }),
    onboarding: onboarding.nullable().meta({ description: 'What helps them in, or right after they came in; null: nothing is open' }),
    suggestionDetails: z.record(z.string(), crmDetail).meta({ description: 'The same of whoever is suggested, by CRM user id' }),
  })
  .meta({ id: 'Person' });
export type Person = z.infer<typeof person>;

// --- Uploads ---

export const side = z.enum(['licenses', 'crm']);
export type Side = z.infer<typeof side>;

export const uploadQuery = z.strictObject({
  name: typed(255).meta({ description: 'The file name' }),
  side: z
    .enum([...side.options, 'usage'])
    .optional()
    .meta({ description: 'Where the person dropped it; a file of the other side is then refused. usage: a usage report' }),
  modifiedAt: moment.optional().meta({ description: "The file's own time: the default for exportedAt" }),
});

export const directory = z
  .object({
    id: z.string(),
    name: z.string(),
    people: count,
    rejected: count.meta({ description: 'Rows that cannot be used' }),
    modifiedAt: moment.meta({ description: "The file's own time: how old it is" }),
    uploadedAt: moment,
    uploadedBy: z.string(),
  })
  .meta({ id: 'Directory', description: 'A users export of Okta, Entra or Google: a person’s other addresses tell who they are' });
export type Directory = z.infer<typeof directory>;
const theDirectory = z.object({ directory: directory.nullable() }).meta({ id: 'TheDirectory' });

export const columnMapping = z.object({ column: z.string(), field: z.string().nullable() }).meta({ id: 'ColumnMapping' });

/** What to ask about a file before the comparison. */
export const uploadQuestion = z
  .object({
    id: z.enum(['admin-center-count', 'exported-at', 'crm-name', 'period-from', 'period-to']),
    sentence: z.string(),
    suggested: z.union([z.string(), z.number()]).nullable(),
  })
  .meta({ id: 'UploadQuestion' });

export const upload = z
  .object({
    id: z.string(),
    name: z.string(),
    bytes: count,
    side: side.nullable().meta({ description: 'null: not recognised, or another kind of file' }),
    kind: z.string().meta({ description: 'For example admin-center-users, usage-report, salesforce, hubspot, zoho, dynamics, other' }),
    crm: z.string().nullable(),
    crmName: z.string().nullable(),
    rows: count.meta({ description: 'Rows that can be used' }),
    rejected: count.meta({ description: 'Rows that cannot be used' }),
    rejects: z
      .array(z.object({ line: z.int(), column: z.string().nullable(), reason: z.string() }))
      .meta({ description: 'The first twenty rows that cannot be used' }),
    mapping: z.array(columnMapping).meta({ description: 'Every column of the file in its order' }),
    fields: z.array(z.object({ field: z.string(), needed: z.boolean() })).meta({ description: 'Fields a column can be mapped to' }),
    missing: z.string().nullable().meta({ description: 'One sentence on a needed column that is missing; null when ready to compare' }),
    warnings: z.array(z.string()),
    preview: z.array(z.array(z.string())).meta({ description: 'The first rows, cells in the order of the columns' }),
    questions: z.array(uploadQuestion),
    period: z
      .object({
        from: z.iso.date(),
        to: z.iso.date(),
        isRead: z.boolean().meta({ description: 'False: the report does not say it, and this is LinkedIn’s usual one' }),
      })
      .nullable()
      .meta({ description: 'Of a usage report; both days belong to it' }),
    uploadedAt: moment,
  })
  .meta({ id: 'Upload' });
export type Upload = z.infer<typeof upload>;

export const mappingChange = z.strictObject({
  mapping: z.array(columnMapping).max(2000),
  side: side.optional().meta({ description: 'Needed when the file could be either list' }),
});
export type MappingChange = z.infer<typeof mappingChange>;

const runSource = z.union([id, z.strictObject({ connection: id })]);

export const newReconciliation = z.strictObject({
  licenses: runSource.meta({ description: 'The license side: an upload id, or a connection' }),
  crm: runSource.meta({ description: 'The CRM side: an upload id, or a connection' }),
  otherCrms: z
    .array(runSource)
    .max(20)
    .optional()
    .meta({ description: 'CRMs that LinkedIn does not sync with, looked up as evidence. Left out: those of the newest comparison' }),
  crmName: typed(60).optional(),
  adminCenterCount: z.int().min(0).optional().meta({ description: 'How many users Admin Center shows' }),
  exportedAt: moment.optional(),
  crmExportedAt: moment.optional(),
  answers: z
    .strictObject({ sandbox: z.literal('release').optional(), oddRun: z.literal('release').optional() })
    .optional()
    .meta({ description: 'Answers given in advance' }),
  settings: z
    .strictObject({
      companyDomains: settingValues.shape.companyDomains.optional(),
      domainAliases: settingValues.shape.domainAliases.optional(),
      emailAliases: settingValues.shape.emailAliases.optional(),
      seatScope: seatScope.optional(),
    })
    .optional()
    .meta({ description: 'For this comparison only' }),
});
export type NewReconciliation = z.infer<typeof newReconciliation>;

export const accepted = z.object({ id: z.string() }).meta({ id: 'Accepted' });

export const answerQuestion = z.strictObject({ answer: z.enum(['release', 'discard']), reason: typed(500).optional() });
export type AnswerQuestion = z.infer<typeof answerQuestion>;

const pageQuery = z.strictObject({
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(30),
});

// --- Files ---

export const fileOffer = z
  .object({
    kind: z.string().meta({ description: 'email-change, domain-change, crm-change-list, identity-request …' }),
    name: z.string(),
    rows: count,
    sentence: z.string(),
    forLinkedIn: z.boolean().meta({ description: 'True: for Admin Center. False: a list for somebody else' }),
    actor,
  })
  .meta({ id: 'FileOffer' });
export type FileOffer = z.infer<typeof fileOffer>;

export const fileOffers = z
  .object({
    files: z.array(fileOffer),
    leftOut: z.array(z.object({ key: z.string(), name: z.string(), reason: z.string() })),
    refusal: z.string().nullable().meta({ description: 'Why no file is offered at all (sandbox, incomplete, too old)' }),
  })
  .meta({ id: 'FileOffers' });
export type FileOffers = z.infer<typeof fileOffers>;

// --- Usage reports ---

export const useState = z.enum(useStates).meta({ id: 'UseState', description: 'unknown: a blank, which is no zero' });
export type UseState = z.infer<typeof useState>;
export const usageMetric = z.enum(usageMetrics).meta({ id: 'UsageMetric' });
export type UsageMetric = z.infer<typeof usageMetric>;
export const usageView = z.enum(usageViews);
export type UsageView = z.infer<typeof usageView>;

const usageValues = z
  .record(usageMetric, z.number().nullable())
  .meta({ id: 'UsageValues', description: 'Null: not known, which is not zero. The acceptance rate is percent' });

const usagePeriod = { from: z.iso.date(), to: z.iso.date() };

export const usageReport = z
  .object({
    id: z.string(),
    name: z.string().meta({ description: 'Of the file' }),
    ...usagePeriod,
    days: count,
    rows: count.meta({ description: 'People in it' }),
    rejected: count.meta({ description: 'Rows that could not be used' }),
    metrics: z.array(usageMetric).meta({ description: 'Those that it has a column of' }),
    note: z.string().nullable(),
    broughtBy: z.string(),
    broughtAt: moment,
    state: z.enum(['current', 'replaced', 'undone']),
    undone: z.object({ by: z.string(), at: moment }).nullable(),
  })
  .meta({ id: 'UsageReport' });
export type UsageReport = z.infer<typeof usageReport>;

const metricSum = z
  .object({
    metric: usageMetric,
    label: z.string(),
    meaning: z.string(),
    isPercent: z.boolean(),
    inReport: z.boolean().meta({ description: 'Whether the report has a column of it' }),
    known: count.meta({ description: 'People of whom it is known: averages are over them' }),
    total: z.number().nullable(),
    average: z.number().nullable(),
  })
  .meta({ id: 'UsageMetricSum' });
export type UsageMetricSum = z.infer<typeof metricSum>;

const useCounts = z.object({ active: count, inactive: count, unknown: count });

const usageGroup = z
  .object({
    name: z.string().meta({ description: 'Empty: the CRM has none' }),
    people: count,
    byUse: useCounts,
    matchedInactive: count,
    notMatchedActive: count,
    daysActive: z.number().nullable().meta({ description: 'On average, over those of whom it is known' }),
  })
  .meta({ id: 'UsageGroup' });
export type UsageGroup = z.infer<typeof usageGroup>;

export const usage = z
  .object({
    report: usageReport.nullable().meta({ description: 'Null: none was brought yet' }),
    reports: z.array(usageReport).meta({ description: 'Current ones, the newest period first' }),
    warnings: z.array(z.string()),
    people: count.meta({ description: 'With a license, as the newest list has them' }),
    headline: z.array(z.object({ view: usageView, label: z.string(), count, sentence: z.string(), nextStep: z.string().nullable() })),
    byStatus: z.array(z.object({ status, label: z.string(), byUse: useCounts })).meta({ description: 'Match status beside use' }),
    byUse: useCounts,
    metrics: z.array(metricSum),
    teams: z.array(usageGroup),
    managers: z.array(usageGroup),
    trend: z
      .array(z.object({ id: z.string(), ...usagePeriod, byUse: useCounts, daysActive: z.number().nullable() }))
      .meta({ description: 'Every current report, the oldest period first' }),
    crmName: z.string(),
  })
  .meta({ id: 'Usage' });
export type Usage = z.infer<typeof usage>;

const usageFilter = {
  report: id.optional().meta({ description: 'Left out: the newest period' }),
  view: usageView.default('all'),
  status: status.optional(),
  use: useState.optional(),
  team: z.string().max(300).optional(),
  manager: z.string().max(300).optional(),
  search: z.string().trim().max(200).optional(),
  sort: z.enum(['name', ...usageMetrics]).default('name'),
  order: z.enum(['asc', 'desc']).default('asc'),
};

export const usageRow = z
  .object({
    key: z.string().nullable().meta({ description: 'Null: the newest license list has nobody of this row' }),
    name: z.string(),
    email: z.string(),
    status: status.nullable(),
    label: z.string().meta({ description: 'Of the reason' }),
    sentence: z.string(),
    team: z.string(),
    manager: z.string(),
    use: useState,
    inReport: z.boolean(),
    values: usageValues,
  })
  .meta({ id: 'UsageRow' });
export type UsageRow = z.infer<typeof usageRow>;

export const usagePeople = z.object({ rows: z.array(usageRow), total: count, next: z.string().nullable() }).meta({ id: 'UsagePeople' });
export type UsagePeople = z.infer<typeof usagePeople>;

export const newUsageReport = z.strictObject({
  upload: id.meta({ description: 'A file that was recognised as a usage report; it is not kept beside its rows' }),
  ...usagePeriod,
  note: typed(300).optional(),
});
export type NewUsageReport = z.infer<typeof newUsageReport>;

export const usageBrought = z
  .object({ id: z.string(), sentence: z.string(), strangers: count, rejected: count, replaced: z.boolean() })
  .meta({ id: 'UsageBrought' });
export type UsageBrought = z.infer<typeof usageBrought>;

export const personUsage = z
  .object({
    rows: z.array(z.object({ ...usagePeriod, days: count, use: useState, label: z.string(), values: usageValues })),
    metrics: z.array(z.object({ metric: usageMetric, label: z.string(), meaning: z.string(), isPercent: z.boolean() })),
  })
  .meta({ id: 'PersonUsage', description: 'What usage reports say of one person, the newest period first' });
export type PersonUsage = z.infer<typeof personUsage>;

// --- Mismatch report ---

export const reportDimension = z.enum(reportDimensions).meta({ id: 'ReportDimension' });
export type ReportDimension = z.infer<typeof reportDimension>;
export const reportChange = z.enum(reportChanges).meta({
  id: 'ReportChange',
  description:
    'Each person has one. left: Not Matched before, and neither that nor Matched now; reason: Not Matched at both, for another reason',
});
export type ReportChange = z.infer<typeof reportChange>;

const reportRun = z.object({ id: z.string(), number: z.int(), at: moment });
const reportSum = {
  licenses: count,
  matched: count,
  notMatched: count,
  rate: z.number().min(0).max(1).nullable().meta({ description: 'Matched, of those who are Matched or Not Matched' }),
  beingRepaired: count.meta({ description: 'Of the Not Matched' }),
  since: moment.nullable().meta({ description: 'Since when the first of them is Not Matched' }),
  cost: z
    .object({ perMonth: z.number(), soFar: z.number(), unpriced: count.meta({ description: 'People in neither sum' }) })
    .nullable()
    .meta({ description: 'Null: nobody said what a license costs' }),
};
const reportSlice = z.object({ value: z.string(), label: z.string(), ...reportSum }).meta({ id: 'ReportSlice' });
export type ReportSlice = z.infer<typeof reportSlice>;
const choice = z.object({ value: z.string(), label: z.string() });

export const mismatchReport = z
  .object({
    run: reportRun.nullable().meta({ description: 'The newest comparison; null: nothing was compared yet' }),
    runs: z.array(reportRun).meta({ description: 'The last hundred, the newest first' }),
    crmName: z.string(),
    answers: z.array(z.object({ question: z.enum(['who', 'why', 'since', 'cost', 'act']), sentence: z.string() })),
    sum: z.object(reportSum),
    price: settingValues.shape.seatPrice,
    slices: z
      .record(reportDimension, z.array(reportSlice))
      .meta({ description: 'The numbers cut by one thing, the most Not Matched first' }),
    choices: z.object({ team: z.array(choice), manager: z.array(choice), crm: z.array(choice) }),
    trend: z
      .array(z.object({ id: z.string(), number: z.int(), at: moment, matched: count, notMatched: count, rate: z.number().nullable() }))
      .meta({ description: 'The last 60 comparisons, oldest first; with a filter, the people whom it chooses today' }),
    review: z.object({ run: z.int(), at: moment }).nullable().meta({ description: 'When the reader said that they had looked' }),
    changes: z
      .object({ from: reportRun, to: reportRun, counts: z.record(reportChange, count) })
      .nullable()
      .meta({ description: 'Since the reader’s last review, else since the run before' }),
    agreement: z.object({ agreed: count, of: count, sentence: z.string() }),
    repairs: z.object({
      emailAlone: z.object({ enough: count, of: count, sentence: z.string() }),
      minutes: z.object({ people: count, license: count, access: count, longestLicense: count, longestAccess: count }),
      by: z.array(
        z.object({
          by: z.string().meta({ description: 'Who approved the plan' }),
          repaired: count.meta({ description: 'LinkedIn itself showed Matched' }),
          agrees: count.meta({ description: 'The emails agree; LinkedIn’s own status was not seen' }),
          running: count,
          other: count,
        }),
      ),
      total: count,
    }),
    lost: z.array(z.object({ name: z.string(), sentence: z.string() })).meta({ description: 'What people go without while Not Matched' }),
  })
  .meta({ id: 'MismatchReport' });
export type MismatchReport = z.infer<typeof mismatchReport>;

const reportFilter = { team: z.string().max(300).optional(), manager: z.string().max(300).optional(), crm: z.string().max(300).optional() };
const reportPeopleFilter = {
  ...reportFilter,
  reason: reason.optional(),
  rootCause: z.string().max(1000).optional(),
  actor: actor.optional(),
  search: z.string().trim().max(200).optional(),
  sort: z.enum(['since', 'name']).default('since'),
  order: z.enum(['asc', 'desc']).default('asc'),
};
const runNumber = z.coerce.number().int().min(1).optional();
const reportChangesFilter = {
  team: reportFilter.team,
  manager: reportFilter.manager,
  from: runNumber.meta({ description: 'Number of a run; left out: that of the reader’s last review, else the one before' }),
  to: runNumber.meta({ description: 'Number of a run; left out: the newest' }),
  change: reportChange.optional(),
};

export const mismatchRow = z
  .object({
    key: z.string(),
    name: z.string(),
    email: z.string(),
    crmEmail: z.string().nullable(),
    reason,
    label: z.string(),
    sentence: z.string(),
    nextStep: z.string(),
    actor,
    rootCause: z.string().nullable(),
    beingRepaired: z.boolean(),
    team: z.string(),
    manager: z.string(),
    crm: z.string(),
    since: moment.meta({ description: 'Since when every comparison has them as Not Matched' }),
    days: count,
    cost: z.number().nullable().meta({ description: 'So far; null: no price' }),
  })
  .meta({ id: 'MismatchRow' });
export type MismatchRow = z.infer<typeof mismatchRow>;
export const mismatchPeople = z
  .object({ rows: z.array(mismatchRow), total: count, next: z.string().nullable() })
  .meta({ id: 'MismatchPeople' });
export type MismatchPeople = z.infer<typeof mismatchPeople>;

const end = z.object({ status, label: z.string() }).nullable();
export const reportChangesFound = z
  .object({
    from: reportRun.nullable(),
    to: reportRun.nullable(),
    counts: z.record(reportChange, count),
    labels: z.record(reportChange, z.string()),
    total: count,
    rows: z
      .array(
        z.object({
          key: z.string(),
          name: z.string(),
          email: z.string(),
          team: z.string(),
          manager: z.string(),
          change: reportChange,
          before: end,
          after: end,
        }),
      )
      .meta({ description: 'The first of them; all are in the file' }),
  })
  .meta({ id: 'ReportChanges', description: 'Null: there are no two comparisons yet' });
export type ReportChanges = z.infer<typeof reportChangesFound>;

export const reportedRepairs = z
  .object({
    total: count,
    rows: z
      .array(
        z.object({
          key: z.string(),
          name: z.string(),
          oldEmail: z.string(),
          newEmail: z.string(),
          result: z.string(),
          cause: z.string().nullable(),
          by: z.string(),
          at: moment,
          planId: z.string(),
          planNumber: z.int(),
          minutesWithoutLicense: count.nullable(),
          minutesWithoutAccess: count.nullable(),
        }),
      )
      .meta({ description: 'The last ones; all are in the file' }),
  })
  .meta({ id: 'ReportedRepairs' });
export type ReportedRepairs = z.infer<typeof reportedRepairs>;

// --- Licenses, groups and permissions ---

const guidedStep = z.object({ sentence: z.string(), href: z.string().nullable() }).meta({
  id: 'GuidedStep',
  description: 'A step in Admin Center, on a desktop; href is a page of LinkedIn’s help',
});
export type GuidedStep = z.infer<typeof guidedStep>;

const licenseNumber = z
  .object({
    id: z.enum(['purchased', 'assigned', 'activated', 'invited', 'free']),
    label: z.string(),
    value: count.nullable().meta({ description: 'Null: nobody said what is needed to know it' }),
    sentence: z.string(),
  })
  .meta({ id: 'LicenseNumber' });

export const licenses = z
  .object({
    asOf: moment.nullable().meta({ description: 'When the newest list of LinkedIn is from; null: nothing was compared yet' }),
    numbers: z.array(licenseNumber).meta({ description: 'Sales Navigator licenses; TeamLink Extend alone is none' }),
    kinds: z.array(
      z.object({
        kind: z.enum(licenseKinds),
        label: z.string(),
        purchased: count.nullable(),
        assigned: count,
        activated: count,
        invited: count,
        canSync: z.boolean().nullable().meta({ description: 'Only Advanced Plus syncs with a CRM; null: nobody can tell' }),
      }),
    ),
    notCounted: z.object({ adminOnly: count, unassigned: count, sentence: z.string() }),
    advice: z.object({
      kind: z.enum(['buy', 'return', 'enough', 'unknown']),
      count,
      sentence: z.string(),
      steps: z.array(guidedStep),
    }),
    lists: z
      .array(
        z.object({
          view: z.enum(holderViews),
          label: z.string(),
          count,
          sentence: z.string(),
        }),
      )
      .meta({ description: 'License holders to look at, as listLicenseHolders shows them' }),
    withoutLicense: z.object({ count: count.nullable(), sentence: z.string() }),
    filters: z.object({
      kinds: z.array(z.object({ value: z.enum(licenseKinds), label: z.string() })),
      permissions: z.array(z.object({ value: z.enum(permissions), label: z.string() })),
      groups: z.array(z.string()),
      teams: z.array(z.string()),
      managers: z.array(z.object({ value: z.string(), label: z.string() })),
    }),
    facts: z.object({
      questions: z.array(z.string()).meta({ description: 'What nobody said of the contract yet' }),
      sentences: z.array(z.string()).meta({ description: 'What the answers mean for repairs' }),
      products: z.array(z.object({ value: z.enum(sharedProducts), label: z.string() })),
    }),
    warnings: z.array(z.string()).meta({ description: 'What LinkedIn does to saved data when licenses move' }),
    ownSubscriptions: z.object({ count, sentence: z.string() }),
  })
  .meta({ id: 'Licenses' });
export type Licenses = z.infer<typeof licenses>;

const holderFilter = {
  view: z.enum(holderViews).default('all'),
  group: z.string().max(300).optional(),
  permission: z.enum(permissions).optional(),
  kind: z.enum(licenseKinds).optional(),
  team: z.string().max(300).optional().meta({ description: 'Of the CRM' }),
  manager: z.string().max(300).optional().meta({ description: 'As the CRM writes them' }),
  age: z.enum(['due', 'fresh']).optional().meta({ description: 'Of their open invitation: old enough to be sent again, or not yet' }),
  search: z.string().max(300).optional(),
};

export const licenseHolderRow = z
  .object({
    key: z.string(),
    licenseId: z.string(),
    name: z.string(),
    email: z.string(),
    licenses: z.array(z.string()),
    state: z.string().meta({ description: 'In words: Activated, Invited, Assigned' }),
    permission: z.string(),
    groups: z.array(z.string()),
    team: z.string(),
    lastAccess: z.iso.date().nullable(),
    use: z
      .object({ state: useState, daysActive: count.nullable(), ...usagePeriod })
      .nullable()
      .meta({ description: 'In the newest usage report; null: it has no row of theirs' }),
    invitedOn: z.iso.date().nullable(),
    activatedOn: z.iso.date().nullable(),
    reason: z.string(),
    sentence: z.string(),
  })
  .meta({ id: 'LicenseHolderRow' });
export type LicenseHolderRow = z.infer<typeof licenseHolderRow>;

export const newUserFiles = z
  .object({
    sentence: z.string(),
    refusal: z.string().nullable().meta({ description: 'Why nobody is offered (sandbox, incomplete, too old)' }),
    rows: z.array(
      z.object({
        key: z.string(),
        name: z.string(),
        email: z.string(),
        uniqueUserId: z.string(),
        team: z.string(),
        ready: z.string().meta({ description: 'Why nothing holds their first invitation: their own answer, or an admin’s reason' }),
      }),
    ),
    notAdded: z.array(
      z.object({ key: z.string(), name: z.string(), email: z.string(), code: z.string(), sentence: z.string(), nextStep: z.string() }),
    ),
    files: z.array(z.object({ name: z.string(), rows: count })),
    blocks: z.array(z.string()).meta({ description: 'Addresses to paste, at most 50 at a time' }),
    byFile: z.array(guidedStep),
    byEmail: z.array(guidedStep),
    before: z.array(guidedStep).meta({ description: 'What people are told before their first invitation' }),
    closedBy: z.string(),
  })
  .meta({ id: 'NewUserFiles' });
export type NewUserFiles = z.infer<typeof newUserFiles>;

const leaveOutKeys = z
  .union([z.array(typed(600)).max(10_000), typed(600).transform((key) => [key])])
  .default([])
  .meta({ description: 'Keys of people who are left out' });

export const groups = z
  .object({
    crmName: z.string(),
    groups: z.array(
      z.object({
        name: z.string(),
        people: count,
        teams: z.array(z.object({ team: z.string(), count })),
        sentence: z.string(),
      }),
    ),
    withoutGroup: count,
    elsewhere: z.object({ count, sentence: z.string() }),
    teamsWithoutGroup: z.array(z.object({ team: z.string(), count })),
    permissions: z.array(
      z.object({
        permission: z.enum(permissions),
        label: z.string(),
        sentence: z.string(),
        withLicense: count,
        withoutLicense: z.array(z.object({ name: z.string(), email: z.string() })).meta({ description: 'They count against no license' }),
      }),
    ),
    sentence: z.string(),
    changeIt: z.array(guidedStep).meta({ description: 'Seatmatch never writes groups or permissions' }),
  })
  .meta({ id: 'Groups' });
export type Groups = z.infer<typeof groups>;

// --- Plans, rematches and the tasks of their files ---

export const planMode = z
  .enum(planModes)
  .meta({ id: 'PlanMode', description: 'email-first changes emails only; full is LinkedIn’s whole procedure' });
export const planState = z.enum(planStates).meta({ id: 'PlanState' });
export type PlanState = z.infer<typeof planState>;

/** What somebody chose to repair. One of the five. */
const planChoice = {
  rootCause: z.string().max(500).optional().meta({ description: 'Everybody of one root cause' }),
  licenseIds: z.array(typed(500)).min(1).max(10_000).optional().meta({ description: 'These license holders' }),
  all: z.literal(true).optional().meta({ description: 'Everybody whom an email change can repair' }),
  handOver: z
    .strictObject({ leaver: typed(500), successor: typed(500) })
    .optional()
    .meta({ description: 'License ids: whose license goes, and who gets it. The successor stands in LinkedIn without a license.' }),
  reclaim: z
    .union([z.literal('leavers'), z.array(typed(500)).min(1).max(10_000)])
    .optional()
    .meta({ description: 'Licenses are taken for good: from everybody who is inactive in the CRM, or from these license ids of them' }),
};

export const newPlan = z.strictObject({
  ...planChoice,
  mode: planMode.default('email-first'),
  route: z.enum(planRoutes).optional().meta({
    description:
      'Default: the contract’s own way (delivery in the settings): over SCIM where its connection may, by hand where that was chosen, else by files',
  }),
  guided: z.array(typed(500)).max(10_000).default([]).meta({ description: 'License ids that are done by hand whatever the route' }),
  leaveOut: z.array(typed(500)).max(10_000).default([]).meta({ description: 'License ids the admin leaves out' }),
  assignee: typed(200).optional().meta({ description: 'Who carries the files to Admin Center; default is whoever makes the plan' }),
  backup: typed(200).optional().meta({ description: 'Who is asked when the files lie' }),
});
export type NewPlan = z.infer<typeof newPlan>;

export const planChange = z.strictObject({
  leaveOut: z.array(typed(500)).max(10_000).optional(),
  route: z.enum(planRoutes).optional(),
  guided: z.array(typed(500)).max(10_000).optional(),
  routes: z
    .record(typed(500), z.enum(planRoutes))
    .optional()
    .meta({ description: 'How single people are repaired, by license id; everybody else stays as they are' }),
  mode: planMode.optional(),
  assignee: typed(200).nullable().optional(),
  backup: typed(200).nullable().optional(),
});
export type PlanChange = z.infer<typeof planChange>;

export const guardTrip = z
  .object({ code: z.string(), sentence: z.string(), nextStep: z.string(), canOverride: z.boolean() })
  .meta({ id: 'GuardTrip', description: 'A guard that stops this plan before any change' });

export const planRow = z
  .object({
    id: z.string(),
    number: z.int().meta({ description: 'Counts up within the contract' }),
    title: z.string().meta({ description: '"37 of 65: acme.example became acme.test"' }),
    mode: planMode,
    state: planState,
    price: z.string().meta({ description: 'What is approved, in one sentence' }),
    people: count,
    done: count.meta({ description: 'Repaired, or emails agree' }),
    stopped: count.meta({ description: 'Conflict, failed, cancelled or left out' }),
    withoutLicense: count,
    nextTask: z.object({ sentence: z.string(), href: z.string() }).nullable(),
    createdBy: z.string(),
    createdAt: moment,
    expiresAt: moment,
    approvedBy: z.string().nullable(),
    approvedAt: moment.nullable(),
    assignee: z.string().nullable(),
    backup: z.string().nullable(),
  })
  .meta({ id: 'PlanRow' });
export type PlanRow = z.infer<typeof planRow>;

export const plan = planRow
  .extend({
    seal: z.string().meta({ description: 'SHA-256 of the content and both sides’ versions; an approval names it' }),
    crmName: z.string(),
    reconciliationId: z.string(),
    steps: z.array(z.string()).meta({ description: 'What will happen, in order, in sentences' }),
    facts: z
      .array(z.object({ label: z.string(), value: z.string() }))
      .meta({ description: 'The price: invitations, assignments, minutes without license and access, what is given back' }),
    trips: z.array(guardTrip).meta({ description: 'Empty: it can be approved' }),
    notes: z.array(z.string()).meta({ description: 'What stops nothing and must be read first' }),
    routes: list(z.enum(planRoutes)).meta({ description: 'How people of this contract can be repaired' }),
    choosable: z.boolean().meta({ description: 'Whether a draft may be made anew with another mode or route' }),
    approval: z.object({ sentence: z.string(), button: z.string() }).meta({ description: 'The dialog, in one sentence' }),
    files: z.array(
      z.object({
        name: z.string(),
        kind: z.string(),
        route: z.enum(planRoutes),
        rows: count,
        canary: z.boolean(),
        sitting: z.int().nullable(),
      }),
    ),
    lists: z.array(z.object({ name: z.string(), rows: count, sentence: z.string(), actor })),
    leftOut: z.array(
      z.object({
        key: z.string(),
        licenseId: z.string(),
        name: z.string(),
        code: z.string(),
        sentence: z.string(),
        nextStep: z.string(),
        byAdmin: z.boolean(),
      }),
    ),
  })
  .meta({ id: 'Plan' });
export type Plan = z.infer<typeof plan>;

export const planPerson = z
  .object({
    key: z.string(),
    licenseId: z.string(),
    name: z.string(),
    before: list(markedRun),
    after: list(markedRun),
    rule: rule.nullable(),
    route: z.enum(planRoutes),
    file: z.string(),
    steps: z.array(z.string()).meta({ description: 'What happens to this person, in order' }),
    price: z.string(),
  })
  .meta({ id: 'PlanPerson', description: 'One person of a plan: before, after, what it costs them' });
export type PlanPerson = z.infer<typeof planPerson>;

export const planApproval = z.strictObject({
  seal: z.string().length(64).meta({ description: 'What was read is what is approved' }),
  override: z
    .strictObject({ codes: z.array(z.enum(guardCodes)).min(1), reason: typed(500), until: z.iso.date() })
    .optional()
    .meta({ description: 'Lifts a guard that may be lifted, for this plan, with a reason' }),
});
export type PlanApproval = z.infer<typeof planApproval>;

export const rematchEnd = z.enum(rematchEnds).meta({ id: 'RematchEnd' });
export const rematchStep = z.enum(rematchSteps).meta({ id: 'RematchStep' });

export const rematch = z
  .object({
    id: z.string(),
    planId: z.string(),
    key: z.string().meta({ description: 'The finding' }),
    licenseId: z.string(),
    name: z.string(),
    oldEmail: z.string(),
    newEmail: z.string(),
    mode: planMode,
    route: z.enum(planRoutes),
    step: rematchStep,
    stepNumber: z.int(),
    steps: z.int(),
    ended: rematchEnd.nullable(),
    cause: z.string().nullable(),
    paused: z.boolean(),
    label: z.string(),
    sentence: z.string(),
    nextStep: z.string(),
    actor,
    dueAt: moment.nullable(),
    withoutLicenseSince: moment.nullable(),
    minutesWithoutLicense: z.int().nullable(),
    minutesWithoutAccess: z.int().nullable(),
    question: z
      .object({ askedAt: moment, until: moment, answer: z.enum(questionAnswers).nullable(), by: z.string().nullable() })
      .nullable(),
    changedAt: moment,
  })
  .meta({ id: 'Rematch', description: 'One person’s way through a plan' });
export type Rematch = z.infer<typeof rematch>;

export const rematchDetail = rematch
  .extend({ history: z.array(z.object({ at: moment, actor: z.string(), sentence: z.string() })).meta({ description: 'Newest first' }) })
  .meta({ id: 'RematchDetail' });
export type RematchDetail = z.infer<typeof rematchDetail>;

export const fileTaskState = z.enum(fileStates).meta({ id: 'FileState' });
export const heldBackCode = z.enum(heldBackCodes).meta({ id: 'HeldBackCode' });

/** One file of a job: download, upload, bring the proof. Only one is ever open. */
export const fileTask = z
  .object({
    name: z.string(),
    kind: z.enum(planFileKinds),
    route: z.enum(planRoutes),
    title: z.string(),
    rows: count,
    state: fileTaskState.nullable().meta({ description: 'null: not made yet' }),
    isOpen: z.boolean().meta({ description: 'The one that is out, or the next one' }),
    isReady: z.boolean().meta({ description: 'Made and checked: a file that gives licenses back is, before its off file can be had' }),
    waitingFor: z.string().nullable().meta({ description: 'Why it cannot be made yet, in one sentence' }),
    seen: z.object({ n: count, of: count }),
    retryOf: z.string().nullable(),
    until: moment.nullable().meta({ description: 'The last moment at which it may be uploaded' }),
    log: z.array(z.object({ state: fileTaskState, at: moment, by: z.string() })),
    people: z.array(
      z.object({
        key: z.string(),
        name: z.string(),
        before: z.string(),
        after: z.string(),
        outcome: z.enum(['done', 'refused', 'untouched', 'left-out', 'gone', 'changed-by-hand']).nullable(),
        sentence: z.string(),
      }),
    ),
    checklist: z
      .array(z.object({ sentence: z.string(), href: z.string().nullable() }))
      .meta({ description: 'Guided: the steps in Admin Center, for each person' }),
    can: z.object({ make: z.boolean(), download: z.boolean(), sayUploaded: z.boolean(), discard: z.boolean(), reverse: z.boolean() }),
  })
  .meta({ id: 'FileTask' });
export type FileTask = z.infer<typeof fileTask>;

export const job = z
  .object({
    planId: z.string(),
    number: z.int(),
    title: z.string(),
    head: z.string().meta({ description: '"37 people, 1 file. No invitation is sent and no license is touched."' }),
    mode: planMode,
    state: planState,
    assignee: z.string().nullable(),
    backup: z.string().nullable(),
    notYou: z.string().meta({ description: 'For whoever looks at the page and may not upload: to whom to send it' }),
    now: moment.meta({ description: 'The time of the server: minutes are counted by it' }),
    delivered: z.boolean().meta({ description: 'Files are handed over automatically' }),
    step: z.object({ n: z.int(), m: z.int(), sentence: z.string() }),
    tasks: z.array(fileTask),
    sitting: z
      .object({
        gate: z.string().meta({ description: 'What must be known before it begins, in sentences' }),
        needs: z.array(z.object({ sentence: z.string(), met: z.boolean() })),
        plannedFor: moment.nullable(),
        startedAt: moment.nullable(),
        canStart: z.boolean(),
      })
      .nullable(),
    sittingSteps: z
      .array(z.object({ sentence: z.string(), state: z.enum(['done', 'now', 'later']) }))
      .meta({ description: 'The seven steps of the sitting that is next or under way; empty where no license is touched' }),
    clocks: z
      .array(z.object({ label: z.string(), since: moment, until: moment.nullable(), people: count }))
      .meta({ description: 'Time without a license and without access; until null: it runs' }),
    giveBack: z
      .object({ sentence: z.string(), since: moment, people: z.array(z.string()), file: z.string().nullable() })
      .nullable()
      .meta({ description: 'Who has no license right now; the file gives everyone back' }),
    heldBack: z
      .array(z.object({ key: z.string(), licenseId: z.string(), name: z.string(), code: heldBackCode.nullable(), sentence: z.string() }))
      .meta({ description: 'Whose row was taken out before its file was made; the code is null where that was before there were codes' }),
    end: z.string().nullable().meta({ description: 'What happens next once no file is left, in sentences' }),
    proofs: z.array(
      z.object({ name: z.string(), kind: z.enum(['result', 'export']), at: moment, by: z.string(), sentences: z.array(z.string()) }),
    ),
    counts: z.array(z.object({ label: z.string(), count })).meta({ description: 'How many people are where' }),
  })
  .meta({ id: 'Job', description: 'A repair by files: numbered tasks for one named person' });
export type Job = z.infer<typeof job>;

export const proofOutcome = z
  .object({
    planId: z.string(),
    recognizedAs: z.enum(['result', 'export']),
    sentences: z.array(z.string()).meta({ description: '"35 changed, 2 refused. Download the 2 again, corrected."' }),
    already: z.boolean(),
  })
  .meta({ id: 'ProofOutcome' });
export type ProofOutcome = z.infer<typeof proofOutcome>;

export const proofQuery = z.strictObject({
  name: typed(255),
  modifiedAt: moment.optional(),
  exportedAt: moment.optional(),
  adminCenterCount: z.coerce
    .number()
    .int()
    .min(1)
    .optional()
    .meta({ description: 'How many users Admin Center shows: proves that an export is whole' }),
});

export const rematchesQuery = z.strictObject({
  planId: z.uuid().optional(),
  key: z.string().max(1000).optional(),
  ended: z.enum(['true', 'false']).optional(),
  withoutLicense: z.literal('true').optional(),
  cursor: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

// --- Decisions ---

const dayToCome = z.iso.date('is not a day such as 2027-01-31');
export const newLink = z.strictObject({
  licenseId: typed(500),
  crmUserId: typed(500),
  note: typed(1000).optional().meta({ description: 'Why' }),
  reviewOn: dayToCome.optional().meta({ description: 'When it is to be looked at again: a to-do then' }),
});
export type NewLink = z.infer<typeof newLink>;
export const newIdentityAnswer = z.strictObject({
  licenseId: typed(500),
  answer: z
    .enum(['nobody', 'later'])
    .meta({ description: 'Who is a person is a link; nobody: the license is to be taken back; later: ask again on a day' }),
  reason: typed(1000),
  reviewOn: dayToCome.optional().meta({ description: 'Needed for later' }),
});
export type NewIdentityAnswer = z.infer<typeof newIdentityAnswer>;
export const ownSubscription = z.strictObject({ crmUserId: typed(500), has: z.boolean() });
export type OwnSubscription = z.infer<typeof ownSubscription>;

export const decision = z
  .object({
    kind: z.enum(decisionKinds),
    state: z.enum(decisionStates),
    sentence: z.string().nullable().meta({ description: 'What there is to do; null: nothing' }),
    id: z.string(),
    licenseId: z.string(),
    crmUserId: z.string().nullable(),
    person: z.object({ key: z.string(), name: z.string(), email: z.string() }).nullable(),
    reason: z.string().nullable(),
    on: z.iso.date().nullable().meta({ description: 'The last day of an exception; for the others when it is asked again' }),
    author: z.string(),
    at: moment,
  })
  .meta({ id: 'Decision' });
export type Decision = z.infer<typeof decision>;
export const profileQuestion = z
  .object({ key: z.string(), licenseId: z.string(), name: z.string(), email: z.string(), activatedOn: z.iso.date() })
  .meta({ id: 'ProfileQuestion' });
export const decisions = z
  .object({
    rows: z.array(decision),
    profileQuestions: z
      .array(profileQuestion)
      .meta({ description: 'Activated two days ago or more: do they see their usual connections?' }),
  })
  .meta({ id: 'Decisions' });
export const profileAnswer = z.strictObject({
  licenseId: typed(500),
  answer: z.enum(['usual', 'second']).meta({ description: 'second: a new, empty profile' }),
});
export type ProfileAnswer = z.infer<typeof profileAnswer>;
export type Decisions = z.infer<typeof decisions>;
export const newException = z.strictObject({
  licenseId: typed(500),
  reason: typed(500),
  until: z.iso.date('is not a day such as 2027-01-31'),
});
export type NewException = z.infer<typeof newException>;
export const newObservedAnswer = z.strictObject({
  licenseId: typed(500),
  verdict: z.enum(['matched', 'not-matched']),
  on: z.iso.date('is not a day such as 2027-01-31').meta({ description: 'The day somebody looked in LinkedIn' }),
});
export type NewObservedAnswer = z.infer<typeof newObservedAnswer>;

export const domainChange = z
  .object({
    id: z.string(),
    old: z.string(),
    current: z.string(),
    startsOn: z.iso.date(),
    endsOn: z.iso.date().meta({ description: 'The last day on which both domains are valid' }),
    perWave: count,
    author: z.string(),
    isOver: z.boolean(),
    sentence: z.string(),
    places: z.array(z.object({ place: z.enum(domainPlaces), label: z.string(), count, atStart: count })),
    forecast: z.object({
      waves: z.array(z.object({ number: count, people: count, on: z.iso.date() })),
      sentence: z.string(),
      isInTime: z.boolean(),
    }),
    nextWave: z.array(z.string()).meta({ description: 'License ids for a plan: nothing happens before it is approved' }),
  })
  .meta({ id: 'DomainChange' });
export type DomainChange = z.infer<typeof domainChange>;
export const domainChanges = z.object({ rows: z.array(domainChange) }).meta({ id: 'DomainChanges' });
export type DomainChanges = z.infer<typeof domainChanges>;
export const newDomainChange = z.strictObject({
  old: domain,
  current: domain,
  days: z.int().min(1).max(730).meta({ description: 'For how many days from today both domains are valid' }),
  perWave: z.int().min(1).max(10_000),
});
export type NewDomainChange = z.infer<typeof newDomainChange>;

// --- Alarms and mail ---

export const linkToOpen = z.strictObject({
  to: z.email('is not an email address').max(254),
  path: z
    .string()
    .max(500)
    .regex(/^\/(?!\/)[\w\-./%:?=&]*$/u, 'is not a page of the console')
    .meta({ description: 'A page of the console, as /plans/…' }),
});
export type LinkToOpen = z.infer<typeof linkToOpen>;

export const alarm = z
  .object({
    id: z.string(),
    kind: z
      .string()
      .meta({ description: 'no-license, give-back-failed, stuck-onboarding, conflict, no-run, mail-failed, delivery-failed' }),
    level: z.enum(['red', 'orange']),
    sentence: z.string().meta({ description: '{since} in it stands for the time and the minutes since then' }),
    label: z.string().meta({ description: 'What its button says' }),
    href: z.string().meta({ description: 'The page of the console that does it' }),
    since: moment,
  })
  .meta({ id: 'Alarm', description: 'What nobody may overlook' });
export type Alarm = z.infer<typeof alarm>;

const alertState = row({
  id: z.string(),
  state: z
    .enum(['waiting', 'raised', 'recovering', 'recovered'])
    .meta({ description: 'waiting: not told yet, it must hold first. recovering: it is away, and over unless it comes back' }),
  sentence: z.string().meta({ description: '{since} in it stands for the time' }),
  label: z.string(),
  href: z.string(),
  since: moment,
  endedAt: moment.nullable(),
});

export const alertChannel = row({
  id: z.string().meta({ description: '“recipients”: the alarm recipients of the settings, by mail' }),
  kind: z.enum(['email', 'slack', 'teams', 'webhook']),
  name: z.string(),
  target: z.string().meta({ description: 'Email addresses; of a webhook the host alone' }),
  canDelete: z.boolean(),
  last: row({
    mailId: z.string(),
    state: z.enum(['queued', 'sending', 'sent', 'captured', 'failed']),
    at: moment,
    fault: z.string().nullable(),
  })
    .nullable()
    .meta({ description: 'What went over it last; null: nothing yet' }),
}).meta({ id: 'AlertChannel' });
export type AlertChannel = z.infer<typeof alertChannel>;

export const alerts = z
  .object({
    events: z.array(
      row({
        event: z.enum(alertEvents),
        label: z.string(),
        meaning: z.string(),
        types: row({ raised: z.string(), recovered: z.string() }).meta({ description: 'Of the body of a signed webhook' }),
        on: z.boolean(),
        threshold: row({ label: z.string(), unit: z.string(), value: count, usual: count, least: count, most: count }).nullable(),
        setIn: row({ label: z.string(), href: z.string() }).nullable().meta({ description: 'Where its threshold is set, if not here' }),
        channels: z.array(z.string()).readonly().nullable().meta({ description: 'Null: all' }),
        states: z.array(alertState).readonly().meta({ description: 'What is open, and the last that is over; newest first' }),
      }),
    ),
    channels: z.array(alertChannel),
    raised: count.meta({ description: 'How many are open and told' }),
    debounceMinutes: count,
    namePeople: z.boolean(),
    canKeep: z.boolean().meta({ description: 'False: this server has no key to seal addresses of webhooks with' }),
  })
  .meta({ id: 'Alerts', description: 'Everything that is watched, and how it stands' });
export type Alerts = z.infer<typeof alerts>;

export const newAlertChannel = z.strictObject({
  kind: z.enum(['email', 'slack', 'teams', 'webhook']),
  name: typed(80),
  target: typed(2000).meta({ description: 'An email address, or the address of a webhook, which is sealed and not shown again' }),
});
export type NewAlertChannel = z.infer<typeof newAlertChannel>;

export const madeAlertChannel = z
  .object({
    id: z.string(),
    secret: z.string().nullable().meta({ description: 'What a signed webhook is verified with; shown this once' }),
  })
  .meta({ id: 'MadeAlertChannel' });
export type MadeAlertChannel = z.infer<typeof madeAlertChannel>;

const mailsQuery = z.strictObject({
  ...pageQuery.shape,
  of: z.enum(['all', 'alerts']).default('all').meta({ description: 'alerts: their messages, and tests of their channels' }),
});

export const alarms = z
  .object({
    now: moment.meta({ description: 'The time of the server: minutes are counted by it' }),
    rows: z.array(alarm).meta({ description: 'Red ones first, then the oldest' }),
  })
  .meta({ id: 'Alarms' });
export type Alarms = z.infer<typeof alarms>;

export const mailRow = z
  .object({
    id: z.string(),
    kind: z.enum(['alarm', 'alarm-ended', 'question', 'reminder', 'note', 'post', 'test']),
    channel: z.enum(['mail', 'chat', 'webhook']),
    state: z
      .enum(['queued', 'sending', 'sent', 'captured', 'failed'])
      .meta({ description: 'sent: a mail server took it. captured: there is none, it is only kept here' }),
    to: row({ address: z.string(), name: z.string() }),
    subject: z.string(),
    createdAt: moment,
    settledAt: moment.nullable().meta({ description: 'When it was sent, captured or given up' }),
    nextTryAt: moment.nullable(),
    attempts: count,
    fault: z.string().nullable().meta({ description: 'Why it was not sent (yet), in one sentence' }),
    about: row({
      planId: z.string().nullable(),
      rematchId: z.string().nullable(),
      findingKey: z.string().nullable(),
      name: z.string().nullable(),
    }),
  })
  .meta({ id: 'MailRow' });
export type MailRow = z.infer<typeof mailRow>;

export const mail = mailRow
  .extend({
    text: z.string(),
    html: z.string(),
    link: z.string().nullable().meta({ description: 'The one link of the mail; null where only the recipient may have it' }),
  })
  .meta({ id: 'Mail' });
export type Mail = z.infer<typeof mail>;

export const mails = z
  .object({
    rows: z.array(mailRow),
    next: z.string().nullable(),
    from: z.string().nullable().meta({ description: 'Who mail is from; null where it is captured' }),
    captured: z.enum(['demo', 'no-server']).nullable().meta({ description: 'Why nothing leaves this machine; null where mail is sent' }),
  })
  .meta({ id: 'Mails' });
export type Mails = z.infer<typeof mails>;

export const mailAnswer = z.strictObject({
  answer: z.enum(['send-again', 'leave']).meta({ description: 'leave: it stays unsent, and its alarm ends' }),
});
export const messages = z
  .object({
    rows: z.array(
      z.object({
        name: z.string(),
        label: z.string(),
        to: z.string().meta({ description: 'Who reads it' }),
        when: z.string(),
        channel: z.enum(['mail', 'chat']),
        subject: z.string(),
        text: z.string(),
        html: z.string(),
      }),
    ),
  })
  .meta({ id: 'Messages', description: 'Previews; nothing of it is sent' });
export type Messages = z.infer<typeof messages>;

export const testMail = z.strictObject({ to: z.email('is not an email address').max(320) });

// --- Schedules ---

const folderName = typed(200).meta({ description: "A folder below the server's directory of watched folders" });

export const scheduleSources = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('folders'), licenses: folderName, crm: folderName }),
    z.strictObject({ kind: z.literal('uploads') }),
    z.strictObject({
      kind: z.literal('connection'),
      crm: id,
      licenses: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('connection'), id }),
        z.strictObject({ kind: z.literal('folder'), folder: folderName }),
        z.strictObject({ kind: z.literal('uploads') }),
      ]),
    }),
  ])
  .meta({
    id: 'ScheduleSources',
    description:
      'folders: the newest complete file of two folders; uploads: the last two files that were brought; connection: a CRM as it is at that ' +
      'time, and license holders from a connection, a folder or the last file that was brought',
  });

const scheduleShape = {
  name: typed(80),
  cron: typed(100).meta({ description: 'minute, hour, day of the month, month, day of the week; 15 minutes apart at least' }),
  timeZone: typed(60).meta({
    description:
      'Europe/Berlin, America/New_York, UTC … A time that the clocks jump over comes as much later as they jump; one that comes twice counts the first time',
  }),
  sources: scheduleSources,
  enabled: z.boolean(),
  maxAgeDays: z.int().min(1).max(90).meta({ description: 'Older files are not compared' }),
  catchUpHours: z.int().min(1).max(168).meta({ description: 'A due time at which no server ran is made up for within this time, once' }),
  graceHours: z.int().min(1).max(168).meta({ description: 'A run that is missing this long after its due time is an alarm' }),
  autoRepair: z.boolean().meta({
    description:
      'A run plans and approves email changes by itself: only of people known by a link, a stable id or a declared domain, within the limits, never a license',
  }),
};

export const newSchedule = z.strictObject({
  ...scheduleShape,
  enabled: scheduleShape.enabled.default(true),
  maxAgeDays: scheduleShape.maxAgeDays.default(7),
  catchUpHours: scheduleShape.catchUpHours.default(24),
  graceHours: scheduleShape.graceHours.default(2),
  autoRepair: scheduleShape.autoRepair.default(false),
});
export type NewSchedule = z.input<typeof newSchedule>;
export const scheduleChange = z.strictObject(scheduleShape).partial();
export type ScheduleChange = z.infer<typeof scheduleChange>;

export const scheduleRun = z
  .object({
    dueAt: moment,
    askedBy: z.string().nullable().meta({ description: 'Who asked for it; null: it was due' }),
    outcome: z.enum(['sent', 'started', 'unchanged', 'refused', 'missed']),
    sentence: z.string().nullable(),
    passed: count.meta({ description: 'Due times before this one at which no server ran' }),
    run: z.object({ id: z.string(), number: z.int(), state: reconciliationState, refusal: z.string().nullable() }).nullable(),
  })
  .meta({ id: 'ScheduleRun' });
export type ScheduleRun = z.infer<typeof scheduleRun>;

export const schedule = z
  .object({
    id: z.string(),
    ...scheduleShape,
    words: z.string().meta({ description: 'The expression in words' }),
    next: moment.nullable().meta({ description: 'The next due time; null while it is off' }),
    runs: z.array(scheduleRun).meta({ description: 'The last ten, newest first' }),
    createdBy: z.string(),
    createdAt: moment,
    changedBy: z.string(),
    changedAt: moment,
  })
  .meta({ id: 'Schedule' });
export type Schedule = z.infer<typeof schedule>;

export const schedules = z
  .object({ rows: z.array(schedule), watchDir: z.string().meta({ description: 'Directory on the server that holds the watched folders' }) })
  .meta({ id: 'Schedules' });
export type Schedules = z.infer<typeof schedules>;

export const schedulePreview = z
  .object({ words: z.string(), next: z.array(moment).meta({ description: 'The next five due times' }) })
  .meta({ id: 'SchedulePreview' });
export type SchedulePreview = z.infer<typeof schedulePreview>;

/** What a check of one person compares. */
export const personCheck = z
  .object({
    id: z.string().meta({ description: 'The reconciliation' }),
    sentence: z.string().meta({ description: 'Which files it compares' }),
  })
  .meta({ id: 'PersonCheck' });
export type PersonCheck = z.infer<typeof personCheck>;

// --- Connections ---

export const checkLine = row({
  what: z.enum(['access', 'origin', 'rights', 'clock', 'token-end', 'api-budget', 'free-licenses', 'assignments', 'owner']),
  verdict: z.enum(['good', 'bad', 'unknown']).meta({ description: 'unknown: the vendor does not tell' }),
  sentence: z.string().meta({ description: 'What was found; where it is bad, what to do about it' }),
  budget: row({ used: count, limit: count }).exactOptional().meta({ description: 'Requests of the vendor’s window, where it tells' }),
}).meta({ id: 'CheckLine' });
export type CheckLine = z.infer<typeof checkLine>;

const anySettings = z.record(z.string().max(60), z.unknown()).readonly();

export const connection = z
  .object({
    id: z.string(),
    name: z.string(),
    type: z.string(),
    vendor: z.string(),
    side,
    fromFile: z.boolean().meta({ description: 'It stands in the configuration file of the server, and can be changed there alone' }),
    simulated: z
      .boolean()
      .meta({ description: 'A system of the demo, simulated on this machine: it can be tested and compared, not changed' }),
    settings: anySettings.meta({ description: 'Without what is secret: that can be written, never read' }),
    secrets: z.array(z.string()).meta({ description: 'Which secrets are kept, as auth.clientSecret' }),
    lists: z.boolean().meta({ description: 'Whether it lists people, so that it can be compared' }),
    route: z.enum(planRoutes).nullable().meta({ description: 'How plans that go over it change LinkedIn; null: it is read alone' }),
    carriesPlans: z.boolean().meta({ description: 'An admin chose it for the plans of this contract' }),
    origin: origin.nullable().meta({ description: 'Who answered the first good check; another one is refused from then on' }),
    check: z
      .object({ at: moment, lines: list(checkLine) })
      .nullable()
      .meta({ description: 'The last one; null after each change, until it is tested again' }),
    usedBy: z.array(z.object({ id: z.string(), name: z.string() })).meta({ description: 'Schedules that compare with it' }),
    createdBy: z.string(),
    createdAt: moment,
    changedBy: z.string(),
    changedAt: moment,
  })
  .meta({ id: 'Connection' });
export type Connection = z.infer<typeof connection>;

export const connectionKind = z
  .object({
    type: z.string(),
    side,
    vendor: z.string(),
    storable: z.boolean().meta({ description: 'False: in the configuration file alone' }),
    replacesTokens: z.boolean().meta({ description: 'A refresh token may be good once: it can be tested only once it is stored' }),
    schema: anySettings.meta({ description: 'JSON Schema of its settings; what is writeOnly is secret' }),
  })
  .meta({ id: 'ConnectionKind' });
export type ConnectionKind = z.infer<typeof connectionKind>;

export const connections = z
  .object({
    rows: z.array(connection),
    kinds: z.array(connectionKind),
    canStore: z.boolean().meta({ description: 'Whether the server has a key to seal secrets with' }),
    fault: z.string().nullable().meta({ description: 'What is wrong with the configuration file' }),
  })
  .meta({ id: 'Connections' });
export type Connections = z.infer<typeof connections>;

const connectionName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/u, 'is made of small letters, digits and hyphens');

export const newConnection = z.strictObject({ name: connectionName, type: typed(40), settings: anySettings });
export type NewConnection = z.infer<typeof newConnection>;
export const connectionChange = z.strictObject({
  name: connectionName.optional(),
  settings: anySettings.optional().meta({
    description: 'In the place of all there were. Secrets that are not given stay, unless an address changed',
  }),
});
export type ConnectionChange = z.infer<typeof connectionChange>;
export const connectionTrial = z.strictObject({
  ...newConnection.shape,
  id: id.optional().meta({ description: 'Of a stored connection: secrets that are not given are taken from it' }),
});
export const connectionSignIn = z.object({ url: z.url() }).meta({ id: 'ConnectionSignIn', description: 'Where an admin agrees' });
export const signInFinished = z.strictObject({
  query: z.string().max(4000).meta({ description: 'Of the address that the vendor sent the admin back to, as it is' }),
});
export const connectionChecked = z.object({ lines: list(checkLine), origin: origin.nullable() }).meta({ id: 'ConnectionChecked' });
export type ConnectionChecked = z.infer<typeof connectionChecked>;

// --- What panels in CRMs show ---
// One view for each thing that a panel shows, in words and in the order in which it is shown: panels hold no rule.

export const tone = z.enum(tones).meta({ id: 'Tone', description: 'How it is shown; the host has its own colours' });
export type Tone = z.infer<typeof tone>;

export const panelTarget = z
  .union([
    z.object({ view: z.literal('people'), filter: z.record(z.string(), z.string()) }),
    z.object({ view: z.literal('person'), key: z.string() }),
    z.object({ view: z.literal('plan'), id: z.string() }),
  ])
  .nullable()
  .meta({ id: 'PanelTarget', description: 'Where it leads within the panel; null: nowhere' });
export type PanelTarget = z.infer<typeof panelTarget>;

const share = z.object({ value: z.number(), of: z.number() });
const toned = { sentence: z.string(), tone };

export const panelViewer = z
  .object({ name: z.string(), canAct: z.boolean(), sentence: z.string().nullable().meta({ description: 'Why they may not act' }) })
  .meta({ id: 'PanelViewer' });
const words = z.record(z.string(), z.string()).meta({ description: 'Headings and buttons' });

/** What a panel sends to plan a repair. */
const repairOf = <Choice extends z.ZodType>(choice: Choice) => z.object({ button: z.string(), choice }).nullable();

export const panel = z
  .object({
    now: moment,
    viewer: panelViewer,
    title: z.string(),
    state: z.enum(['empty', 'working', 'ready']).meta({ description: 'working: the first comparison is under way' }),
    message: z.object({ heading: z.string(), sentence: z.string() }).nullable(),
    banners: z.array(z.object(toned)),
    alarms: z.array(z.object({ id: z.string(), ...toned, label: z.string(), target: panelTarget })),
    headline: z
      .object({ label: z.string(), value: z.string(), of: z.string(), percent: z.number().min(0).max(100), sentence: z.string() })
      .nullable(),
    trend: z.array(z.object({ at: moment, label: z.string(), ...share.shape })).meta({ description: 'Seats that sync, oldest first' }),
    trendSentence: z.string().nullable(),
    numbers: z.array(z.object({ id: z.string(), label: z.string(), value: count, tone, target: panelTarget })),
    reasons: z.array(z.object({ id: z.string(), label: z.string(), count, tone, target: panelTarget })),
    toDo: z.array(z.object({ id: z.string(), actor: z.string(), sentence: z.string(), count, target: panelTarget })),
    fileTasks: z
      .array(z.object({ id: z.string(), title: z.string(), ...toned, progress: share, target: panelTarget }))
      .meta({ description: 'Files that wait for somebody; bad: people have no license meanwhile' }),
    causes: z.array(
      z.object({
        id: z.string(),
        sentence: z.string(),
        count,
        repair: repairOf(z.object({ rootCause: z.string() })),
        target: panelTarget,
      }),
    ),
    plans: z
      .array(z.object({ id: z.string(), title: z.string(), state: z.string(), ...toned, progress: share, target: panelTarget }))
      .meta({ description: 'Drafts, those under way, and those of the last seven days' }),
    runs: z.array(z.object({ label: z.string(), ...toned })),
    freshness: z.array(z.object(toned)),
    connections: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        ...toned,
        budget: z.object({ sentence: z.string(), ...share.shape }).nullable(),
      }),
    ),
    poll: z.number().nullable().meta({ description: 'Seconds until it is worth asking again' }),
    words,
  })
  .meta({ id: 'Panel' });
export type Panel = z.infer<typeof panel>;

const panelPersonShape = {
  key: z.string(),
  name: z.string(),
  status: z.string(),
  tone,
  reason: z.string(),
  sentence: z.string(),
  nextStep: z.string(),
  actor: z.string(),
  licenseEmail: z.string().nullable(),
  crmEmail: z.string().nullable(),
  since: z.string(),
  repair: repairOf(z.object({ licenseIds: z.array(z.string()) })),
};
export const panelPerson = z.object(panelPersonShape).meta({ id: 'PanelPerson' });
export type PanelPerson = z.infer<typeof panelPerson>;

export const panelPeopleQuery = z.strictObject({
  ...peopleQuery.shape,
  status: many(z.enum([...statuses, 'all'])).meta({ description: 'Default: not-matched, unless something else narrows the list' }),
  limit: z.coerce.number().int().min(1).max(100).default(25),
});

export const panelPeople = z
  .object({
    rows: z.array(panelPerson),
    total: count,
    totalSentence: z.string(),
    next: z.string().nullable().meta({ description: 'Cursor of the next page; null on the last' }),
    filters: z.array(
      z.object({
        id: z.enum(['status', 'reason', 'actor', 'change', 'rootCause']),
        label: z.string(),
        options: z.array(z.object({ value: z.string(), label: z.string(), count: count.nullable() })),
      }),
    ),
  })
  .meta({ id: 'PanelPeople' });
export type PanelPeople = z.infer<typeof panelPeople>;

export const panelPersonDetail = z
  .object({
    ...panelPersonShape,
    also: z.array(z.string()),
    closedBy: z.string(),
    emails: z
      .array(
        z.object({
          label: z.string(),
          runs: z.array(z.object({ text: z.string(), differs: z.boolean(), note: z.string().nullable() })),
        }),
      )
      .meta({ description: 'Both sides, what differs marked' }),
    owner: z.string().nullable(),
    suggestions: z.array(z.object({ name: z.string(), email: z.string(), sentence: z.string() })),
    trace: z.array(z.object({ rule: z.string(), outcome: z.string(), tone, detail: z.string() })),
    timeline: z.array(z.object({ when: z.string(), ...toned })).meta({ description: 'Newest first' }),
    repairs: z.array(z.object({ sentence: z.string(), target: panelTarget })),
    warning: z.string().nullable(),
  })
  .meta({ id: 'PanelPersonDetail' });
export type PanelPersonDetail = z.infer<typeof panelPersonDetail>;

export const panelRecordQuery = z.strictObject({
  crmUserId: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .meta({ description: 'Of the CRM itself; a Salesforce id of 15 or 18 characters' }),
  ownerId: z.string().trim().min(1).max(200).optional().meta({ description: 'HubSpot: the owner of a record' }),
  email: z.string().trim().max(320).optional().meta({ description: 'What the CRM shows at this moment' }),
});

export const panelRecord = z
  .object({
    found: z.boolean(),
    heading: z.string(),
    ...toned,
    person: panelPersonDetail.nullable(),
    warning: z.string().nullable().meta({ description: 'A changed email in the CRM that will stop the sync' }),
    words,
    viewer: panelViewer,
  })
  .meta({ id: 'PanelRecord' });
export type PanelRecord = z.infer<typeof panelRecord>;

export const panelPlanPerson = z
  .object({ key: z.string(), name: z.string(), before: z.string(), after: z.string(), state: z.string(), ...toned })
  .meta({ id: 'PanelPlanPerson' });
export type PanelPlanPerson = z.infer<typeof panelPlanPerson>;

export const panelPlanPeople = z
  .object({ total: count, rows: z.array(panelPlanPerson), next: z.string().nullable() })
  .meta({ id: 'PanelPlanPeople' });
export type PanelPlanPeople = z.infer<typeof panelPlanPeople>;

export const panelPageQuery = z.strictObject({
  cursor: z.string().max(20).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(25),
});

export const panelPlan = z
  .object({
    id: z.string(),
    number: z.int(),
    title: z.string(),
    state: planState,
    stateWords: z.string(),
    tone,
    price: z.string(),
    steps: z.array(z.string()),
    facts: z.array(z.object({ label: z.string(), value: z.string() })),
    stops: z
      .array(z.object({ sentence: z.string(), nextStep: z.string() }))
      .meta({ description: 'While there is one, it cannot be approved' }),
    notes: z.array(z.string()),
    approval: z
      .object({ heading: z.string(), sentence: z.string(), button: z.string(), seal: z.string(), possible: z.boolean() })
      .nullable()
      .meta({ description: 'Null: it is no draft, or whoever asks may not approve' }),
    progress: z.object({ ...share.shape, sentence: z.string(), counts: z.array(z.object({ label: z.string(), count, tone })) }),
    tasks: z.array(
      z.object({ id: z.string(), title: z.string(), ...toned, state: z.string(), isOpen: z.boolean(), log: z.array(z.string()) }),
    ),
    giveBack: z.object({ sentence: z.string(), people: z.array(z.string()) }).nullable(),
    next: z.string().nullable(),
    people: panelPlanPeople,
    leftOut: z.array(z.object({ name: z.string(), sentence: z.string() })),
    actions: z.array(
      z.object({
        id: z.enum(['cancel', 'pause', 'resume', 'open']),
        label: z.string(),
        confirm: z.string().nullable().meta({ description: 'To be asked before' }),
        href: z.string().nullable().meta({ description: 'open: the page that hands out files and takes proofs' }),
      }),
    ),
    poll: z.number().nullable(),
  })
  .meta({ id: 'PanelPlan' });
export type PanelPlan = z.infer<typeof panelPlan>;
// --- Who may ask as a panel in a CRM ---

export const panelAccess = z
  .object({
    id: z.string(),
    orgId: z.string().meta({ description: '18 characters' }),
    createdBy: z.string(),
    createdAt: moment,
    lastUsedAt: moment.nullable().meta({ description: 'To the minute; null: never' }),
    revokedBy: z.string().nullable(),
    revokedAt: moment.nullable(),
  })
  .meta({ id: 'PanelAccess', description: 'A Salesforce org whose panel may ask' });
export type PanelAccess = z.infer<typeof panelAccess>;

export const panelHosts = z
  .object({
    publicUrl: z.string().nullable().meta({ description: 'Where CRMs reach this server; null: nowhere, so that no panel can' }),
    salesforce: z.array(panelAccess).meta({ description: 'Those that are good first' }),
    hubspot: z.array(
      z.object({
        connectionId: z.string(),
        name: z.string(),
        portalId: z.string().nullable().meta({ description: 'Null: nobody answered for it yet' }),
        sentence: z.string().nullable().meta({ description: 'Why its panel is not let in, and what to do; null: it is' }),
      }),
    ),
  })
  .meta({ id: 'PanelHosts' });
export type PanelHosts = z.infer<typeof panelHosts>;

export const newPanelAccess = z.strictObject({ orgId: typed(40).meta({ description: '15 or 18 characters, from 00D on' }) });
export const panelAccessGiven = z
  .object({
    id: z.string(),
    orgId: z.string(),
    tokens: z.object({ read: z.string(), act: z.string() }).meta({ description: 'Shown here alone, once' }),
    warning: z.string().nullable(),
  })
  .meta({ id: 'PanelAccessGiven' });
export type PanelAccessGiven = z.infer<typeof panelAccessGiven>;

// --- Feeds ---

export const feed = z.enum(feeds).meta({
  id: 'Feed',
  description: 'people: everybody of the newest comparison. usage: every current usage report',
});
export type Feed = z.infer<typeof feed>;

export const feedAccess = z
  .object({
    id: z.string(),
    feed,
    name: z.string(),
    createdBy: z.string(),
    createdAt: moment,
    expiresAt: moment,
    isExpired: z.boolean(),
    lastUsedAt: moment.nullable(),
    revokedBy: z.string().nullable(),
    revokedAt: moment.nullable(),
  })
  .meta({ id: 'FeedAccess' });
export type FeedAccess = z.infer<typeof feedAccess>;

export const feedsAnswer = z
  .object({
    publicUrl: z.string().nullable().meta({ description: 'Where tools on other machines reach the server; null: nowhere' }),
    feeds: z.array(z.object({ feed, path: z.string() })),
    tokens: z.array(feedAccess).meta({ description: 'Those that are good first' }),
  })
  .meta({ id: 'Feeds' });
export type Feeds = z.infer<typeof feedsAnswer>;

export const newFeedToken = z.strictObject({
  feed,
  name: typed(120).meta({ description: 'What reads it, for example a workbook' }),
  days: z.int().min(1).max(730).default(365).meta({ description: 'How long it is good' }),
});
export type NewFeedToken = z.input<typeof newFeedToken>;

export const feedTokenGiven = z
  .object({
    id: z.string(),
    token: z.string().meta({ description: 'Shown here alone, once. As a bearer token, or as the password of HTTP Basic' }),
    feed,
    path: z.string(),
    expiresAt: moment,
  })
  .meta({ id: 'FeedTokenGiven' });
export type FeedTokenGiven = z.infer<typeof feedTokenGiven>;

// --- Events and health ---

/** One server-sent event (`event: change`): read the resource again. */
export const changeEvent = z
  .object({
    kind: z.enum([...changeKinds, 'everything']).meta({
      description: 'everything: what happened meanwhile is no longer known, so read all again',
    }),
    id: z.string(),
  })
  .meta({ id: 'ChangeEvent' });
export type ChangeEvent = z.infer<typeof changeEvent>;

export const eventsQuery = z.strictObject({
  after: z
    .string()
    .max(40)
    .optional()
    .meta({ description: 'The same as the header Last-Event-ID, which goes before it: for a page that opens the stream anew' }),
});

export const health = z
  .object({ status: z.enum(['up', 'down']), version: z.string(), database: z.enum(['up', 'down']) })
  .meta({ id: 'Health' });
export type Health = z.infer<typeof health>;

// --- The demo's other side: a made-up LinkedIn Admin Center ---

export const demoPerson = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    uniqueUserId: z.string(),
    license: z.enum(['none', 'invited', 'activated']),
    licenses: z.array(z.string()),
    crmMatch: z.enum(['matched', 'not-matched']).nullable(),
    crmSync: z.boolean().nullable().meta({ description: 'null: never touched, or no license that is activated' }),
    invitedAt: moment.nullable(),
    managedBy: z.string(),
    secondProfile: z.boolean().meta({ description: 'Accepted with another LinkedIn profile than before' }),
  })
  .meta({ id: 'DemoPerson' });
export type DemoPerson = z.infer<typeof demoPerson>;

export const demoUpload = z
  .object({
    number: z.int(),
    name: z.string(),
    at: moment,
    rows: count,
    applied: count,
    unchanged: count,
    refused: count,
    untouched: count,
    critical: z.string().nullable().meta({ description: 'Why LinkedIn stopped; null: it did not' }),
    hasResult: z.boolean(),
  })
  .meta({ id: 'DemoUpload', description: 'An upload that Admin Center worked through' });
export type DemoUpload = z.infer<typeof demoUpload>;

export const demoCenter = z
  .object({
    now: moment.meta({ description: 'The clock of the demo: Seatmatch goes by it as well' }),
    aheadHours: z.int().meta({ description: 'How far that clock is ahead of the machine’s' }),
    nextCrmJob: moment,
    crmJobRuns: z.boolean(),
    licenses: z.array(z.object({ type: z.string(), purchased: count, assigned: count, free: count })),
    assignments: z.object({ month: z.string(), used: count, left: count.nullable() }),
    counts: z.object({ people: count, activated: count, invited: count, none: count }),
    invitations: z.array(demoPerson),
    uploads: z.array(demoUpload).meta({ description: 'Newest first' }),
    journal: z
      .array(z.object({ at: moment, who: z.string(), people: count, what: z.string(), by: z.string() }))
      .meta({ description: 'Newest first; `who` is the first of so many people to whom the same happened at once' }),
  })
  .meta({ id: 'DemoCenter', description: 'The made-up Admin Center of the demo' });
export type DemoCenter = z.infer<typeof demoCenter>;

export const demoPersonChange = z
  .strictObject({
    email: typed(320).optional(),
    licenses: z.array(typed(200)).max(5).optional().meta({ description: 'Exactly these license types; none takes the license away' }),
    crmSync: z.boolean().optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'says nothing');
export type DemoPersonChange = z.infer<typeof demoPersonChange>;

// --- The table ---

// --- Invitations ---

export const invitationIds = z.strictObject({ ids: z.array(id).min(1).max(200) });

export const reminded = z
  .object({
    sent: count,
    skipped: z.array(row({ name: z.string(), sentence: z.string() })),
  })
  .meta({ id: 'Reminded', description: 'How many are written to, and why others are not' });
export type Reminded = z.infer<typeof reminded>;

export const previewQuery = z.strictObject({
  kind: z.enum(['reminder', 'post', 'address']),
  ids: many(id).meta({ description: 'Open invitations that it would be about; without them, made-up people' }),
});

export const messagePreview = z
  .object({ subject: z.string(), text: z.string(), html: z.string() })
  .meta({ id: 'MessagePreview', description: 'What a message would say; nothing is sent' });
export type MessagePreview = z.infer<typeof messagePreview>;

export const addressAnswer = z.enum(['added', 'no-account', 'wrong-person']);

export const newMailing = z.strictObject({
  kind: z.enum(mailingKinds).meta({ description: 'Of an open invitation, of the work email before a first one, or in own words' }),
  holders: z.strictObject(holderFilter).optional().meta({ description: 'License holders, as the list of them is filtered' }),
  withoutLicense: z.array(typed(600)).min(1).max(2_000).optional().meta({ description: 'Keys of CRM users without a license' }),
  note: z
    .strictObject({ subject: typed(200), text: typed(5_000), on: z.iso.date().optional() })
    .optional()
    .meta({ description: 'For a note: what it says, and the day it is about' }),
});
export type NewMailing = z.infer<typeof newMailing>;

const notWritten = z
  .array(row({ key: z.string(), name: z.string(), sentence: z.string() }))
  .meta({ description: 'The first 500 who are left out, and why' });

export const lookedAtMailing = z
  .object({
    audience: z.string(),
    people: count.meta({ description: 'Who would get it' }),
    leftOut: count,
    notWritten,
    quietUntil: moment.nullable().meta({ description: 'Quiet hours: nothing leaves before' }),
    preview: messagePreview.nullable().meta({ description: 'What the first of them would read; null: nobody would get it' }),
  })
  .meta({ id: 'LookedAtMailing' });
export type LookedAtMailing = z.infer<typeof lookedAtMailing>;

export const mailing = z
  .object({
    id: z.string(),
    kind: z.enum(mailingKinds),
    subject: z.string(),
    audience: z.string(),
    author: z.string(),
    at: moment,
    people: count,
    sent: count,
    waiting: count,
    failed: count,
    leftOut: count,
    notWritten,
    stopped: row({ by: z.string(), at: moment }).nullable(),
    canStop: z.boolean(),
    sentence: z.string(),
  })
  .meta({ id: 'Mailing', description: 'A message to several people, and how many have it' });
export type Mailing = z.infer<typeof mailing>;

export const firstInvitationsQuery = z.strictObject({
  search: z.string().trim().max(200).optional(),
  cursor: z.string().max(4000).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});

export const firstInvitations = z
  .object({
    rows: z.array(
      row({
        key: z.string(),
        crmUserId: z.string(),
        name: z.string(),
        email: z.string(),
        asked: row({ by: z.string(), at: moment, until: moment }).nullable(),
        answer: row({ answer: addressAnswer, by: z.string(), at: moment }).nullable(),
        goOn: row({ reason: z.string(), author: z.string() })
          .nullable()
          .meta({ description: 'Who invites them without an answer, and why' }),
        ready: z
          .boolean()
          .meta({ description: 'They said that they added the address, or that they have no account; or somebody goes on' }),
        canGoOn: z.boolean().meta({ description: 'An admin may invite them without an answer, with a reason' }),
        sentence: z.string(),
      }),
    ),
    total: count,
    next: z.string().nullable(),
  })
  .meta({ id: 'FirstInvitations', description: 'CRM users who should have a license and have none: before they are invited' });
export type FirstInvitations = z.infer<typeof firstInvitations>;

export const askFirst = z.strictObject({ keys: z.array(typed(500)).min(1).max(200) });
export const goOnFirst = z.strictObject({
  keys: z.array(typed(500)).min(1).max(2_000),
  reason: typed(500).nullable().meta({ description: 'Why they are invited without an answer; null: they are held again' }),
});
export const answerFirst = z.strictObject({ crmUserId: typed(200), answer: addressAnswer });

export const chatWebhook = z
  .object({
    webhook: row({
      kind: z.enum(['slack', 'teams']),
      label: z.string(),
      host: z.string(),
      createdBy: z.string(),
      createdAt: moment,
    }).nullable(),
    canKeep: z.boolean().meta({ description: 'False: this server has no key to seal secrets with' }),
  })
  .meta({ id: 'ChatWebhook', description: "The team's chat; the address of its webhook is never shown" });
export type ChatWebhook = z.infer<typeof chatWebhook>;

export const newWebhook = z.strictObject({ kind: z.enum(['slack', 'teams']), label: typed(80), url: typed(2000) });
export type NewWebhook = z.infer<typeof newWebhook>;

const invitationChoice = {
  team: z.string().max(500).optional(),
  manager: z.string().max(500).optional(),
  group: z.string().max(300).optional().meta({ description: 'One of LinkedIn’s groups' }),
  permission: z.enum(permissions).optional(),
  kind: z.enum(licenseKinds).optional(),
  search: z.string().trim().max(200).optional().meta({ description: 'Part of a name or an email' }),
  age: z.enum(['all', 'due', 'fresh']).default('all').meta({ description: 'due: old enough to be sent again' }),
};

export const invitationsQuery = z.strictObject({
  ...invitationChoice,
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(2000).default(50),
});

export const activationPoint = row({ number: count, at: moment, invited: count, activated: count, percent: count.nullable() });

export const invitations = z
  .object({
    rows: z.array(invitationRow).meta({ description: 'The oldest first' }),
    total: count,
    due: count.meta({ description: 'Of everybody in this team and under this manager' }),
    next: z.string().nullable(),
    invited: count,
    activated: count,
    percent: count.nullable(),
    targetPercent: count,
    sentence: z.string(),
    trend: z.array(activationPoint),
    teams: z.array(z.string()),
    managers: z.array(z.string()),
    asOf: moment.nullable().meta({ description: 'Of the newest list that says who accepted; null: none does' }),
    told: z.string().nullable().meta({ description: 'What the list does not say, and how to get it; null: it says all' }),
  })
  .meta({ id: 'Invitations' });
export type Invitations = z.infer<typeof invitations>;

export const invitationChange = z.strictObject({ muted: z.boolean() });

export const batchWay = z.enum(batchWays).meta({ id: 'BatchWay' });
export type BatchWay = z.infer<typeof batchWay>;

export const newBatch = z.strictObject({
  way: batchWay,
  ids: z
    .array(id)
    .min(1)
    .max(2000)
    .optional()
    .meta({ description: 'These open invitations; without it, everybody whom the filter leaves' }),
  ...invitationChoice,
});
export type NewBatch = z.input<typeof newBatch>;

export const batchRow = z
  .object({
    id: z.string(),
    way: batchWay,
    label: z.string(),
    madeBy: z.string(),
    madeAt: moment,
    state: z.enum(['open', 'closed', 'discarded']),
    doneAt: moment.nullable().meta({ description: 'When somebody ticked the last step' }),
    closedAt: moment.nullable(),
    people: count,
    settled: count.meta({ description: 'Sent again, activated or gone, as a list shows' }),
    sentence: z.string(),
  })
  .meta({ id: 'BatchRow', description: 'Invitations that are sent again by hand' });
export type BatchRow = z.infer<typeof batchRow>;

export const batch = batchRow
  .extend({
    steps: z.array(
      row({
        sentence: z.string(),
        href: z.string().nullable(),
        tick: row({ by: z.string(), at: moment }).nullable(),
      }),
    ),
    rows: z.array(
      row({
        invitationId: z.string(),
        name: z.string(),
        email: z.string(),
        outcome: z.enum(['resent', 'activated', 'gone', 'not-sent', 'no-date', 'waiting']),
        sentence: z.string(),
      }),
    ),
  })
  .meta({ id: 'Batch' });
export type Batch = z.infer<typeof batch>;

export const batchTick = z.strictObject({ done: z.boolean() });

export const crmInvitations = z
  .object({
    crms: z.array(
      row({
        crmName: z.string(),
        rows: z.array(
          row({
            crmUserId: z.string(),
            name: z.string(),
            email: z.string(),
            active: z.boolean(),
            since: moment,
            days: count,
            expired: z.boolean().meta({ description: 'The invitation lived its seven days' }),
            reinvited: row({ by: z.string(), at: moment }).nullable(),
            sentence: z.string(),
            nextStep: z.string(),
          }),
        ),
        steps: z.array(row({ title: z.string(), steps: z.array(row({ sentence: z.string(), href: z.string().nullable() })) })),
      }),
    ),
  })
  .meta({ id: 'CrmInvitations', description: 'Users who have not accepted the invitation to the CRM itself, in each CRM that was read' });
export type CrmInvitations = z.infer<typeof crmInvitations>;

export const reinvited = z.strictObject({ crmName: typed(200), crmUserIds: z.array(typed(200)).min(1).max(2000) });

export interface Endpoint {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Express 5 path; `:name` becomes `{name}` in OpenAPI. */
  readonly path: string;
  readonly summary: string;
  readonly tag:
    | 'Session'
    | 'Contracts'
    | 'Overview'
    | 'People'
    | 'Uploads'
    | 'Reconciliations'
    | 'Files'
    | 'Licenses'
    | 'Usage'
    | 'Report'
    | 'Settings'
    | 'Schedules'
    | 'Connections'
    | 'Decisions'
    | 'Invitations'
    | 'Mail'
    | 'Plans'
    | 'Panel'
    | 'Demo'
    | 'Server';
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** A body that is not JSON. */
  readonly rawBody?: string;
  readonly status: 200 | 201 | 202 | 204;
  readonly response?: z.ZodType;
  /** Media types of a response that is not JSON. */
  readonly media?: readonly string[];
  /** True: needs no session. */
  readonly open?: true;
  /** True: it is of the whole workspace, and not under /api/contracts/{id} as well. */
  readonly ofWorkspace?: true;
  /** Whether CRMs' panels reach it, and what their users need for it: to read, or to act. Without it no panel does. */
  readonly panel?: 'read' | 'act';
  /** True: the answer holds a secret that is shown once, so no answer of it is kept. */
  readonly secret?: true;
}

const byId = z.object({ id });
const byDemoPerson = z.object({ id: z.string().regex(/^P\d{1,9}$/u, 'is not an id of Admin Center') });
const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export const endpoints = {
  getHealth: {
    method: 'get',
    path: '/api/health',
    tag: 'Server',
    summary: 'Is the server up?',
    status: 200,
    response: health,
    open: true,
    ofWorkspace: true,
  },
  getEvents: {
    method: 'get',
    path: '/api/events',
    tag: 'Server',
    summary:
      'Changes as server-sent events, in the order in which they were stored; after the Last-Event-ID of any server of this database',
    query: eventsQuery,
    status: 200,
    media: ['text/event-stream'],
  },
  listAlarms: {
    method: 'get',
    path: '/api/alarms',
    tag: 'Mail',
    summary: 'Alarms that are open now',
    status: 200,
    response: alarms,
  },
  getAlerts: {
    method: 'get',
    path: '/api/alerts',
    tag: 'Mail',
    summary: 'What is watched, how it stands, and over which channels it is told',
    status: 200,
    response: alerts,
  },
  createAlertChannel: {
    method: 'post',
    path: '/api/alert-channels',
    tag: 'Mail',
    summary: 'Add a channel for alerts',
    body: newAlertChannel,
    status: 201,
    response: madeAlertChannel,
  },
  deleteAlertChannel: {
    method: 'delete',
    path: '/api/alert-channels/:id',
    tag: 'Mail',
    summary: 'Tell nothing over a channel any more',
    params: byId,
    status: 204,
  },
  testAlertChannel: {
    method: 'post',
    path: '/api/alert-channels/:id/test',
    tag: 'Mail',
    summary: 'Send a test over a channel',
    params: z.object({ id: typed(60) }),
    status: 202,
    response: list(accepted),
  },
  listMails: {
    method: 'get',
    path: '/api/mails',
    tag: 'Mail',
    summary: 'The outbox, newest first',
    query: mailsQuery,
    status: 200,
    response: mails,
  },
  getMail: {
    method: 'get',
    path: '/api/mails/:id',
    tag: 'Mail',
    summary: 'One mail as its recipient sees it',
    params: byId,
    status: 200,
    response: mail,
  },
  settleMail: {
    method: 'post',
    path: '/api/mails/:id/answer',
    tag: 'Mail',
    summary: 'Send a mail that failed again, or an alert once more; or leave it',
    params: byId,
    body: mailAnswer,
    status: 200,
    response: mail,
  },
  listMessages: {
    method: 'get',
    path: '/api/messages',
    tag: 'Mail',
    summary: 'Every message there is, to somebody made up, as its reader would see it',
    status: 200,
    response: messages,
  },
  sendTestMail: {
    method: 'post',
    path: '/api/mails/test',
    tag: 'Mail',
    summary: 'Send a mail to see if mail arrives',
    body: testMail,
    status: 202,
    response: accepted,
  },
  listContracts: {
    method: 'get',
    path: '/api/contracts',
    tag: 'Contracts',
    summary: 'All license contracts of the workspace, the default one first, archived ones among them',
    status: 200,
    response: z.object({ rows: z.array(contract) }).meta({ id: 'Contracts' }),
    ofWorkspace: true,
  },
  createContract: {
    method: 'post',
    path: '/api/contracts',
    tag: 'Contracts',
    summary: 'Add a license contract',
    body: newContract,
    status: 201,
    response: contract,
    ofWorkspace: true,
  },
  changeContract: {
    method: 'patch',
    path: '/api/contracts/:id',
    tag: 'Contracts',
    summary: 'Rename or archive a contract, or say its CRM and where its licenses are read; what is not sent stays',
    params: byId,
    body: contractChange,
    status: 200,
    response: contract,
    ofWorkspace: true,
  },
  getSession: {
    method: 'get',
    path: '/api/session',
    tag: 'Session',
    summary: 'Who is signed in',
    status: 200,
    response: session,
    open: true,
    ofWorkspace: true,
  },
  signIn: {
    method: 'post',
    path: '/api/session/sign-in',
    tag: 'Session',
    summary: 'Sign in with the code of a one-time admin link',
    body: signIn,
    status: 200,
    response: session,
    open: true,
    ofWorkspace: true,
  },
  signOut: { method: 'delete', path: '/api/session', tag: 'Session', summary: 'Sign out', status: 204, ofWorkspace: true },
  getOverview: {
    method: 'get',
    path: '/api/overview',
    tag: 'Overview',
    summary: 'The state of the contract on one page',
    status: 200,
    response: overview,
  },
  getPanel: {
    method: 'get',
    path: '/api/panel',
    tag: 'Panel',
    summary: 'All that a panel inside a CRM shows first, in words',
    status: 200,
    response: panel,
    panel: 'read',
  },
  listPanelPeople: {
    method: 'get',
    path: '/api/panel/people',
    tag: 'Panel',
    summary: 'Filter, sort and page through people, in words',
    query: panelPeopleQuery,
    status: 200,
    response: panelPeople,
    panel: 'read',
  },
  getPanelPerson: {
    method: 'get',
    path: '/api/panel/people/:key',
    tag: 'Panel',
    summary: 'One person, in words',
    params: z.object({ key: z.string().min(1).max(1000) }),
    status: 200,
    response: panelPersonDetail,
    panel: 'read',
  },
  getPanelRecord: {
    method: 'get',
    path: '/api/panel/record',
    tag: 'Panel',
    summary: 'Whoever a record of the CRM stands for: a user, or the owner of a record',
    query: panelRecordQuery,
    status: 200,
    response: panelRecord,
    panel: 'read',
  },
  getPanelPlan: {
    method: 'get',
    path: '/api/panel/plans/:id',
    tag: 'Panel',
    summary: 'What a plan would do, and how far it is, in words',
    params: byId,
    status: 200,
    response: panelPlan,
    panel: 'read',
  },
  listPanelPlanPeople: {
    method: 'get',
    path: '/api/panel/plans/:id/people',
    tag: 'Panel',
    summary: 'Everybody in a plan, and how far they are',
    params: byId,
    query: panelPageQuery,
    status: 200,
    response: panelPlanPeople,
    panel: 'read',
  },
  comparePanel: {
    method: 'post',
    path: '/api/panel/compare',
    tag: 'Panel',
    summary: 'Compare the newest lists of both sides now: live where a schedule reads live systems, else the last files',
    body: z.strictObject({}),
    status: 202,
    response: personCheck,
    panel: 'act',
  },
  listPeople: {
    method: 'get',
    path: '/api/people',
    tag: 'People',
    summary: 'Filter, sort and page through everybody',
    query: peopleQuery,
    status: 200,
    response: people,
  },
  getPerson: {
    method: 'get',
    path: '/api/people/:key',
    tag: 'People',
    summary: 'One person: finding, explanation, timeline',
    params: z.object({ key: z.string().min(1).max(1000) }),
    status: 200,
    response: person,
  },
  createUpload: {
    method: 'post',
    path: '/api/uploads',
    tag: 'Uploads',
    summary: 'Bring a user list (the file itself is the body) and see what it is',
    query: uploadQuery,
    rawBody: 'application/octet-stream',
    status: 201,
    response: upload,
  },
  getUpload: {
    method: 'get',
    path: '/api/uploads/:id',
    tag: 'Uploads',
    summary: 'What was recognised in a file',
    params: byId,
    status: 200,
    response: upload,
  },
  mapUpload: {
    method: 'put',
    path: '/api/uploads/:id/mapping',
    tag: 'Uploads',
    summary: 'Say which column is which field',
    params: byId,
    body: mappingChange,
    status: 200,
    response: upload,
  },
  deleteUpload: {
    method: 'delete',
    path: '/api/uploads/:id',
    tag: 'Uploads',
    summary: 'Throw a file away that no reconciliation needs',
    params: byId,
    status: 204,
  },
  getDirectory: {
    method: 'get',
    path: '/api/directory',
    tag: 'Uploads',
    summary: "The company's directory file, kept for the contract until another takes its place",
    status: 200,
    response: theDirectory,
  },
  replaceDirectory: {
    method: 'put',
    path: '/api/directory',
    tag: 'Uploads',
    summary: 'Bring a users export of Okta, Entra or Google (the file itself is the body); it counts from the next comparison',
    query: uploadQuery.omit({ side: true }),
    rawBody: 'application/octet-stream',
    status: 200,
    response: theDirectory,
  },
  deleteDirectory: {
    method: 'delete',
    path: '/api/directory',
    tag: 'Uploads',
    summary: 'Compare without a directory from now on',
    status: 204,
  },
  createReconciliation: {
    method: 'post',
    path: '/api/reconciliations',
    tag: 'Reconciliations',
    summary: 'Compare two files',
    body: newReconciliation,
    status: 202,
    response: accepted,
  },
  repeatReconciliation: {
    method: 'post',
    path: '/api/reconciliations/:id/repeat',
    tag: 'Reconciliations',
    summary: 'Compare the same two files again, with the decisions and settings of now',
    params: byId,
    status: 202,
    response: accepted,
  },
  listReconciliations: {
    method: 'get',
    path: '/api/reconciliations',
    tag: 'Reconciliations',
    summary: 'All reconciliations, newest first',
    query: pageQuery,
    status: 200,
    response: z.object({ rows: z.array(reconciliationRow), next: z.string().nullable() }).meta({ id: 'Reconciliations' }),
  },
  getReconciliation: {
    method: 'get',
    path: '/api/reconciliations/:id',
    tag: 'Reconciliations',
    summary: 'State, progress, numbers and the proofs of both reads',
    params: byId,
    status: 200,
    response: reconciliation,
  },
  answerReconciliation: {
    method: 'post',
    path: '/api/reconciliations/:id/answer',
    tag: 'Reconciliations',
    summary: 'Answer the question of a held reconciliation',
    params: byId,
    body: answerQuestion,
    status: 200,
    response: reconciliation,
  },
  getReport: {
    method: 'get',
    path: '/api/reconciliations/:id/report.:format',
    tag: 'Files',
    summary: 'The report of one reconciliation',
    params: z.object({ id, format: z.enum(['csv', 'json', 'jsonl', 'xlsx']) }),
    status: 200,
    media: ['text/csv', 'application/json', 'application/jsonl', xlsx],
  },
  getRejects: {
    method: 'get',
    path: '/api/reconciliations/:id/rejects.csv',
    tag: 'Files',
    summary: 'Rows that could not be used: file, line, column, reason',
    params: byId,
    status: 200,
    media: ['text/csv'],
  },
  listFiles: {
    method: 'get',
    path: '/api/reconciliations/:id/files',
    tag: 'Files',
    summary: 'The LinkedIn files and lists this reconciliation would make, and who is left out of them',
    params: byId,
    status: 200,
    response: fileOffers,
  },
  getFile: {
    method: 'get',
    path: '/api/reconciliations/:id/files/:name',
    tag: 'Files',
    summary: 'Download one of them',
    params: z.object({ id, name: z.string().min(1).max(255) }),
    status: 200,
    media: ['text/csv'],
  },
  checkPerson: {
    method: 'post',
    path: '/api/people/:key/check',
    tag: 'People',
    summary: 'Compare the newest files of both sides now, to see what they mean for one person',
    params: z.object({ key: z.string().min(1).max(1000) }),
    status: 202,
    response: personCheck,
  },
  listSchedules: {
    method: 'get',
    path: '/api/schedules',
    tag: 'Schedules',
    summary: 'All schedules with their next and last runs',
    status: 200,
    response: schedules,
    panel: 'read',
  },
  createSchedule: {
    method: 'post',
    path: '/api/schedules',
    tag: 'Schedules',
    summary: 'Compare by itself at certain times',
    body: newSchedule,
    status: 201,
    response: schedule,
  },
  previewSchedule: {
    method: 'get',
    path: '/api/schedules/preview',
    tag: 'Schedules',
    summary: 'The next five due times of an expression in a time zone',
    query: z.strictObject({ cron: scheduleShape.cron, timeZone: scheduleShape.timeZone }),
    status: 200,
    response: schedulePreview,
  },
  getSchedule: {
    method: 'get',
    path: '/api/schedules/:id',
    tag: 'Schedules',
    summary: 'One schedule',
    params: byId,
    status: 200,
    response: schedule,
  },
  changeSchedule: {
    method: 'put',
    path: '/api/schedules/:id',
    tag: 'Schedules',
    summary: 'Change a schedule; what is not sent stays',
    params: byId,
    body: scheduleChange,
    status: 200,
    response: schedule,
  },
  deleteSchedule: {
    method: 'delete',
    path: '/api/schedules/:id',
    tag: 'Schedules',
    summary: 'Delete a schedule; its comparisons stay',
    params: byId,
    status: 204,
  },
  runSchedule: {
    method: 'post',
    path: '/api/schedules/:id/run',
    tag: 'Schedules',
    summary: 'Run a schedule now; the run appears among its runs',
    params: byId,
    status: 202,
    response: schedule,
  },
  listConnections: {
    method: 'get',
    path: '/api/connections',
    tag: 'Connections',
    summary: 'All connections with their last check, and every kind there is with its settings',
    status: 200,
    response: connections,
  },
  createConnection: {
    method: 'post',
    path: '/api/connections',
    tag: 'Connections',
    summary: 'Store a connection; test it before anything is compared with it',
    body: newConnection,
    status: 201,
    response: connection,
  },
  testConnection: {
    method: 'post',
    path: '/api/connections/test',
    tag: 'Connections',
    summary: 'Test settings that are not stored; nothing is kept',
    body: connectionTrial,
    status: 200,
    response: connectionChecked,
  },
  signInConnection: {
    method: 'post',
    path: '/api/connections/sign-in',
    tag: 'Connections',
    summary: 'Begin to connect by agreeing at the vendor, which sends back to /connections/callback. The settings lack the refresh token',
    body: connectionTrial,
    status: 200,
    response: connectionSignIn,
  },
  finishConnection: {
    method: 'post',
    path: '/api/connections/sign-in/finish',
    tag: 'Connections',
    summary: 'Store and test the connection that an admin agreed to: once, in the session it began in, within ten minutes',
    body: signInFinished,
    status: 200,
    response: connection,
  },
  changeConnection: {
    method: 'patch',
    path: '/api/connections/:id',
    tag: 'Connections',
    summary: 'Change a connection; what is not sent stays',
    params: byId,
    body: connectionChange,
    status: 200,
    response: connection,
  },
  deleteConnection: {
    method: 'delete',
    path: '/api/connections/:id',
    tag: 'Connections',
    summary: 'Delete a connection that no schedule compares with; its comparisons stay',
    params: byId,
    status: 200,
    response: z
      .object({ sentence: z.string().nullable() })
      .meta({ id: 'ToldOfConnection', description: 'What became of its access at the vendor; null: there was none to end' }),
  },
  checkConnection: {
    method: 'post',
    path: '/api/connections/:id/check',
    tag: 'Connections',
    summary: 'Test a connection: what it can do and what stands in its way. The first good test pins the org',
    params: byId,
    status: 200,
    response: connection,
  },
  getPanelHosts: {
    method: 'get',
    path: '/api/panel-hosts',
    tag: 'Connections',
    summary: 'The panels in CRMs that may ask this server, and for whom',
    status: 200,
    response: panelHosts,
  },
  getFeeds: {
    method: 'get',
    path: '/api/feeds',
    tag: 'Connections',
    summary: 'CSV feeds for tools that draw charts, and who may read them',
    status: 200,
    response: feedsAnswer,
  },
  createFeedToken: {
    method: 'post',
    path: '/api/feeds',
    tag: 'Connections',
    summary: 'Let a tool read one feed: a token, shown once',
    body: newFeedToken,
    status: 201,
    response: feedTokenGiven,
    secret: true,
  },
  revokeFeedToken: {
    method: 'delete',
    path: '/api/feeds/:id',
    tag: 'Connections',
    summary: 'Take the access to a feed back',
    params: byId,
    status: 204,
  },
  givePanelAccess: {
    method: 'post',
    path: '/api/panel-hosts/salesforce',
    tag: 'Connections',
    summary: 'Let the panel of a Salesforce org in: two tokens, shown once',
    body: newPanelAccess,
    status: 201,
    response: panelAccessGiven,
    secret: true,
  },
  takePanelAccessBack: {
    method: 'delete',
    path: '/api/panel-hosts/salesforce/:id',
    tag: 'Connections',
    summary: 'Take both tokens of an org back; its panel is refused from the next request on',
    params: byId,
    status: 204,
  },
  getSettings: {
    method: 'get',
    path: '/api/settings',
    tag: 'Settings',
    summary: 'All settings, and who changed them last',
    status: 200,
    response: settings,
    panel: 'read',
  },
  changeSettings: {
    method: 'put',
    path: '/api/settings',
    tag: 'Settings',
    summary: 'Change settings; what is not sent stays',
    body: settingsChange,
    status: 200,
    response: settings,
    panel: 'act',
  },
  listLinks: {
    method: 'get',
    path: '/api/links',
    tag: 'Decisions',
    summary: 'Who was linked by a person',
    status: 200,
    response: z.object({ rows: z.array(link) }).meta({ id: 'Links' }),
  },
  createLink: {
    method: 'post',
    path: '/api/links',
    tag: 'Decisions',
    summary: 'This license holder is this CRM user; counts from the next comparison',
    body: newLink,
    status: 201,
    response: link,
  },
  deleteLink: { method: 'delete', path: '/api/links/:id', tag: 'Decisions', summary: 'Take a link back', params: byId, status: 204 },
  listExceptions: {
    method: 'get',
    path: '/api/exceptions',
    tag: 'Decisions',
    summary: 'Who is left alone, why and until when',
    status: 200,
    response: z.object({ rows: z.array(exception) }).meta({ id: 'Exceptions' }),
  },
  createException: {
    method: 'post',
    path: '/api/exceptions',
    tag: 'Decisions',
    summary: 'Leave one license holder alone until a day; counts from the next comparison',
    body: newException,
    status: 201,
    response: exception,
  },
  deleteException: {
    method: 'delete',
    path: '/api/exceptions/:id',
    tag: 'Decisions',
    summary: 'End an exception',
    params: byId,
    status: 204,
  },
  listDecisions: {
    method: 'get',
    path: '/api/decisions',
    tag: 'Decisions',
    summary: 'Links, exceptions and answers that hold, and which somebody has to look at again',
    status: 200,
    response: decisions,
  },
  createIdentityAnswer: {
    method: 'post',
    path: '/api/identity-answers',
    tag: 'Decisions',
    summary: 'Who uses a license: nobody, or ask again later. A person is said by a link. Nothing is changed by it',
    body: newIdentityAnswer,
    status: 201,
    response: identityAnswer,
  },
  deleteIdentityAnswer: {
    method: 'delete',
    path: '/api/identity-answers/:id',
    tag: 'Decisions',
    summary: 'Take such an answer back',
    params: byId,
    status: 204,
  },
  sayOwnSubscription: {
    method: 'put',
    path: '/api/own-subscriptions',
    tag: 'Decisions',
    summary: 'Whether a CRM user pays for Sales Navigator outside the contract; counts from the next comparison',
    body: ownSubscription,
    status: 204,
  },
  listCrmUsers: {
    method: 'get',
    path: '/api/crm-users',
    tag: 'People',
    summary: 'Users of the CRM by a part of their name, email, id or team: who it is, where nobody suggests them',
    query: z.strictObject({ search: typed(200), limit: z.coerce.number().int().min(1).max(50).default(10) }),
    status: 200,
    response: crmUsers,
  },
  listDomainChanges: {
    method: 'get',
    path: '/api/domain-changes',
    tag: 'Settings',
    summary: 'Changes of the company’s domain under way: who is where, what lies ahead, and the next wave',
    status: 200,
    response: domainChanges,
  },
  startDomainChange: {
    method: 'post',
    path: '/api/domain-changes',
    tag: 'Settings',
    summary: 'A domain becomes another one: both are valid for some days, licenses follow in waves. Changes no license by itself',
    body: newDomainChange,
    status: 201,
    response: accepted,
  },
  endDomainChange: {
    method: 'delete',
    path: '/api/domain-changes/:id',
    tag: 'Settings',
    summary: 'End a change of domain; that the old domain became the other stays known',
    params: byId,
    status: 204,
  },
  getDomainChangeReport: {
    method: 'get',
    path: '/api/domain-changes/:id/report',
    tag: 'Settings',
    summary: 'Everybody whom the change concerns, and where they are, as CSV',
    params: byId,
    status: 200,
    media: ['text/csv'],
  },
  answerProfile: {
    method: 'post',
    path: '/api/profile-answers',
    tag: 'Decisions',
    summary: 'Whether somebody who was activated sees their usual connections; counts from the next comparison',
    body: profileAnswer,
    status: 204,
  },
  getSupportPacket: {
    method: 'get',
    path: '/api/people/:key/support-packet',
    tag: 'People',
    summary: 'What LinkedIn support asks for about one person: ids, times, files, messages; no secrets and no other address',
    params: z.object({ key: z.string().min(1).max(1000) }),
    status: 200,
    media: ['text/plain'],
  },
  sendLink: {
    method: 'post',
    path: '/api/links-to-open',
    tag: 'Mail',
    summary: 'Mail the link of a page of the console: what is done in Admin Center needs a desktop',
    body: linkToOpen,
    status: 202,
    response: accepted,
  },
  createObservedAnswer: {
    method: 'post',
    path: '/api/observed-answers',
    tag: 'Decisions',
    summary: 'What LinkedIn showed for one person on a day; counts from the next comparison',
    body: newObservedAnswer,
    status: 201,
    response: observedAnswer,
  },
  listInvitations: {
    method: 'get',
    path: '/api/invitations',
    tag: 'Invitations',
    summary: 'Who has a license and has not accepted the invitation; the activation rate and its trend',
    query: invitationsQuery,
    status: 200,
    response: invitations,
  },
  remindInvited: {
    method: 'post',
    path: '/api/invitations/remind',
    tag: 'Invitations',
    summary: 'Write to people whose invitation is open; nobody twice within the cooldown',
    body: invitationIds,
    status: 200,
    response: reminded,
  },
  postInvited: {
    method: 'post',
    path: '/api/invitations/post',
    tag: 'Invitations',
    summary: "Name people whose invitation is open in the team's chat, with the universal invite link",
    body: invitationIds,
    status: 200,
    response: reminded,
  },
  previewInvitation: {
    method: 'get',
    path: '/api/invitations/preview',
    tag: 'Invitations',
    summary: 'What a message would say',
    query: previewQuery,
    status: 200,
    response: messagePreview,
  },
  lookAtMailing: {
    method: 'post',
    path: '/api/mailings/look',
    tag: 'Invitations',
    summary: 'Who would get a message, what it says, and who is left out and why; nothing is sent',
    body: newMailing,
    status: 200,
    response: lookedAtMailing,
  },
  sendMailing: {
    method: 'post',
    path: '/api/mailings',
    tag: 'Invitations',
    summary: 'Write to all of them: each a mail of their own in the outbox',
    body: newMailing,
    status: 201,
    response: mailing,
  },
  listMailings: {
    method: 'get',
    path: '/api/mailings',
    tag: 'Invitations',
    summary: 'Messages to several people, the newest first, and how many have each',
    status: 200,
    response: z.object({ rows: z.array(mailing) }).meta({ id: 'Mailings' }),
  },
  getMailing: {
    method: 'get',
    path: '/api/mailings/:id',
    tag: 'Invitations',
    summary: 'One of them',
    params: byId,
    status: 200,
    response: mailing,
  },
  stopMailing: {
    method: 'post',
    path: '/api/mailings/:id/stop',
    tag: 'Invitations',
    summary: 'Take back what of it still waits in the outbox',
    params: byId,
    status: 200,
    response: mailing,
  },
  listFirstInvitations: {
    method: 'get',
    path: '/api/first-invitations',
    tag: 'Invitations',
    summary: 'Who is to be invited for the first time, and whether they have added their work email to LinkedIn',
    query: firstInvitationsQuery,
    status: 200,
    response: firstInvitations,
  },
  askFirst: {
    method: 'post',
    path: '/api/first-invitations/ask',
    tag: 'Invitations',
    summary: 'Ask them to add their work email to their LinkedIn account first',
    body: askFirst,
    status: 200,
    response: reminded,
  },
  answerFirst: {
    method: 'post',
    path: '/api/first-invitations/answer',
    tag: 'Invitations',
    summary: 'Answer for somebody who was asked',
    body: answerFirst,
    status: 204,
  },
  goOnFirst: {
    method: 'post',
    path: '/api/first-invitations/go-on',
    tag: 'Invitations',
    summary: 'Invite people without their answer, with a reason; or hold them again',
    body: goOnFirst,
    status: 204,
  },
  getChatWebhook: {
    method: 'get',
    path: '/api/chat-webhook',
    tag: 'Invitations',
    summary: "The team's chat",
    status: 200,
    response: chatWebhook,
  },
  setChatWebhook: {
    method: 'put',
    path: '/api/chat-webhook',
    tag: 'Invitations',
    summary: 'Give the incoming webhook of a channel; its address is sealed',
    body: newWebhook,
    status: 200,
    response: chatWebhook,
  },
  deleteChatWebhook: {
    method: 'delete',
    path: '/api/chat-webhook',
    tag: 'Invitations',
    summary: 'Post to no chat any more',
    status: 204,
  },
  testChatWebhook: {
    method: 'post',
    path: '/api/chat-webhook/test',
    tag: 'Invitations',
    summary: 'Post to the chat to see if it arrives',
    status: 202,
    response: accepted,
  },
  changeInvitation: {
    method: 'patch',
    path: '/api/invitations/:id',
    tag: 'Invitations',
    summary: 'Write to somebody no more, or again',
    params: byId,
    body: invitationChange,
    status: 204,
  },
  getManagerTasks: {
    method: 'get',
    path: '/api/invitations/manager-tasks.csv',
    tag: 'Invitations',
    summary: 'A task for the manager of each person whose invitation is due, to import into the CRM',
    status: 200,
    media: ['text/csv'],
  },
  listBatches: {
    method: 'get',
    path: '/api/invitation-batches',
    tag: 'Invitations',
    summary: 'Invitations that were or are sent again by hand, newest first',
    status: 200,
    response: z.object({ rows: z.array(batchRow) }),
  },
  createBatch: {
    method: 'post',
    path: '/api/invitation-batches',
    tag: 'Invitations',
    summary: 'Begin to send invitations again in Admin Center: the steps, and whom to tick',
    body: newBatch,
    status: 201,
    response: accepted,
  },
  getBatch: {
    method: 'get',
    path: '/api/invitation-batches/:id',
    tag: 'Invitations',
    summary: 'One batch: its steps, its people, and what lists show of them',
    params: byId,
    status: 200,
    response: batch,
  },
  getBatchPeople: {
    method: 'get',
    path: '/api/invitation-batches/:id/people.csv',
    tag: 'Invitations',
    summary: 'Whom to tick in Admin Center, as a list for people',
    params: byId,
    status: 200,
    media: ['text/csv'],
  },
  tickBatchStep: {
    method: 'put',
    path: '/api/invitation-batches/:id/steps/:step',
    tag: 'Invitations',
    summary: 'Tick a step, or take the tick back; only a list closes a batch',
    params: z.object({ id, step: z.coerce.number().int().min(1).max(20) }),
    body: batchTick,
    status: 200,
    response: batch,
  },
  discardBatch: {
    method: 'post',
    path: '/api/invitation-batches/:id/discard',
    tag: 'Invitations',
    summary: 'Throw an open batch away: its people may be in another one',
    params: byId,
    status: 200,
    response: batch,
  },
  listCrmInvitations: {
    method: 'get',
    path: '/api/crm-invitations',
    tag: 'Invitations',
    summary: 'CRM users who have not accepted the invitation to the CRM itself, and how to invite them again',
    status: 200,
    response: crmInvitations,
  },
  sayReinvited: {
    method: 'post',
    path: '/api/crm-invitations/reinvited',
    tag: 'Invitations',
    summary: 'Say that these were invited to the CRM again; only a list that shows them confirmed closes it',
    body: reinvited,
    status: 200,
    response: crmInvitations,
  },
  createPlan: {
    method: 'post',
    path: '/api/plans',
    tag: 'Plans',
    summary: 'Plan the repair of chosen people from the newest comparison; nothing happens before it is approved',
    body: newPlan,
    status: 201,
    response: accepted,
    panel: 'act',
  },
  getLicenses: {
    method: 'get',
    path: '/api/licenses',
    tag: 'Licenses',
    summary: 'Licenses in numbers: bought, assigned, invited, activated, free; what to buy or return; whom to look at',
    status: 200,
    response: licenses,
  },
  listLicenseHolders: {
    method: 'get',
    path: '/api/licenses/people',
    tag: 'Licenses',
    summary: 'License holders with state, groups, permission and last access, by name',
    query: z.strictObject({
      ...holderFilter,
      cursor: z.string().max(2000).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    status: 200,
    response: z.object({ rows: z.array(licenseHolderRow), total: count, next: z.string().nullable() }).meta({ id: 'LicenseHolders' }),
  },
  getLicenseHoldersCsv: {
    method: 'get',
    path: '/api/licenses/people.csv',
    tag: 'Licenses',
    summary: 'The same list as a file',
    query: z.strictObject(holderFilter),
    status: 200,
    media: ['text/csv'],
  },
  getUsage: {
    method: 'get',
    path: '/api/usage',
    tag: 'Usage',
    summary: 'A usage report beside match status, team and manager: who is Matched and inactive, Not Matched and active',
    query: z.strictObject({ report: usageFilter.report, team: usageFilter.team, manager: usageFilter.manager }),
    status: 200,
    response: usage,
  },
  listUsage: {
    method: 'get',
    path: '/api/usage/people',
    tag: 'Usage',
    summary: 'Everybody of a usage report and of the license list; whom a metric is not known of comes last',
    query: z.strictObject({
      ...usageFilter,
      cursor: z.string().max(4000).optional(),
      limit: z.coerce.number().int().min(1).max(500).default(50),
    }),
    status: 200,
    response: usagePeople,
  },
  getUsageFile: {
    method: 'get',
    path: '/api/usage/people.:format',
    tag: 'Usage',
    summary: 'The same list as a file; what is not known is left empty',
    params: z.object({ format: z.enum(['csv', 'json', 'xlsx']) }),
    query: z.strictObject(usageFilter),
    status: 200,
    media: ['text/csv', 'application/json', xlsx],
  },
  listUsageReports: {
    method: 'get',
    path: '/api/usage/reports',
    tag: 'Usage',
    summary: 'Usage reports that were brought, the last one first; those that were replaced or undone too',
    status: 200,
    response: z.object({ rows: z.array(usageReport) }).meta({ id: 'UsageReports' }),
  },
  createUsageReport: {
    method: 'post',
    path: '/api/usage/reports',
    tag: 'Usage',
    summary: 'Keep a usage report; one of the same period is replaced by it',
    body: newUsageReport,
    status: 201,
    response: usageBrought,
  },
  undoUsageReport: {
    method: 'delete',
    path: '/api/usage/reports/:id',
    tag: 'Usage',
    summary: 'Take a usage report away; the one that it replaced comes back',
    params: byId,
    status: 200,
    response: z.object({ sentence: z.string() }).meta({ id: 'UsageUndone' }),
  },
  getUsageRejects: {
    method: 'get',
    path: '/api/usage/reports/:id/rejects.csv',
    tag: 'Usage',
    summary: 'Rows of a usage report that could not be used: line, column, reason',
    params: byId,
    status: 200,
    media: ['text/csv'],
  },
  getPersonUsage: {
    method: 'get',
    path: '/api/people/:key/usage',
    tag: 'Usage',
    summary: 'What usage reports say of one person',
    params: z.object({ key: z.string().min(1).max(1000) }),
    status: 200,
    response: personUsage,
  },
  getMismatchReport: {
    method: 'get',
    path: '/api/report',
    tag: 'Report',
    summary: 'The mismatch report: match rate over time and now, what changed, repairs, and what it costs',
    query: z.strictObject(reportFilter),
    status: 200,
    response: mismatchReport,
  },
  listMismatch: {
    method: 'get',
    path: '/api/report/people',
    tag: 'Report',
    summary: 'Everybody who is Not Matched, and since when',
    query: z.strictObject({
      ...reportPeopleFilter,
      cursor: z.string().max(4000).optional(),
      limit: z.coerce.number().int().min(1).max(500).default(50),
    }),
    status: 200,
    response: mismatchPeople,
  },
  listReportChanges: {
    method: 'get',
    path: '/api/report/changes',
    tag: 'Report',
    summary: 'Who changed between any two comparisons, or since the reader’s last review',
    query: z.strictObject({ ...reportChangesFilter, limit: z.coerce.number().int().min(1).max(500).default(100) }),
    status: 200,
    response: reportChangesFound,
  },
  listReportedRepairs: {
    method: 'get',
    path: '/api/report/repairs',
    tag: 'Report',
    summary: 'Repairs, the last one first, with who approved them',
    query: z.strictObject({
      team: reportFilter.team,
      manager: reportFilter.manager,
      limit: z.coerce.number().int().min(1).max(500).default(50),
    }),
    status: 200,
    response: reportedRepairs,
  },
  getReportTable: {
    method: 'get',
    path: '/api/report/:table.:format',
    tag: 'Report',
    summary: 'One table of the report as a file, with the filters of its list',
    params: z.object({ table: z.enum(reportTables), format: z.enum(['csv', 'json', 'xlsx']) }),
    query: z.strictObject({
      ...reportPeopleFilter,
      ...reportChangesFilter,
      by: reportDimension.default('team').meta({ description: 'Of groups' }),
    }),
    status: 200,
    media: ['text/csv', 'application/json', xlsx],
  },
  reviewReport: {
    method: 'put',
    path: '/api/report/review',
    tag: 'Report',
    summary: 'Say that you have looked at the report of a run: what is new to you counts from there',
    body: z.strictObject({ run: z.int().min(1) }),
    status: 204,
  },
  getNewUsers: {
    method: 'get',
    path: '/api/licenses/new-users',
    tag: 'Licenses',
    summary: 'CRM users who should have a license: the files that add them, addresses to paste, and who is not added and why',
    query: z.strictObject({ leaveOut: leaveOutKeys }),
    status: 200,
    response: newUserFiles,
  },
  getNewUsersFile: {
    method: 'get',
    path: '/api/licenses/new-users/:name',
    tag: 'Licenses',
    summary: 'Download one of those files, as Admin Center takes it',
    params: z.object({ name: z.string().min(1).max(255) }),
    query: z.strictObject({ leaveOut: leaveOutKeys }),
    status: 200,
    media: ['text/csv'],
  },
  getGroups: {
    method: 'get',
    path: '/api/groups',
    tag: 'Licenses',
    summary: 'Groups and permissions of LinkedIn beside the teams of the CRM; never written',
    status: 200,
    response: groups,
  },
  listSuccessors: {
    method: 'get',
    path: '/api/successors',
    tag: 'Plans',
    summary: 'Who could get a leaver’s license: people whom the newest list of LinkedIn shows without one',
    query: z.strictObject({ search: z.string().max(300).default('') }),
    status: 200,
    response: z
      .object({ rows: z.array(z.object({ licenseId: z.string(), email: z.string(), uniqueUserId: z.string() })) })
      .meta({ id: 'Successors' }),
  },
  listPlans: {
    method: 'get',
    path: '/api/plans',
    tag: 'Plans',
    summary: 'All plans, newest first',
    query: pageQuery,
    status: 200,
    response: z.object({ rows: z.array(planRow), next: z.string().nullable() }).meta({ id: 'Plans' }),
  },
  getPlan: {
    method: 'get',
    path: '/api/plans/:id',
    tag: 'Plans',
    summary: 'What a plan would do, and what it costs',
    params: byId,
    status: 200,
    response: plan,
  },
  changePlan: {
    method: 'put',
    path: '/api/plans/:id',
    tag: 'Plans',
    summary: 'Leave people out of a draft, or change who carries it; the seal is another one then',
    params: byId,
    body: planChange,
    status: 200,
    response: plan,
  },
  listPlanPeople: {
    method: 'get',
    path: '/api/plans/:id/people',
    tag: 'Plans',
    summary: 'Everybody in a plan: before, after, price',
    params: byId,
    query: pageQuery,
    status: 200,
    response: z.object({ rows: z.array(planPerson), total: count, next: z.string().nullable() }).meta({ id: 'PlanPeople' }),
  },
  getPlanList: {
    method: 'get',
    path: '/api/plans/:id/lists/:name',
    tag: 'Plans',
    summary: 'A list of a plan for somebody else: CRM changes, identity requests, who is left out',
    params: z.object({ id, name: z.string().min(1).max(255) }),
    status: 200,
    media: ['text/csv'],
  },
  approvePlan: {
    method: 'post',
    path: '/api/plans/:id/approve',
    tag: 'Plans',
    summary: 'Approve exactly what the seal names',
    params: byId,
    body: planApproval,
    status: 200,
    response: plan,
    panel: 'act',
  },
  cancelPlan: {
    method: 'post',
    path: '/api/plans/:id/cancel',
    tag: 'Plans',
    summary: 'End a plan; between off and on: once everybody has their license back',
    params: byId,
    status: 200,
    response: z.object({ sentence: z.string().nullable() }).meta({ id: 'Told' }),
    panel: 'act',
  },
  pausePlan: {
    method: 'post',
    path: '/api/plans/:id/pause',
    tag: 'Plans',
    summary: 'Make no further file for now',
    params: byId,
    status: 204,
    panel: 'act',
  },
  resumePlan: {
    method: 'post',
    path: '/api/plans/:id/resume',
    tag: 'Plans',
    summary: 'Go on with a paused plan',
    params: byId,
    status: 204,
    panel: 'act',
  },
  getJob: {
    method: 'get',
    path: '/api/plans/:id/job',
    tag: 'Plans',
    summary: 'The tasks of a plan that is carried out',
    params: byId,
    status: 200,
    response: job,
  },
  listJobs: {
    method: 'get',
    path: '/api/jobs',
    tag: 'Plans',
    summary: 'The tasks of every plan under way',
    status: 200,
    response: z.object({ rows: z.array(job) }).meta({ id: 'Jobs' }),
  },
  makeFile: {
    method: 'post',
    path: '/api/plans/:id/files',
    tag: 'Plans',
    summary: 'Make the next file, once the last one is proven',
    params: byId,
    status: 200,
    response: job,
  },
  downloadFile: {
    method: 'get',
    path: '/api/plans/:id/files/:name',
    tag: 'Plans',
    summary: 'The file for Admin Center; fetching the one that is out counts as downloaded',
    params: z.object({ id, name: z.string().min(1).max(255) }),
    status: 200,
    media: ['text/csv'],
  },
  sayOfFile: {
    method: 'post',
    path: '/api/plans/:id/files/:name/said',
    tag: 'Plans',
    summary: 'Say that the file was uploaded, or throw it away',
    params: z.object({ id, name: z.string().min(1).max(255) }),
    body: z.strictObject({ said: z.enum(['downloaded', 'uploaded', 'discarded']) }),
    status: 200,
    response: job,
  },
  undoFile: {
    method: 'post',
    path: '/api/plans/:id/files/:name/undo',
    tag: 'Plans',
    summary: 'Plan the way back of an email file that was seen in LinkedIn, for 14 days; the new plan has to be approved',
    params: z.object({ id, name: z.string().min(1).max(255) }),
    status: 201,
    response: accepted,
  },
  giveBack: {
    method: 'post',
    path: '/api/plans/:id/give-back',
    tag: 'Plans',
    summary: 'Make the file that gives everyone their license back, at any time',
    params: byId,
    status: 200,
    response: job,
  },
  planSitting: {
    method: 'post',
    path: '/api/plans/:id/sitting',
    tag: 'Plans',
    summary: 'Start taking licenses off and giving them back in one go, or agree when',
    params: byId,
    body: z.strictObject({ plannedFor: moment.nullable() }),
    status: 200,
    response: job,
  },
  makeHandOverLink: {
    method: 'post',
    path: '/api/plans/:id/hand-over-link',
    tag: 'Plans',
    summary: 'A link that opens the tasks of this plan for a day, for somebody who may upload in Admin Center',
    params: byId,
    status: 200,
    response: z
      .object({ href: z.string(), until: moment, sentence: z.string().meta({ description: 'What the link lets somebody do' }) })
      .meta({ id: 'HandOverLink' }),
    secret: true,
  },
  bringProof: {
    method: 'post',
    path: '/api/plans/:id/proofs',
    tag: 'Plans',
    summary: "Bring LinkedIn's result file or an export (the file itself is the body) to a plan",
    params: byId,
    query: proofQuery,
    rawBody: 'application/octet-stream',
    status: 200,
    response: proofOutcome,
  },
  bringProofAnywhere: {
    method: 'post',
    path: '/api/proofs',
    tag: 'Plans',
    summary: 'Bring such a file without saying to which plan: it is recognised by its rows',
    query: proofQuery,
    rawBody: 'application/octet-stream',
    status: 200,
    response: z.object({ rows: z.array(proofOutcome) }).meta({ id: 'ProofOutcomes' }),
  },
  listRematches: {
    method: 'get',
    path: '/api/rematches',
    tag: 'Plans',
    summary: 'People being repaired, or of one plan',
    query: rematchesQuery,
    status: 200,
    response: z.object({ rows: z.array(rematch), total: count, next: z.string().nullable() }).meta({ id: 'Rematches' }),
  },
  getRematch: {
    method: 'get',
    path: '/api/rematches/:id',
    tag: 'Plans',
    summary: 'One person of a plan with everything that happened',
    params: byId,
    status: 200,
    response: rematchDetail,
  },
  cancelRematch: {
    method: 'post',
    path: '/api/rematches/:id/cancel',
    tag: 'Plans',
    summary: 'End the repair of one person; between off and on: once they have their license back',
    params: byId,
    status: 200,
    response: z.object({ sentence: z.string().nullable() }).meta({ id: 'ToldOfPerson' }),
  },
  pauseRematch: {
    method: 'post',
    path: '/api/rematches/:id/pause',
    tag: 'Plans',
    summary: 'Hold one person back',
    params: byId,
    status: 204,
  },
  resumeRematch: {
    method: 'post',
    path: '/api/rematches/:id/resume',
    tag: 'Plans',
    summary: 'Go on with one person',
    params: byId,
    status: 204,
  },
  answerRematch: {
    method: 'post',
    path: '/api/rematches/:id/answer',
    tag: 'Plans',
    summary: 'Answer for somebody who was asked, with a reason',
    params: byId,
    body: z.strictObject({ answer: z.enum(questionAnswers), reason: typed(500) }),
    status: 204,
  },
  observeRematch: {
    method: 'post',
    path: '/api/rematches/:id/observed',
    tag: 'Plans',
    summary: 'What LinkedIn showed for this person on a day',
    params: byId,
    body: z.strictObject({ verdict: z.enum(['matched', 'not-matched']), on: moment }),
    status: 204,
  },
  getDemoCenter: {
    method: 'get',
    path: '/api/demo/admin-center',
    tag: 'Demo',
    summary: 'The made-up Admin Center of the demo; 404 without one, as are all of these',
    status: 200,
    response: demoCenter,
  },
  listDemoPeople: {
    method: 'get',
    path: '/api/demo/admin-center/people',
    tag: 'Demo',
    summary: 'Its people by name, email or Unique User ID; at most twenty',
    query: z.strictObject({ search: z.string().max(200).default('') }),
    status: 200,
    response: z.object({ rows: z.array(demoPerson) }).meta({ id: 'DemoPeople' }),
  },
  changeDemoPerson: {
    method: 'post',
    path: '/api/demo/admin-center/people/:id',
    tag: 'Demo',
    summary: 'Edit somebody by hand, as another admin might',
    params: byDemoPerson,
    body: demoPersonChange,
    status: 200,
    response: demoCenter,
  },
  acceptDemoInvitation: {
    method: 'post',
    path: '/api/demo/admin-center/people/:id/accept',
    tag: 'Demo',
    summary: 'Accept an invitation as the person would, with the right LinkedIn profile or another one',
    params: byDemoPerson,
    body: z.strictObject({ wrongProfile: z.boolean().default(false) }),
    status: 200,
    response: demoCenter,
  },
  resendDemoInvitations: {
    method: 'post',
    path: '/api/demo/admin-center/resend',
    tag: 'Demo',
    summary: 'Press Resend Invite as an admin would, for these people or for everybody who is invited',
    body: z.strictObject({ ids: z.array(z.string().max(20)).max(2000).optional() }),
    status: 200,
    response: demoCenter,
  },
  uploadToDemo: {
    method: 'post',
    path: '/api/demo/admin-center/uploads',
    tag: 'Demo',
    summary: 'Upload a file to it (the file itself is the body)',
    query: z.strictObject({ name: typed(255) }),
    rawBody: 'application/octet-stream',
    status: 200,
    response: demoUpload,
  },
  getDemoResult: {
    method: 'get',
    path: '/api/demo/admin-center/uploads/:number/result',
    tag: 'Demo',
    summary: "LinkedIn's result file of an upload",
    params: z.object({ number: z.coerce.number().int().min(1) }),
    status: 200,
    media: ['text/csv'],
  },
  exportDemo: {
    method: 'get',
    path: '/api/demo/admin-center/export',
    tag: 'Demo',
    summary: 'Download its users: all, or by the status of their license',
    query: z.strictObject({ license: z.enum(['all', 'activated', 'invited', 'none']).default('all') }),
    status: 200,
    media: ['text/csv'],
  },
  passDemoTime: {
    method: 'post',
    path: '/api/demo/admin-center/time',
    tag: 'Demo',
    summary: "Let time pass, for it and for Seatmatch: LinkedIn's daily CRM job runs on the way",
    body: z.strictObject({
      hours: z
        .int()
        .min(1)
        .max(24 * 14),
    }),
    status: 200,
    response: demoCenter,
  },
  setDemoCrmJob: {
    method: 'post',
    path: '/api/demo/admin-center/crm-job',
    tag: 'Demo',
    summary: "Let LinkedIn's daily CRM job run, or not",
    body: z.strictObject({ runs: z.boolean() }),
    status: 200,
    response: demoCenter,
  },
  compareDemo: {
    method: 'post',
    path: '/api/demo/admin-center/compare',
    tag: 'Demo',
    summary: 'Compare what it shows now with the newest CRM list',
    status: 202,
    response: accepted,
  },
} as const satisfies Record<string, Endpoint>;
export type EndpointName = keyof typeof endpoints;

/** Open endpoints take none: nobody is signed in there to whom a kept answer would belong. */
export const takesIdempotencyKey = ({ method, open, media, secret }: Endpoint): boolean => method === 'post' && !open && !media && !secret;

const idempotencyHeader = z.object({
  'Idempotency-Key': z
    .string()
    .max(257)
    .optional()
    .meta({
      description:
        'Recommended: a new UUID for each request, the same one when it is repeated (draft-ietf-httpapi-idempotency-key-header). For a day ' +
        'a repeat gets the answer of the first, from any server process. 409 with Retry-After while that one runs, 422 when the key was ' +
        'used for another address or body; of a file the query and the length are compared. Refusals are not kept: what was refused, or ' +
        'cut off by a crash, runs again.',
      examples: ['"8e03978e-40d5-43e8-bc93-6894a57f9324"'],
    }),
});

/** The OpenAPI 3.1 document of the whole table. */
export function openApiDocument(version: string): ReturnType<typeof createDocument> {
  const paths: ZodOpenApiPathsObject = {};
  for (const [operationId, endpoint] of Object.entries(endpoints) as [EndpointName, Endpoint][]) {
    const path = endpoint.path.replaceAll(/:(\w+)/gu, '{$1}');
    const responses: ZodOpenApiOperationObject['responses'] = {
      [`${endpoint.status}`]: { description: endpoint.summary, ...contentOf(endpoint) },
      default: { description: 'What went wrong (RFC 9457)', content: { 'application/problem+json': { schema: problem } } },
    };
    const operation: ZodOpenApiOperationObject = {
      operationId,
      summary: endpoint.summary,
      tags: [endpoint.tag],
      responses,
      ...(endpoint.panel ? { 'x-panel': endpoint.panel } : {}),
      ...(endpoint.open ? { security: [] } : {}),
      ...(endpoint.params || endpoint.query || takesIdempotencyKey(endpoint)
        ? {
            requestParams: {
              ...(endpoint.params && { path: endpoint.params }),
              ...(endpoint.query && { query: endpoint.query }),
              ...(takesIdempotencyKey(endpoint) && { header: idempotencyHeader }),
            },
          }
        : {}),
      ...(endpoint.body ? { requestBody: { required: true, content: { 'application/json': { schema: endpoint.body } } } } : {}),
      ...(endpoint.rawBody
        ? { requestBody: { required: true, content: { [endpoint.rawBody]: { schema: { type: 'string', format: 'binary' } } } } }
        : {}),
    };
    paths[path] = { ...paths[path], [endpoint.method]: operation };
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Seatmatch',
      version,
      description:
        'Keeps CRM users and LinkedIn Sales Navigator license holders on the same email. Addresses under /api speak of the default ' +
        'contract of the workspace; all but those of sessions, contracts and the server are there for every contract as well, as ' +
        '/api/contracts/{id}/people. What belongs to another contract is not found there. What CRMs’ panels reach is marked x-panel with the ' +
        'right that it needs, read or act: as /panels/salesforce/api/… and /panels/hubspot/api/…, of the contract that their credential ' +
        'belongs to.',
    },
    servers: [{ url: '/' }],
    security: [{ session: [] }],
    components: {
      securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'seatmatch_session' } },
    },
    paths,
  });
}

function contentOf(endpoint: Endpoint): { content?: ZodOpenApiContentObject } {
  if (endpoint.response) return { content: { 'application/json': { schema: endpoint.response } } };
  if (endpoint.media) {
    return { content: Object.fromEntries(endpoint.media.map((type) => [type, { schema: { type: 'string' } }])) };
  }
  return {};
}
