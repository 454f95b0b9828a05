import { shownOwner } from './correlate.ts';
import { joinKeyOf } from './email.ts';
import { accountStates, licenseIdAt, type UserIndex, userIdAt, userStates } from './index-people.ts';
import { fieldIndex, textAt } from './people.ts';
import { readMoment } from './read-moment.ts';
import { invitations as answers, readInvitation, readSwitch, valueReader } from './read-values.ts';
import type { Reconciliation } from './reconcile.ts';

/** Somebody whose invitation LinkedIn shows as open. Texts are '' where neither side has them. */
export interface OpenInvitation {
  /** The open invitation that earlier lists know of the same person; null: it is new. */
  readonly of: string | null;
  readonly licenseId: string;
  readonly uniqueUserId: string;
  readonly email: string;
  readonly name: string;
  readonly crmUserId: string | null;
  /** The CRM's department, else LinkedIn's groups. */
  readonly team: string;
  readonly manager: string;
  readonly managerEmail: string;
  /** ISO 8601, the last one; null where the list has no such column, or nobody can read it. */
  readonly invitedAt: string | null;
}

/** What finds the same person again: a seat id is made only at activation, so their license id changes with it. */
export interface KnownInvitation {
  readonly id: string;
  readonly uniqueUserId: string;
  readonly email: string;
  readonly crmUserId: string | null;
}

/** Invitations in one comparison. */
export interface InvitationsRead {
  /** False: the list does not say who accepted. */
  readonly told: boolean;
  readonly open: readonly OpenInvitation[];
  /** Known ones that are open no more. */
  readonly ended: readonly { readonly id: string; readonly how: 'activated' | 'gone'; readonly at: string | null }[];
  /** License holders by team and manager. */
  readonly groups: readonly { readonly team: string; readonly manager: string; readonly invited: number; readonly activated: number }[];
}

/** An invitation to the CRM itself that nobody accepted. */
export interface CrmInvitation {
  readonly crmUserId: string;
  readonly name: string;
  readonly email: string;
  readonly active: boolean;
  /** ISO 8601: the vendor tells no other day than that on which the user was made. */
  readonly createdAt: string | null;
}

type Compared = Pick<Reconciliation, 'context' | 'holders'>;

/**
 * Who is invited and who has activated, and what became of the invitations known before.
 * @param proof `isComplete`: somebody who is not in the list is surely gone; `hasMost`: nobody said that people are missing, so that a rate says something
 */
export function readInvitations(
  { context, holders }: Compared,
  known: readonly KnownInvitation[],
  { isComplete, hasMost }: { readonly isComplete: boolean; readonly hasMost: boolean },
): InvitationsRead {
  const { accounts, users, accountIndex } = context.stage.sides;
  const { matches } = context.stage.comparison;
  const account = (row: number, field: Parameters<typeof fieldIndex<(typeof accounts.fields)[number]>>[1]) =>
    textAt(accounts, row, fieldIndex(accounts, field)).trim();
  const user = (row: number, field: Parameters<typeof fieldIndex<(typeof users.fields)[number]>>[1]) =>
    textAt(users, row, fieldIndex(users, field)).trim();
  const statusOf = valueReader(accounts, 'licenseStatus', readInvitation, answers.unsaid);
  const managerOf = managers(users);
  const find = finder(known);
  const open: OpenInvitation[] = [];
  const ended: InvitationsRead['ended'][number][] = [];
  const seen = new Set<string>();
  const groups = new Map<string, { team: string; manager: string; invited: number; activated: number }>();
  let told = false;
  for (const row of holders) {
    const status = statusOf(row);
    const owner = shownOwner(matches, row);
    const crmUserId = owner < 0 ? null : userIdAt(users, owner);
    const of = known.length === 0 ? null : find({ uniqueUserId: account(row, 'uniqueUserId'), email: account(row, 'email'), crmUserId });
    if (of !== null) seen.add(of);
    if (status === answers.unsaid) continue;
    told = true;
    const team = (owner < 0 ? '' : user(owner, 'department')) || account(row, 'groups');
    const manager = owner < 0 ? { name: '', email: '' } : managerOf(owner);
    const key = `${team}\0${manager.name}`;
    const group = groups.get(key) ?? { team, manager: manager.name, invited: 0, activated: 0 };
    groups.set(key, group);
    if (status === answers.accepted) {
      group.activated++;
      if (of !== null) ended.push({ id: of, how: 'activated', at: readMoment(account(row, 'activatedAt')) });
      continue;
    }
    group.invited++;
    open.push({
      of,
      licenseId: licenseIdAt(accounts, accountIndex, row),
      uniqueUserId: account(row, 'uniqueUserId'),
      email: account(row, 'email'),
      name: account(row, 'displayName') || `${account(row, 'givenName')} ${account(row, 'familyName')}`.trim() || account(row, 'email'),
      crmUserId,
      team,
      manager: manager.name,
      managerEmail: manager.email,
      invitedAt: readMoment(account(row, 'invitedAt')),
    });
  }
  if (isComplete && told) {
    // Whoever stands in the list without a license was not among the holders.
    for (let row = 0; row < accounts.count && known.length > 0; row++)
      if (accountIndex.state[row] === accountStates.without) {
        const of = find({ uniqueUserId: account(row, 'uniqueUserId'), email: account(row, 'email'), crmUserId: null });
        if (of !== null && !seen.has(of)) ended.push({ id: of, how: 'gone', at: null });
        if (of !== null) seen.add(of);
      }
    for (const { id } of known) if (!seen.has(id)) ended.push({ id, how: 'gone', at: null });
  }
  return { told, open, ended, groups: hasMost ? [...groups.values()] : [] };
}

type Users = Compared['context']['stage']['sides']['users'];

/** The manager of a CRM user by name and email: exports name them by id, by email or by name. A name that two have gives no email. */
function managers(users: Users): (row: number) => { readonly name: string; readonly email: string } {
  const column = fieldIndex(users, 'manager');
  if (column < 0) return () => ({ name: '', email: '' });
  const byWord = new Map<string, number>();
  const put = (word: string, row: number) => {
    const key = word.trim().toLowerCase();
    if (key !== '') byWord.set(key, byWord.has(key) && byWord.get(key) !== row ? -1 : row);
  };
  const nameOf = (row: number) => textAt(users, row, fieldIndex(users, 'displayName')).trim();
  const fullName = (row: number) =>
    nameOf(row) || `${textAt(users, row, fieldIndex(users, 'givenName'))} ${textAt(users, row, fieldIndex(users, 'familyName'))}`.trim();
  const emailOf = (row: number) => textAt(users, row, fieldIndex(users, 'email')).trim();
  let isRead = false;
  const read = () => {
    isRead = true;
    for (let row = 0; row < users.count; row++) {
      put(userIdAt(users, row), row);
      put(emailOf(row), row);
      put(fullName(row), row);
    }
  };
  return (row) => {
    const word = textAt(users, row, column).trim();
    if (word === '') return { name: '', email: '' };
    if (!isRead) read();
    const found = byWord.get(word.toLowerCase()) ?? -1;
    return found < 0 ? { name: word, email: word.includes('@') ? word : '' } : { name: fullName(found) || word, email: emailOf(found) };
  };
}

/** By the Unique User ID, else the email, else the CRM user. What two of them share finds nobody. */
function finder(known: readonly KnownInvitation[]) {
  const table = (keyOf: (one: KnownInvitation) => string) => {
    const ids = new Map<string, string | null>();
    for (const one of known) {
      const key = keyOf(one);
      if (key !== '') ids.set(key, ids.has(key) ? null : one.id);
    }
    return ids;
  };
  const byId = table((one) => joinKeyOf(one.uniqueUserId));
  const byEmail = table((one) => joinKeyOf(one.email));
  const byUser = table((one) => one.crmUserId ?? '');
  return ({ uniqueUserId, email, crmUserId }: Omit<KnownInvitation, 'id'>): string | null =>
    (uniqueUserId === '' ? null : byId.get(joinKeyOf(uniqueUserId))) ??
    byEmail.get(joinKeyOf(email)) ??
    (crmUserId === null ? null : byUser.get(crmUserId)) ??
    null;
}

/** Invitations to one CRM, of those that were read. */
export interface CrmInvitationsRead {
  /** As salesforce. */
  readonly crm: string;
  readonly crmName: string;
  readonly open: readonly CrmInvitation[];
}

/** CRM users who have not accepted the CRM's own invitation; none where the CRM does not say. */
export function readCrmInvitations(users: Users, userIndex: Pick<UserIndex, 'state'>): readonly CrmInvitation[] {
  if (fieldIndex(users, 'confirmed') < 0) return [];
  const confirmed = valueReader(users, 'confirmed', readSwitch, -1);
  const text = (row: number, field: Parameters<typeof fieldIndex<(typeof users.fields)[number]>>[1]) =>
    textAt(users, row, fieldIndex(users, field)).trim();
  const open: CrmInvitation[] = [];
  for (let row = 0; row < users.count; row++) {
    if (confirmed(row) !== 0 || userIndex.state[row] === userStates.leftOut) continue;
    open.push({
      crmUserId: userIdAt(users, row),
      name: text(row, 'displayName') || `${text(row, 'givenName')} ${text(row, 'familyName')}`.trim() || text(row, 'email'),
      email: text(row, 'email'),
      active: userIndex.state[row] === userStates.active,
      createdAt: readMoment(text(row, 'createdAt')),
    });
  }
  return open;
}
