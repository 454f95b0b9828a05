import type { CrmInvitation, CrmInvitationsRead, InvitationsRead, KnownInvitation } from '../core/read-invitations.ts';
import type { LicenseKind, Permission } from '../core/status.ts';
import { type Queryable, type Scope, storable } from './database.ts';
import { notify } from './notify.ts';

export interface StoredInvitation {
  readonly id: string;
  readonly licenseId: string;
  readonly uniqueUserId: string;
  readonly email: string;
  readonly name: string;
  readonly crmUserId: string | null;
  readonly team: string;
  readonly manager: string;
  readonly managerEmail: string;
  readonly invitedAt: string | null;
  readonly times: number;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
  readonly since: string;
  readonly muted: { readonly by: string; readonly at: string } | null;
  readonly ended: { readonly how: 'activated' | 'gone'; readonly at: string } | null;
  /** A repair that gives their license back is under way: it reminds by itself. */
  readonly inRepair: boolean;
}

interface InvitationRow {
  invitation_id: string;
  license_id: string;
  unique_user_id: string;
  email: string;
  name: string;
  crm_user_id: string | null;
  team: string;
  manager: string;
  manager_email: string;
  invited_at: Date | null;
  times: number;
  first_seen_at: Date;
  last_seen_at: Date;
  since: Date;
  muted_by: string | null;
  muted_at: Date | null;
  ended: 'activated' | 'gone' | null;
  ended_at: Date | null;
  in_repair: boolean;
}

const columns = `i.*, exists (select from rematch r where r.workspace_id = i.workspace_id and r.contract_id = i.contract_id
  and r.license_id = i.license_id and r.ended is null) as in_repair`;

const toInvitation = (row: InvitationRow): StoredInvitation => ({
  id: row.invitation_id,
  licenseId: row.license_id,
  uniqueUserId: row.unique_user_id,
  email: row.email,
  name: row.name,
  crmUserId: row.crm_user_id,
  team: row.team,
  manager: row.manager,
  managerEmail: row.manager_email,
  invitedAt: row.invited_at?.toISOString() ?? null,
  times: row.times,
  firstSeenAt: row.first_seen_at.toISOString(),
  lastSeenAt: row.last_seen_at.toISOString(),
  since: row.since.toISOString(),
  muted: row.muted_by === null ? null : { by: row.muted_by, at: row.muted_at!.toISOString() },
  ended: row.ended === null ? null : { how: row.ended, at: row.ended_at!.toISOString() },
  inRepair: row.in_repair,
});

/** What the next list is told of the open ones, so that it finds the same people. */
export async function knownInvitations(db: Queryable, scope: Scope): Promise<KnownInvitation[]> {
  const { rows } = await db.query<{ id: string; uniqueUserId: string; email: string; crmUserId: string | null }>(
    `select invitation_id as id, unique_user_id as "uniqueUserId", email, crm_user_id as "crmUserId" from invitation
     where workspace_id = $1 and contract_id = $2 and ended is null`,
    [scope.workspaceId, scope.contractId],
  );
  return rows;
}

/** Keeps what a comparison showed, in its transaction. A list that is older than the newest one known says nothing new. */
export async function saveInvitations(
  db: Queryable,
  scope: Scope,
  run: { readonly id: string; readonly number: number; readonly asOf: string },
  { told, open, ended, groups }: InvitationsRead,
): Promise<void> {
  if (!told) return;
  const scoped = [scope.workspaceId, scope.contractId];
  const { rows: newer } = await db.query('select from activation where workspace_id = $1 and contract_id = $2 and as_of > $3 limit 1', [
    ...scoped,
    run.asOf,
  ]);
  if (newer.length > 0) return;
  await db.query(
    `update invitation i set license_id = n."licenseId", unique_user_id = n."uniqueUserId", email = n.email, name = n.name,
       crm_user_id = n."crmUserId", team = n.team, manager = n.manager, manager_email = n."managerEmail",
       times = i.times + case when n."invitedAt" > i.invited_at then 1 else 0 end,
       invited_at = coalesce(greatest(n."invitedAt", i.invited_at), i.invited_at),
       since = coalesce(greatest(n."invitedAt", i.invited_at), i.first_seen_at), last_seen_at = $3, search = lower(n.name || ' ' || n.email)
     from json_to_recordset($4::json) as n(of uuid, "licenseId" text, "uniqueUserId" text, email text, name text, "crmUserId" text, team text,
       manager text, "managerEmail" text, "invitedAt" timestamptz)
     where i.workspace_id = $1 and i.contract_id = $2 and i.invitation_id = n.of and i.ended is null and i.last_seen_at <= $3`,
    [...scoped, run.asOf, storable(JSON.stringify(open.filter(({ of }) => of !== null)))],
  );
  await db.query(
    `insert into invitation (workspace_id, contract_id, invitation_id, license_id, unique_user_id, email, name, crm_user_id, team, manager,
       manager_email, invited_at, first_seen_at, last_seen_at, since, search)
     select $1::uuid, $2::uuid, gen_random_uuid(), "licenseId", "uniqueUserId", email, name, "crmUserId", team, manager, "managerEmail",
       "invitedAt", $3::timestamptz, $3::timestamptz, coalesce("invitedAt", $3::timestamptz), lower(name || ' ' || email)
     from json_to_recordset($4::json) as n("licenseId" text, "uniqueUserId" text, email text, name text, "crmUserId" text, team text,
       manager text, "managerEmail" text, "invitedAt" timestamptz)`,
    [...scoped, run.asOf, storable(JSON.stringify(open.filter(({ of }) => of === null)))],
  );
  await db.query(
    `update invitation i set ended = n.how, ended_at = coalesce(n.at, $3::timestamptz)
     from json_to_recordset($4::json) as n(id uuid, how text, at timestamptz)
     where i.workspace_id = $1 and i.contract_id = $2 and i.invitation_id = n.id and i.ended is null and i.last_seen_at <= $3`,
    [...scoped, run.asOf, JSON.stringify(ended)],
  );
  await db.query(
    `insert into activation (workspace_id, contract_id, reconciliation_id, number, as_of, team, manager, invited, activated)
     select $1::uuid, $2::uuid, $3::uuid, $4::integer, $5::timestamptz, team, manager, invited, activated
     from json_to_recordset($6::json) as n(team text, manager text, invited integer, activated integer)
     on conflict (workspace_id, reconciliation_id, team, manager) do update set number = excluded.number, as_of = excluded.as_of,
       invited = excluded.invited, activated = excluded.activated`,
    [...scoped, run.id, run.number, run.asOf, storable(JSON.stringify(groups))],
  );
  await tellInvitations(db, scope);
}

/** Keeps who has not accepted a CRM's own invitation; whoever is in its list no more has. A CRM that is not read any more has none. */
export async function saveCrmInvitations(db: Queryable, scope: Scope, asOf: string, crms: readonly CrmInvitationsRead[]): Promise<void> {
  const scoped = [scope.workspaceId, scope.contractId];
  await db.query('delete from crm_invitation where workspace_id = $1 and contract_id = $2 and not (crm_name = any($3))', [
    ...scoped,
    crms.map(({ crmName }) => crmName),
  ]);
  for (const { crm, crmName, open } of crms) {
    await db.query(
      'delete from crm_invitation where workspace_id = $1 and contract_id = $2 and crm_name = $3 and not (crm_user_id = any($4))',
      [...scoped, crmName, open.map(({ crmUserId }) => crmUserId)],
    );
    if (open.length === 0) continue;
    await db.query(
      `insert into crm_invitation (workspace_id, contract_id, crm_name, crm, crm_user_id, name, email, active, created_at, first_seen_at,
         last_seen_at)
       select $1::uuid, $2::uuid, $3, $4, "crmUserId", name, email, active, "createdAt", $5::timestamptz, $5::timestamptz
       from json_to_recordset($6::json) as n("crmUserId" text, name text, email text, active boolean, "createdAt" timestamptz)
       on conflict (workspace_id, contract_id, crm_name, crm_user_id) do update set crm = excluded.crm, name = excluded.name,
         email = excluded.email, active = excluded.active, created_at = excluded.created_at, last_seen_at = excluded.last_seen_at`,
      [...scoped, crmName, crm, asOf, storable(JSON.stringify(open))],
    );
  }
}

export const tellInvitations = (db: Queryable, scope: Scope): Promise<void> =>
  notify(db, { workspace: scope.workspaceId, contract: scope.contractId, kind: 'invitation', id: scope.contractId });

/** Which open invitations. */
export interface InvitationFilter {
  readonly team?: string | undefined;
  readonly manager?: string | undefined;
  readonly search?: string | undefined;
  /** One of LinkedIn's groups. */
  readonly group?: string | undefined;
  readonly permission?: Permission | undefined;
  readonly kind?: LicenseKind | undefined;
  /** ISO 8601: invited at this moment or before. */
  readonly invitedBy?: string | undefined;
  /** ISO 8601: invited after it. */
  readonly invitedAfter?: string | undefined;
}

function whereOf(scope: Scope, filter: InvitationFilter): { readonly where: string; readonly values: unknown[] } {
  const values: unknown[] = [scope.workspaceId, scope.contractId];
  const where = ['i.workspace_id = $1 and i.contract_id = $2 and i.ended is null'];
  const add = (condition: (place: string) => string, value: unknown) => {
    if (value === undefined) return;
    values.push(value);
    where.push(condition(`$${values.length}`));
  };
  add((place) => `i.team = ${place}`, filter.team);
  add((place) => `i.manager = ${place}`, filter.manager);
  add((place) => `position(lower(${place}) in i.search) > 0`, filter.search);
  const detail = (condition: (place: string) => string) => (place: string) =>
    `exists (select from person_detail d where d.workspace_id = i.workspace_id and d.contract_id = i.contract_id
       and d.key = 'license:' || i.license_id and ${condition(place)})`;
  add(
    detail((place) => `d.detail #> '{license,groups}' ? ${place}`),
    filter.group === undefined ? undefined : storable(filter.group),
  );
  add(
    detail((place) => `d.detail #>> '{license,permission}' = ${place}`),
    filter.permission,
  );
  add(
    detail((place) => `d.detail #> '{license,kinds}' ? ${place}`),
    filter.kind,
  );
  add((place) => `i.since <= ${place}`, filter.invitedBy);
  add((place) => `i.since > ${place}`, filter.invitedAfter);
  return { where: where.join(' and '), values };
}

/** Open invitations, the oldest first; `after` is the row to go on from. */
export async function listInvitations(
  db: Queryable,
  scope: Scope,
  filter: InvitationFilter,
  page: { readonly after: { readonly since: string; readonly id: string } | null; readonly limit: number },
): Promise<StoredInvitation[]> {
  const { where, values } = whereOf(scope, filter);
  const n = values.length;
  const { rows } = await db.query<InvitationRow>(
    `select ${columns} from invitation i where ${where}
       and ($${n + 1}::timestamptz is null or (i.since, i.invitation_id) > ($${n + 1}, $${n + 2}::uuid))
     order by i.since, i.invitation_id limit $${n + 3}`,
    [...values, page.after?.since ?? null, page.after?.id ?? null, page.limit],
  );
  return rows.map(toInvitation);
}

export async function countInvitations(db: Queryable, scope: Scope, filter: InvitationFilter): Promise<number> {
  const { where, values } = whereOf(scope, filter);
  const { rows } = await db.query<{ count: number }>(`select count(*)::int as count from invitation i where ${where}`, values);
  return rows[0]!.count;
}

/** These, open or ended. */
export async function findInvitations(db: Queryable, scope: Scope, ids: readonly string[]): Promise<StoredInvitation[]> {
  const { rows } = await db.query<InvitationRow>(
    `select ${columns} from invitation i where i.workspace_id = $1 and i.contract_id = $2 and i.invitation_id = any($3)
     order by i.since, i.invitation_id`,
    [scope.workspaceId, scope.contractId, ids],
  );
  return rows.map(toInvitation);
}

/** The open invitation of each of these license ids. */
export async function openInvitationsOf(
  db: Queryable,
  scope: Scope,
  licenseIds: readonly string[],
): Promise<ReadonlyMap<string, StoredInvitation>> {
  const { rows } = await db.query<InvitationRow>(
    `select ${columns} from invitation i where i.workspace_id = $1 and i.contract_id = $2 and i.license_id = any($3) and i.ended is null
     order by i.since`,
    [scope.workspaceId, scope.contractId, licenseIds],
  );
  return new Map(rows.map((row) => [row.license_id, toInvitation(row)]));
}

/** The open one of a license holder; null: there is none. */
export async function openInvitationOf(db: Queryable, scope: Scope, licenseId: string): Promise<StoredInvitation | null> {
  return (await openInvitationsOf(db, scope, [licenseId])).get(licenseId) ?? null;
}

/** Teams and managers that have somebody invited or activated in the newest comparison that says so. */
export async function activationGroups(db: Queryable, scope: Scope): Promise<{ readonly teams: string[]; readonly managers: string[] }> {
  const { rows } = await db.query<{ team: string; manager: string }>(
    `select team, manager from activation where workspace_id = $1 and contract_id = $2
       and number = (select max(number) from activation where workspace_id = $1 and contract_id = $2)`,
    [scope.workspaceId, scope.contractId],
  );
  const distinct = (values: string[]) => [...new Set(values.filter((value) => value !== ''))].sort((a, b) => a.localeCompare(b));
  return { teams: distinct(rows.map(({ team }) => team)), managers: distinct(rows.map(({ manager }) => manager)) };
}

export interface ActivationPoint {
  readonly number: number;
  readonly reconciliationId: string;
  readonly asOf: string;
  readonly invited: number;
  readonly activated: number;
}

/** Invited and activated license holders of the last comparisons, the oldest first. */
export async function activationTrend(
  db: Queryable,
  scope: Scope,
  { team, manager }: Pick<InvitationFilter, 'team' | 'manager'>,
  limit: number,
): Promise<ActivationPoint[]> {
  const { rows } = await db.query<{ number: number; reconciliation_id: string; as_of: Date; invited: number; activated: number }>(
    `select number, reconciliation_id, as_of, coalesce(sum(invited) filter (where fits), 0)::int as invited,
       coalesce(sum(activated) filter (where fits), 0)::int as activated
     from (select *, ($3::text is null or team = $3) and ($4::text is null or manager = $4) as fits from activation
       where workspace_id = $1 and contract_id = $2) a
     group by number, reconciliation_id, as_of order by number desc limit $5`,
    [scope.workspaceId, scope.contractId, team ?? null, manager ?? null, limit],
  );
  return rows
    .map((row) => ({
      number: row.number,
      reconciliationId: row.reconciliation_id,
      asOf: row.as_of.toISOString(),
      invited: row.invited,
      activated: row.activated,
    }))
    .reverse();
}

/** Nobody writes to this person of an open invitation by themselves any more, or does again. False where it is not open. */
export async function muteInvitation(db: Queryable, scope: Scope, id: string, muted: { by: string; at: string } | null): Promise<boolean> {
  const { rowCount } = await db.query(
    `update invitation set muted_by = $4, muted_at = $5 where workspace_id = $1 and contract_id = $2 and invitation_id = $3 and ended is null`,
    [scope.workspaceId, scope.contractId, id, muted?.by ?? null, muted?.at ?? null],
  );
  return rowCount === 1;
}

export interface StoredCrmInvitation extends CrmInvitation {
  readonly crm: string;
  readonly crmName: string;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
  readonly reinvited: { readonly at: string; readonly by: string } | null;
}

export async function listCrmInvitations(db: Queryable, scope: Scope): Promise<StoredCrmInvitation[]> {
  const { rows } = await db.query<{
    crm: string;
    crm_name: string;
    crm_user_id: string;
    name: string;
    email: string;
    active: boolean;
    created_at: Date | null;
    first_seen_at: Date;
    last_seen_at: Date;
    reinvited_at: Date | null;
    reinvited_by: string | null;
  }>(
    `select * from crm_invitation where workspace_id = $1 and contract_id = $2
     order by crm_name, coalesce(created_at, first_seen_at), crm_user_id limit 2000`,
    [scope.workspaceId, scope.contractId],
  );
  return rows.map((row) => ({
    crm: row.crm,
    crmName: row.crm_name,
    crmUserId: row.crm_user_id,
    name: row.name,
    email: row.email,
    active: row.active,
    createdAt: row.created_at?.toISOString() ?? null,
    firstSeenAt: row.first_seen_at.toISOString(),
    lastSeenAt: row.last_seen_at.toISOString(),
    reinvited: row.reinvited_at === null ? null : { at: row.reinvited_at.toISOString(), by: row.reinvited_by! },
  }));
}

/** A person says that they re-invited these. Returns how many there were. */
export async function tickReinvited(
  db: Queryable,
  scope: Scope,
  crmName: string,
  crmUserIds: readonly string[],
  said: { by: string; at: string },
): Promise<number> {
  const { rowCount } = await db.query(
    `update crm_invitation set reinvited_by = $4, reinvited_at = $5
     where workspace_id = $1 and contract_id = $2 and crm_name = $6 and crm_user_id = any($3)`,
    [scope.workspaceId, scope.contractId, crmUserIds, said.by, said.at, crmName],
  );
  return rowCount ?? 0;
}
