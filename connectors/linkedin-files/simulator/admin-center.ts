/**
 * The state of a LinkedIn Admin Center as facts/linkedin.md §4.4 and §8 describe it, as plain JSON: it can be written down and read
 * back at any moment. The verbs in this folder take it first and change it; time and chance are in it, so the same commands on the
 * same seed give the same state. Moments are milliseconds since 1970, UTC.
 */

export interface Person {
  /** The enterprise profile; never changes and is in no export. */
  readonly id: string;
  profileEmail: string;
  /** What LinkedIn's CRM Sync compares; follows `profileEmail`. */
  licenseEmail: string;
  givenName: string;
  familyName: string;
  uniqueUserId: string;
  license: 'none' | 'invited' | 'activated';
  licenseTypes: string[];
  /** What was last taken away; '' in the export, remembered by LinkedIn. */
  formerTypes: string[];
  inviteId: string;
  inviteCount: number;
  invitedAt: number | null;
  activatedAt: number | null;
  onboarded: boolean;
  crmMatch: 'matched' | 'not-matched' | null;
  /** The switch "Enable CRM sync"; null: never touched, shown blank. */
  crmSync: boolean | null;
  source: 'manual' | 'csv' | 'idp';
  /** The mark beside the user: the identity provider's name, or the word for the source. */
  managedBy: string;
  /** What the identity provider has; written over hand edits at its next cycle. Null for people it does not own. */
  idpEmail: string | null;
  groups: string[];
  permission: '' | 'admin' | 'reporting';
  /** Made at the first activation, never changed afterwards; '' before. */
  seatId: string;
  lastAccess: number | null;
  /** Accepted with a LinkedIn profile other than the one in use before. */
  duplicateProfile: boolean;
  /** LinkedIn has lost the CRM user: Not Matched whatever the emails say, until the license is given anew (help a162746; inferred). */
  joinLost: boolean;
}

/** Somebody as they are now; structuredClone costs twenty times as much, and an upload copies everybody in it. */
export const copyOf = (person: Person): Person => ({
  ...person,
  licenseTypes: [...person.licenseTypes],
  formerTypes: [...person.formerTypes],
  groups: [...person.groups],
});

/** What the Users list and the exports still show of somebody, until a moment. */
export interface OldView {
  readonly until: number;
  readonly shown: Person;
}

export const happenings = [
  'added',
  'removed',
  'email',
  'license-email',
  'license-removed',
  'license-assigned',
  'invitation-resent',
  'activated',
  'duplicate-profile',
  'crm-match',
  'crm-sync',
  'unique-id',
  'name',
  'groups',
  'permission',
  // A row meant for somebody else landed on this person, because it carried this person's Unique User ID.
  'overwritten',
] as const;
export type Happening = (typeof happenings)[number];

/** Who wrote: an upload by its number, an admin by name, the person, the identity provider, or LinkedIn itself. */
export interface Author {
  readonly by: string;
  readonly upload: number | null;
}

export interface JournalEntry extends Author {
  readonly at: number;
  readonly person: string;
  readonly what: Happening;
  readonly from: string;
  readonly to: string;
}

export interface UploadRecord {
  readonly number: number;
  readonly name: string;
  readonly at: number;
  readonly rows: number;
  /** Rows that changed something, that held already, that were refused, and that were never reached. */
  readonly applied: number;
  readonly unchanged: number;
  readonly refused: number;
  readonly untouched: number;
  readonly critical: string | null;
}

/** From a license taken until the same person has one again, and until that one is activated. */
export interface Gap {
  readonly person: string;
  readonly email: string;
  readonly types: readonly string[];
  readonly from: number;
  licensedAt: number | null;
  activatedAt: number | null;
}

export interface Settings {
  /** Purchased licenses by type. */
  licenses: Record<string, number>;
  /** What a file assigns to somebody who never had a license: the template has no column for the type. */
  defaultType: string;
  /** `last-held`: a license given back by file is of the type last held; `default`: always the default type. */
  licenseOnGives: 'last-held' | 'default';
  /** Assignments per calendar month (help a193618); null: no limit. */
  monthlyAssignments: number | null;
  /** Rows of an upload that are processed together. */
  batchRows: number;
  largestUpload: { rows: number; bytes: number };
  /** Minutes from an upload's arrival by delivery until it is worked through. */
  uploadMinutes: number;
  /** Whether one file may change emails and licenses. */
  combinedKinds: 'refused' | 'applied';
  /** Minutes until the license carries the profile's new email. */
  emailSyncMinutes: number;
  /** Minutes until the Users list and the exports show a change. */
  shownAfterMinutes: { email: number; licenseOff: number; licenseOn: number; other: number };
  /** The daily CRM job: its hour (UTC), how long its verdicts take to show, whether a change of email asks at once. */
  crm: { jobHour: number; lagMinutes: number; onEmailChange: boolean };
  /** What becomes of hand edits and uploads to people whom an identity provider owns. */
  idpEdits: 'refused' | 'overwritten';
  identityCycleMinutes: number;
  /** Whether the seat id of somebody who was activated once is shown while no license is activated. */
  seatIdShown: 'once-made' | 'while-activated';
  /** People who accept by themselves, in percent, so many hours after the invitation; null: only when told to. */
  acceptance: { afterHours: number; percent: number; wrongProfilePercent: number } | null;
}

/** What goes wrong with one upload beyond what its rows deserve. */
export interface UploadFaults {
  /** Refused at the first scan, nothing done. */
  readonly firstScan?: boolean;
  /** Stops with a critical error after so many batches; later rows stay untouched. */
  readonly stopAfterBatches?: number;
  /** Rows for these emails (present or new) are refused. */
  readonly refuseEmails?: readonly string[];
  /** So many of a hundred rows are refused, by the seed. */
  readonly refusePercent?: number;
}

export type Due =
  | { readonly at: number; readonly what: 'license-email'; readonly person: string; readonly email: string }
  | { readonly at: number; readonly what: 'crm-verdicts'; readonly verdicts: Record<string, 'matched' | 'not-matched'> }
  | { readonly at: number; readonly what: 'accept'; readonly person: string; readonly inviteId: string; readonly wrongProfile: boolean }
  /** An upload that was taken and waits to be worked through; its bytes as base64. */
  | {
      readonly at: number;
      readonly what: 'upload';
      readonly number: number;
      readonly name: string;
      readonly file: string;
      readonly faults: UploadFaults;
    };

export interface AdminCenter {
  now: number;
  settings: Settings;
  people: Person[];
  /** Older views by person, the oldest first. */
  views: Record<string, OldView[]>;
  /** People as they were before the last upload, for a read from before it; null: the upload added them. */
  beforeLastUpload: { at: number; people: Record<string, Person | null> };
  /** The CRM's emails, lower case. */
  crmEmails: string[];
  /** The CRM job does not run before this moment. */
  crmOutageUntil: number | null;
  nextCrmJob: number;
  nextIdentityCycle: number;
  /** In order of time. */
  due: Due[];
  /** Assignments spent, by month (YYYY-MM). */
  assignments: Record<string, number>;
  /** Licenses that another writer holds, by type; and how many more it takes as soon as one is free. */
  takenByOthers: Record<string, number>;
  takesNextFree: number;
  counters: { people: number; invitations: number; seats: number; uploads: number };
  random: number;
  /** In the order in which they were worked through. */
  uploads: UploadRecord[];
  /** The newest result files, by the upload's number. */
  results: Record<string, string>;
  journal: JournalEntry[];
  gaps: Gap[];
}

/** A change that Admin Center does not make. The texts are ours: LinkedIn's are not documented. */
export const refusalTexts = {
  'no-such-person': 'No user has this email address.',
  'not-an-email': 'The email address is not valid.',
  'email-taken': 'This email address belongs to another user.',
  'local-part-differs': 'Only the domain may change in a domain name change.',
  'idp-owned': 'This user is managed by your identity provider.',
  'duplicate-profile': 'Duplicate profile.',
  'no-free-license': 'No license is available.',
  'no-assignments-left': 'The license assignments of this month are used up.',
  'not-invited': 'There is no open invitation.',
  'not-activated': 'The license is not activated.',
  'unknown-type': 'The contract has no such license.',
  busy: 'Something went wrong. Try again later.',
} as const;
export type RefusalCode = keyof typeof refusalTexts;

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

const usualSettings: Settings = {
  licenses: { 'Sales Navigator Advanced Plus': 100 },
  defaultType: 'Sales Navigator Advanced Plus',
  licenseOnGives: 'last-held',
  monthlyAssignments: null,
  batchRows: 500,
  largestUpload: { rows: 20_000, bytes: 20_000_000 },
  uploadMinutes: 0,
  combinedKinds: 'refused',
  emailSyncMinutes: 0,
  shownAfterMinutes: { email: 0, licenseOff: 0, licenseOn: 0, other: 0 },
  crm: { jobHour: 3, lagMinutes: 0, onEmailChange: false },
  idpEdits: 'refused',
  identityCycleMinutes: 40,
  seatIdShown: 'once-made',
  acceptance: null,
};

export type NewPerson = Partial<Omit<Person, 'id'>> & { readonly profileEmail: string };

export interface AdminCenterOptions {
  /** ISO 8601: where its clock stands. */
  readonly now: string;
  readonly seed?: number;
  readonly settings?: Partial<Settings>;
  readonly people?: readonly NewPerson[];
  readonly crmEmails?: readonly string[];
}

export function makeAdminCenter({ now, seed = 1, settings, people = [], crmEmails = [] }: AdminCenterOptions): AdminCenter {
  const at = Date.parse(now);
  const center: AdminCenter = {
    now: at,
    settings: structuredClone({ ...usualSettings, ...settings }),
    people: [],
    views: {},
    beforeLastUpload: { at, people: {} },
    crmEmails: crmEmails.map(emailKey),
    crmOutageUntil: null,
    nextCrmJob: 0,
    nextIdentityCycle: 0,
    due: [],
    assignments: {},
    takenByOthers: {},
    takesNextFree: 0,
    counters: { people: 0, invitations: 0, seats: 0, uploads: 0 },
    random: seed >>> 0,
    uploads: [],
    results: {},
    journal: [],
    gaps: [],
  };
  center.nextCrmJob = nextHour(center, at);
  center.nextIdentityCycle = nextCycle(center);
  for (const person of people) putPerson(center, person);
  return center;
}

/** The next time the daily job's hour strikes after a moment. */
export function nextHour(center: AdminCenter, after: number): number {
  const today = Math.floor(after / dayMs) * dayMs + center.settings.crm.jobHour * hourMs;
  return today > after ? today : today + dayMs;
}

/** The identity provider's next cycle, from now. */
export const nextCycle = (center: AdminCenter): number => center.now + Math.max(1, center.settings.identityCycleMinutes) * minuteMs;

/** Puts somebody in as given, without invitation, assignment or journal entry: how a state begins. */
export function putPerson(center: AdminCenter, given: NewPerson): Person {
  const license = given.license ?? 'none';
  const active = license === 'activated';
  center.counters.people += 1;
  const source = given.source ?? 'manual';
  const person = copyOf({
    licenseEmail: given.profileEmail,
    givenName: '',
    familyName: '',
    uniqueUserId: '',
    license,
    licenseTypes: license === 'none' ? [] : [center.settings.defaultType],
    formerTypes: [],
    inviteId: license === 'none' ? '' : newInviteId(center),
    inviteCount: license === 'none' ? 0 : 1,
    invitedAt: license === 'none' ? null : center.now,
    activatedAt: active ? center.now : null,
    onboarded: active,
    crmMatch: null,
    crmSync: null,
    source,
    managedBy: source === 'idp' ? 'IdP' : 'Manual',
    idpEmail: source === 'idp' ? given.profileEmail : null,
    groups: [],
    permission: '',
    seatId: active ? newSeatId(center) : '',
    lastAccess: active ? center.now : null,
    duplicateProfile: false,
    joinLost: false,
    ...given,
    id: `P${center.counters.people}`,
  });
  lookups(center);
  center.people.push(person);
  takeIn(center, person);
  return person;
}

export const newInviteId = (center: AdminCenter): string => `I${++center.counters.invitations}`;
export const newSeatId = (center: AdminCenter): string => String(800_000_000 + ++center.counters.seats * 3_089);

/** A number from 0 up to, not including, 1 (mulberry32, Tommy Ettinger, public domain). */
export function random(center: AdminCenter): number {
  center.random = (center.random + 0x6d2b79f5) >>> 0;
  const state = center.random;
  let mixed = Math.imul(state ^ (state >>> 15), state | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
}

export const emailKey = (email: string): string => email.trim().toLowerCase();
export const idKey = (id: string): string => id.trim().toLowerCase();

interface Lookups {
  readonly byEmail: Map<string, Person[]>;
  readonly byUniqueId: Map<string, Person[]>;
  readonly byId: Map<string, Person>;
  /** Licenses held, by type. */
  readonly assigned: Map<string, number>;
  /** By person: without a license, or with one that is not activated. */
  readonly openGaps: Map<string, Gap[]>;
}

/** Beside the state and not in it: made again from the people wherever it is missing. */
const lookupsOf = new WeakMap<AdminCenter, Lookups>();

function lookups(center: AdminCenter): Lookups {
  const known = lookupsOf.get(center);
  if (known) return known;
  const made: Lookups = { byEmail: new Map(), byUniqueId: new Map(), byId: new Map(), assigned: new Map(), openGaps: new Map() };
  lookupsOf.set(center, made);
  for (const person of center.people) takeIn(center, person);
  for (const gap of center.gaps) if (gap.activatedAt === null) push(made.openGaps, gap.person, gap);
  return made;
}

/** Puts a state that was written down into the place of another. */
export function loadState(center: AdminCenter, state: AdminCenter): void {
  Object.assign(center, structuredClone(state));
  lookupsOf.delete(center);
}

function takeIn(center: AdminCenter, person: Person): void {
  const { byEmail, byUniqueId, byId, assigned } = lookups(center);
  push(byEmail, emailKey(person.profileEmail), person);
  push(byUniqueId, idKey(person.uniqueUserId), person);
  byId.set(person.id, person);
  for (const type of heldTypes(center, person)) assigned.set(type, (assigned.get(type) ?? 0) + 1);
}

function push<Item>(map: Map<string, Item[]>, key: string, item: Item): void {
  if (key === '') return;
  const known = map.get(key);
  if (known) known.push(item);
  else map.set(key, [item]);
}

function drop(map: Map<string, Person[]>, key: string, person: Person): void {
  const known = map.get(key);
  if (!known) return;
  const rest = known.filter((one) => one !== person);
  if (rest.length > 0) map.set(key, rest);
  else map.delete(key);
}

export const findByEmail = (center: AdminCenter, email: string): Person | undefined => lookups(center).byEmail.get(emailKey(email))?.[0];
export const findByUniqueId = (center: AdminCenter, id: string): Person | undefined => lookups(center).byUniqueId.get(idKey(id))?.[0];
/** By email, else by the profile's own id. */
export const findPerson = (center: AdminCenter, who: string): Person | undefined =>
  findByEmail(center, who) ?? lookups(center).byId.get(who);

/** Changes what people are found by; nothing else may set these fields. */
export function rename(center: AdminCenter, person: Person, to: { readonly email?: string; readonly uniqueUserId?: string }): void {
  const { byEmail, byUniqueId } = lookups(center);
  if (to.email !== undefined) {
    drop(byEmail, emailKey(person.profileEmail), person);
    person.profileEmail = to.email;
    push(byEmail, emailKey(to.email), person);
  }
  if (to.uniqueUserId !== undefined) {
    drop(byUniqueId, idKey(person.uniqueUserId), person);
    person.uniqueUserId = to.uniqueUserId;
    push(byUniqueId, idKey(to.uniqueUserId), person);
  }
}

export function takeOut(center: AdminCenter, person: Person): void {
  setHolding(center, person, 'none', []);
  const { byEmail, byUniqueId, byId } = lookups(center);
  center.people.splice(center.people.indexOf(person), 1);
  drop(byEmail, emailKey(person.profileEmail), person);
  drop(byUniqueId, idKey(person.uniqueUserId), person);
  byId.delete(person.id);
}

const isTeamLink = (type: string): boolean => /teamlink/i.test(type);
/** The template has one column for Sales Navigator's own licenses and one for TeamLink Extend. */
export const salesTypes = (types: readonly string[]): string[] => types.filter((type) => !isTeamLink(type));
export const teamLinkTypes = (types: readonly string[]): string[] => types.filter(isTeamLink);

export const monthOf = (at: number): string => new Date(at).toISOString().slice(0, 7);

/** Null: no limit. */
export function assignmentsLeft(center: AdminCenter): number | null {
  const { monthlyAssignments } = center.settings;
  return monthlyAssignments === null ? null : Math.max(0, monthlyAssignments - (center.assignments[monthOf(center.now)] ?? 0));
}

/** Licenses of each type: how many there are, how many are assigned, how many are left. A holder whose type is not known has the default one. */
export function licensePool(center: AdminCenter): Record<string, { purchased: number; assigned: number; others: number; free: number }> {
  const { assigned } = lookups(center);
  const pool = Object.entries(center.settings.licenses).map(([type, purchased]) => {
    const others = center.takenByOthers[type] ?? 0;
    const held = assigned.get(type) ?? 0;
    return [type, { purchased, assigned: held, others, free: Math.max(0, purchased - held - others) }] as const;
  });
  return Object.fromEntries(pool);
}

/** Changes who holds what; nothing else may set these fields. */
export function setHolding(center: AdminCenter, person: Person, license: Person['license'], types: readonly string[]): void {
  const { assigned } = lookups(center);
  for (const type of heldTypes(center, person)) assigned.set(type, assigned.get(type)! - 1);
  person.license = license;
  person.licenseTypes = [...types];
  for (const type of heldTypes(center, person)) assigned.set(type, (assigned.get(type) ?? 0) + 1);
}

function heldTypes(center: AdminCenter, { license, licenseTypes }: Person): readonly string[] {
  if (license === 'none') return [];
  return licenseTypes.length === 0 ? [center.settings.defaultType] : licenseTypes;
}

export function openGap(center: AdminCenter, person: Person, types: readonly string[]): void {
  const gap: Gap = { person: person.id, email: person.profileEmail, types, from: center.now, licensedAt: null, activatedAt: null };
  center.gaps.push(gap);
  push(lookups(center).openGaps, person.id, gap);
}

/** Writes down what somebody has again. */
export function closeGaps(center: AdminCenter, person: Person): void {
  const { openGaps } = lookups(center);
  const open = openGaps.get(person.id);
  if (!open) return;
  for (const gap of open) {
    if (person.license !== 'none' && gap.types.every((type) => person.licenseTypes.includes(type))) gap.licensedAt ??= center.now;
    if (gap.licensedAt !== null && person.license === 'activated') gap.activatedAt = center.now;
  }
  const left = open.filter(({ activatedAt }) => activatedAt === null);
  if (left.length > 0) openGaps.set(person.id, left);
  else openGaps.delete(person.id);
}

/** Puts something into its place in time, behind what falls due at the same moment. */
export function addDue(center: AdminCenter, due: Due): void {
  center.due.splice(center.due.findLastIndex(({ at }) => at <= due.at) + 1, 0, due);
}
