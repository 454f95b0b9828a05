import {
  type AdminCenter,
  type Author,
  addDue,
  assignmentsLeft,
  closeGaps,
  copyOf,
  emailKey,
  findByEmail,
  type Happening,
  hourMs,
  licensePool,
  minuteMs,
  monthOf,
  type NewPerson,
  newInviteId,
  newSeatId,
  openGap,
  type Person,
  putPerson,
  type RefusalCode,
  random,
  rename,
  salesTypes,
  setHolding,
  takeOut,
} from './admin-center.ts';

/** What is written to one person, whoever asks: an upload, an admin by hand, the identity provider. Each is in the journal once it happened. */

const note = (center: AdminCenter, person: Person, author: Author, what: Happening, from: string, to: string): void => {
  center.journal.push({ at: center.now, person: person.id, what, from, to, ...author });
};

/** Keeps what is shown of somebody until a change shows; `minutes` from now. */
function keepView(center: AdminCenter, person: Person, minutes: number): void {
  if (minutes <= 0) return;
  const views = (center.views[person.id] ?? []).filter(({ until }) => until > center.now);
  views.push({ until: center.now + minutes * minuteMs, shown: copyOf(person) });
  center.views[person.id] = views;
}

const isAddress = (email: string): boolean => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email.trim());

/** Why an email cannot be given to somebody, or null. */
export function refuseEmail(center: AdminCenter, person: Person | null, email: string): RefusalCode | null {
  if (!isAddress(email)) return 'not-an-email';
  const owner = findByEmail(center, email);
  if (owner !== undefined && owner !== person) return 'email-taken';
  return person?.duplicateProfile ? 'duplicate-profile' : null;
}

/** Sends no invitation and touches no license; somebody activated stays activated (help a147282). */
export function setEmail(center: AdminCenter, person: Person, email: string, author: Author): boolean {
  const to = email.trim();
  const from = person.profileEmail;
  if (from === to) return false;
  keepView(center, person, center.settings.shownAfterMinutes.email);
  rename(center, person, { email: to });
  note(center, person, author, 'email', from, to);
  if (center.settings.emailSyncMinutes <= 0) setLicenseEmail(center, person, to);
  else
    addDue(center, { at: center.now + center.settings.emailSyncMinutes * minuteMs, what: 'license-email', person: person.id, email: to });
  return true;
}

const linkedIn: Author = { by: 'linkedin', upload: null };

export function setLicenseEmail(center: AdminCenter, person: Person, email: string): void {
  const from = person.licenseEmail;
  if (from === email) return;
  person.licenseEmail = email;
  note(center, person, linkedIn, 'license-email', from, email);
  if (center.settings.crm.onEmailChange) setCrmMatch(center, person, verdictOn(center, person));
}

/** Which of the asked types somebody lacks, and why they cannot have them; null where nothing is lacking. */
export function refuseLicense(center: AdminCenter, person: Person | null, types: readonly string[]): RefusalCode | null {
  const lacking = types.filter((type) => !person?.licenseTypes.includes(type));
  if (lacking.length === 0) return null;
  const pool = licensePool(center);
  if (lacking.some((type) => pool[type] === undefined)) return 'unknown-type';
  if (lacking.some((type) => pool[type]!.free === 0)) return 'no-free-license';
  return assignmentsLeft(center) === 0 ? 'no-assignments-left' : null;
}

/** Assigns what is lacking: one assignment is spent and an invitation goes out. Ask refuseLicense first. */
export function giveLicense(center: AdminCenter, person: Person, types: readonly string[], author: Author): boolean {
  const lacking = types.filter((type) => !person.licenseTypes.includes(type));
  if (lacking.length === 0) return false;
  keepView(center, person, center.settings.shownAfterMinutes.licenseOn);
  const from = person.licenseTypes;
  const isNew = person.license === 'none';
  setHolding(center, person, isNew ? 'invited' : person.license, [...from, ...lacking]);
  person.formerTypes = person.formerTypes.filter((type) => !lacking.includes(type));
  const month = monthOf(center.now);
  center.assignments[month] = (center.assignments[month] ?? 0) + 1;
  if (isNew) {
    // A new license is made with the profile's present email.
    setLicenseEmail(center, person, person.profileEmail);
    person.activatedAt = null;
    person.joinLost = false;
    invite(center, person);
  }
  note(center, person, author, 'license-assigned', from.join(', '), person.licenseTypes.join(', '));
  closeGaps(center, person);
  return true;
}

function invite(center: AdminCenter, person: Person): void {
  person.inviteId = newInviteId(center);
  person.inviteCount += 1;
  person.invitedAt = center.now;
  const { acceptance } = center.settings;
  if (acceptance === null || random(center) * 100 >= acceptance.percent) return;
  const wrongProfile = random(center) * 100 < acceptance.wrongProfilePercent;
  addDue(center, {
    at: center.now + acceptance.afterHours * hourMs,
    what: 'accept',
    person: person.id,
    inviteId: person.inviteId,
    wrongProfile,
  });
}

/** Takes types away. The user stays, and a seat id stays with them; nobody without a license is onboarded or syncs. */
export function takeLicense(center: AdminCenter, person: Person, types: readonly string[], author: Author): boolean {
  const taken = person.licenseTypes.filter((type) => types.includes(type));
  const untyped = person.license !== 'none' && person.licenseTypes.length === 0;
  if (taken.length === 0 && !untyped) return false;
  keepView(center, person, center.settings.shownAfterMinutes.licenseOff);
  const rest = person.licenseTypes.filter((type) => !taken.includes(type));
  const from = person.licenseTypes;
  const isGone = rest.length === 0;
  setHolding(center, person, isGone ? 'none' : person.license, rest);
  person.formerTypes = [...new Set([...person.formerTypes, ...taken])];
  if (isGone) {
    person.onboarded = false;
    person.activatedAt = null;
    person.invitedAt = null;
    person.inviteId = '';
  }
  if (isGone || salesTypes(rest).length === 0) {
    person.crmMatch = null;
    person.crmSync = false;
  }
  note(center, person, author, 'license-removed', from.join(', '), rest.join(', '));
  openGap(center, person, taken);
  if (center.takesNextFree > 0) {
    center.takesNextFree -= 1;
    const type = taken[0] ?? center.settings.defaultType;
    center.takenByOthers[type] = (center.takenByOthers[type] ?? 0) + 1;
  }
  return true;
}

export function resendInvitation(center: AdminCenter, person: Person, author: Author): RefusalCode | null {
  if (person.license !== 'invited') return 'not-invited';
  person.inviteCount += 1;
  person.invitedAt = center.now;
  note(center, person, author, 'invitation-resent', '', person.inviteId);
  return null;
}

/** `wrongProfile`: with a LinkedIn profile that does not hold what the person saved before. An invitation of an earlier license is void. */
export function accept(
  center: AdminCenter,
  person: Person,
  { inviteId, wrongProfile = false }: { readonly inviteId?: string; readonly wrongProfile?: boolean } = {},
): RefusalCode | null {
  if (person.license !== 'invited' || (inviteId !== undefined && inviteId !== person.inviteId)) return 'not-invited';
  keepView(center, person, center.settings.shownAfterMinutes.other);
  setHolding(center, person, 'activated', person.licenseTypes);
  person.onboarded = true;
  person.activatedAt = center.now;
  person.lastAccess = center.now;
  if (person.seatId === '') person.seatId = newSeatId(center);
  const author: Author = { by: 'the-person', upload: null };
  note(center, person, author, 'activated', '', person.inviteId);
  if (wrongProfile) {
    person.duplicateProfile = true;
    note(center, person, author, 'duplicate-profile', '', 'true');
  }
  closeGaps(center, person);
  return null;
}

/** What the CRM job finds of somebody; null for those whose license cannot sync or is not activated (help a158016). */
export function verdictOn(
  center: AdminCenter,
  person: Person,
  emails: ReadonlySet<string> = new Set(center.crmEmails),
): Person['crmMatch'] {
  if (person.license !== 'activated' || !person.licenseTypes.some((type) => /advanced\s*(plus|\+)/i.test(type))) return null;
  return !person.joinLost && emails.has(emailKey(person.licenseEmail)) ? 'matched' : 'not-matched';
}

export function setCrmMatch(center: AdminCenter, person: Person, verdict: Person['crmMatch']): void {
  if (person.crmMatch === verdict) return;
  note(center, person, linkedIn, 'crm-match', person.crmMatch ?? '', verdict ?? '');
  person.crmMatch = verdict;
}

export function setCrmSync(center: AdminCenter, person: Person, on: boolean, author: Author): RefusalCode | null {
  if (person.license !== 'activated') return 'not-activated';
  if (person.crmSync === on) return null;
  keepView(center, person, center.settings.shownAfterMinutes.other);
  note(center, person, author, 'crm-sync', String(person.crmSync), String(on));
  person.crmSync = on;
  return null;
}

export interface Attributes {
  readonly uniqueUserId?: string;
  readonly givenName?: string;
  readonly familyName?: string;
  readonly groups?: readonly string[];
  readonly permission?: Person['permission'];
}

/** Sets what is given: groups replace all memberships, and a blank permission takes it away (help a7762565). */
export function setAttributes(center: AdminCenter, person: Person, given: Attributes, author: Author): boolean {
  const { uniqueUserId, givenName, familyName, groups, permission } = { ...person, ...given };
  const newId = uniqueUserId !== person.uniqueUserId;
  const newName = givenName !== person.givenName || familyName !== person.familyName;
  const newGroups = groups.join('\n') !== person.groups.join('\n');
  const newPermission = permission !== person.permission;
  if (!newId && !newName && !newGroups && !newPermission) return false;
  keepView(center, person, center.settings.shownAfterMinutes.other);
  if (newId) {
    note(center, person, author, 'unique-id', person.uniqueUserId, uniqueUserId);
    rename(center, person, { uniqueUserId });
  }
  if (newName) {
    note(center, person, author, 'name', `${person.givenName} ${person.familyName}`, `${givenName} ${familyName}`);
    Object.assign(person, { givenName, familyName });
  }
  if (newGroups) {
    note(center, person, author, 'groups', person.groups.join(', '), groups.join(', '));
    person.groups = [...groups];
  }
  if (newPermission) {
    note(center, person, author, 'permission', person.permission, permission);
    person.permission = permission;
  }
  return true;
}

export function addPerson(center: AdminCenter, given: NewPerson & { readonly source: Person['source'] }, author: Author): Person {
  const person = putPerson(center, given);
  note(center, person, author, 'added', '', person.profileEmail);
  return person;
}

export function removePerson(center: AdminCenter, person: Person, author: Author): void {
  if (person.license !== 'none') takeLicense(center, person, person.licenseTypes, author);
  takeOut(center, person);
  delete center.views[person.id];
  note(center, person, author, 'removed', person.profileEmail, '');
}

/** Says that a row changed somebody who was not meant. */
export const noteOverwritten = (center: AdminCenter, person: Person, meant: string, author: Author): void =>
  note(center, person, author, 'overwritten', person.profileEmail, meant);
