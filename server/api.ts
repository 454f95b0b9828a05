/**
 * The API: a zod schema of every request and response, and one table of all endpoints. The router is checked against the
 * table, the OpenAPI document is made from it, and the console takes its types from here.
 * Findings, explanations and summaries mirror core/finding.ts; a type test holds them equal.
 */
import { z } from 'zod';
import { createDocument, type ZodOpenApiContentObject, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import {
  actors,
  alsoCodes,
  type Reason as CoreReason,
  changeSides,
  differences,
  managers,
  reasons,
  rules,
  statuses,
  variants,
  verdicts,
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

/** Proof that a list was read to its end (mirror of CompleteRead in connectors/connector.ts). */
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

// --- Reconciliations ---

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
    files: sideNames.meta({ description: 'The names of the two files' }),
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
  limits,
});

export const settings = settingValues
  .extend({
    changed: z
      .array(z.object({ setting: z.string(), actor: z.string(), at: moment }))
      .meta({ description: 'Who changed each setting last, and when' }),
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
  .object({ id: z.string(), licenseId: z.string(), crmUserId: z.string(), note: z.string().nullable(), author: z.string(), at: moment })
  .meta({ id: 'Link' });
export type Link = z.infer<typeof link>;

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

export const person = z
  .object({
    finding: findingRow,
    explanation: explanation.nullable(),
    timeline: z.array(timelineEntry).meta({ description: 'Newest first' }),
    present: z.boolean().meta({ description: 'False when the latest reconciliation no longer has this person' }),
    link: link.nullable(),
    exception: exception.nullable(),
    observedAnswers: z.array(observedAnswer),
  })
  .meta({ id: 'Person' });
export type Person = z.infer<typeof person>;

// --- Uploads ---

export const side = z.enum(['licenses', 'crm']);
export type Side = z.infer<typeof side>;

export const uploadQuery = z.strictObject({
  name: typed(255).meta({ description: 'The file name' }),
  side: side.optional().meta({ description: 'Where the person dropped it; a file of the other side is then refused' }),
  modifiedAt: moment.optional().meta({ description: "The file's own time: the default for exportedAt" }),
});

export const columnMapping = z.object({ column: z.string(), field: z.string().nullable() }).meta({ id: 'ColumnMapping' });

/** What to ask about a file before the comparison. */
export const uploadQuestion = z
  .object({
    id: z.enum(['admin-center-count', 'exported-at', 'crm-name']),
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
    kind: z.string().meta({ description: 'For example admin-center-users, salesforce, hubspot, zoho, dynamics, other' }),
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
    uploadedAt: moment,
  })
  .meta({ id: 'Upload' });
export type Upload = z.infer<typeof upload>;

export const mappingChange = z.strictObject({
  mapping: z.array(columnMapping).max(2000),
  side: side.optional().meta({ description: 'Needed when the file could be either list' }),
});
export type MappingChange = z.infer<typeof mappingChange>;

export const newReconciliation = z.strictObject({
  licenses: id.meta({ description: 'Upload id of the license side' }),
  crm: id.meta({ description: 'Upload id of the CRM side' }),
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

// --- Decisions ---

export const newLink = z.strictObject({ licenseId: typed(500), crmUserId: typed(500), note: typed(1000).optional() });
export type NewLink = z.infer<typeof newLink>;
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

// --- Events and health ---

/** One server-sent event (`event: change`): read the resource again. A lost one is harmless. */
export const changeEvent = z
  .object({ kind: z.enum(['reconciliation', 'people', 'upload', 'settings', 'decision']), id: z.string() })
  .meta({ id: 'ChangeEvent' });
export type ChangeEvent = z.infer<typeof changeEvent>;

export const health = z
  .object({ status: z.enum(['up', 'down']), version: z.string(), database: z.enum(['up', 'down']) })
  .meta({ id: 'Health' });
export type Health = z.infer<typeof health>;

// --- The table ---

export interface Endpoint {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** Express 5 path; `:name` becomes `{name}` in OpenAPI. */
  readonly path: string;
  readonly summary: string;
  readonly tag: 'Session' | 'Overview' | 'People' | 'Uploads' | 'Reconciliations' | 'Files' | 'Settings' | 'Decisions' | 'Server';
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
}

const byId = z.object({ id });
const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export const endpoints = {
  getHealth: { method: 'get', path: '/api/health', tag: 'Server', summary: 'Is the server up?', status: 200, response: health, open: true },
  getEvents: {
    method: 'get',
    path: '/api/events',
    tag: 'Server',
    summary: 'Changes as server-sent events',
    status: 200,
    media: ['text/event-stream'],
  },
  getSession: {
    method: 'get',
    path: '/api/session',
    tag: 'Session',
    summary: 'Who is signed in',
    status: 200,
    response: session,
    open: true,
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
  },
  signOut: { method: 'delete', path: '/api/session', tag: 'Session', summary: 'Sign out', status: 204 },
  getOverview: {
    method: 'get',
    path: '/api/overview',
    tag: 'Overview',
    summary: 'The state of the contract on one page',
    status: 200,
    response: overview,
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
  getSettings: {
    method: 'get',
    path: '/api/settings',
    tag: 'Settings',
    summary: 'All settings, and who changed them last',
    status: 200,
    response: settings,
  },
  changeSettings: {
    method: 'put',
    path: '/api/settings',
    tag: 'Settings',
    summary: 'Change settings; what is not sent stays',
    body: settingsChange,
    status: 200,
    response: settings,
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
  createObservedAnswer: {
    method: 'post',
    path: '/api/observed-answers',
    tag: 'Decisions',
    summary: 'What LinkedIn showed for one person on a day; counts from the next comparison',
    body: newObservedAnswer,
    status: 201,
    response: observedAnswer,
  },
} as const satisfies Record<string, Endpoint>;
export type EndpointName = keyof typeof endpoints;

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
      ...(endpoint.open ? { security: [] } : {}),
      ...(endpoint.params || endpoint.query
        ? { requestParams: { ...(endpoint.params && { path: endpoint.params }), ...(endpoint.query && { query: endpoint.query }) } }
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
      description: 'Keeps CRM users and LinkedIn Sales Navigator license holders on the same email.',
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
