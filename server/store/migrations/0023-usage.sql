-- Usage reports of Sales Navigator, one a period. A newer one of the same period takes the place of the one before, which comes back when
-- the newer one is undone.
create table usage_report (
  workspace_id uuid not null,
  contract_id uuid not null,
  report_id uuid not null,
  -- of the file
  name text not null,
  sha256 text not null,
  -- both days belong to the period
  from_day date not null,
  to_day date not null check (to_day >= from_day),
  -- the metrics that it has a column of: only of these a blank is somebody's
  metrics text[] not null,
  rows integer not null,
  -- rows that could not be used: {line, column, reason}
  rejects jsonb not null,
  note text,
  brought_by text not null,
  brought_at timestamptz not null,
  replaced_by uuid,
  undone_by text,
  undone_at timestamptz,
  primary key (workspace_id, report_id),
  foreign key (workspace_id, contract_id) references contract
);
create unique index usage_report_current on usage_report (workspace_id, contract_id, to_day, from_day)
  where replaced_by is null and undone_at is null;

-- What a report says of one person. Null is blank, and a blank is no zero: LinkedIn leaves people blank who have not finished onboarding.
create table usage_row (
  workspace_id uuid not null,
  report_id uuid not null,
  line integer not null,
  seat_id text not null,
  unique_user_id text not null,
  email text not null,
  name text not null,
  -- of the finding; null: nobody whom the newest license list has. Joined anew after each comparison.
  key text collate "C",
  use text not null check (use in ('active', 'inactive', 'unknown')),
  days_active integer,
  searches integer,
  profile_views integer,
  saved_leads integer,
  saved_accounts integer,
  inmail_sent integer,
  -- percent
  inmail_acceptance numeric(5, 2),
  messages integer,
  connections integer,
  smart_links_created integer,
  smart_links_viewed integer,
  primary key (workspace_id, report_id, line),
  foreign key (workspace_id, report_id) references usage_report on delete cascade
);
create index usage_row_of_person on usage_row (workspace_id, key, report_id) where key is not null;

grant select, insert, update, delete on usage_report, usage_row to seatmatch_app;

-- Who may read one feed, and nothing else, from outside: a tool that draws charts. Of the token only its hash is kept.
create table feed_token (
  workspace_id uuid not null,
  contract_id uuid not null,
  token_id uuid not null,
  feed text not null check (feed in ('people', 'usage')),
  -- what it is for, as people call it
  name text not null,
  token_hash text not null unique,
  created_by text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  last_used_at timestamptz,
  revoked_by text,
  revoked_at timestamptz,
  primary key (workspace_id, token_id),
  foreign key (workspace_id, contract_id) references contract
);
grant select, insert, update, delete on feed_token to seatmatch_app;

-- Views for tools that read SQL. Their columns are a promise: new ones come at the end, none changes its meaning. docs/reporting.md
create schema reporting;

create view reporting.people as
  select w.name as workspace, c.name as contract, f.key as person_key, f.status, f.reason, f.label as reason_label, f.next_step, f.actor,
    f.root_cause, f.since, f.license_id, f.body #>> '{license,name}' as license_name, f.body #>> '{license,email}' as license_email,
    f.crm_user_id, f.body #>> '{crmUser,name}' as crm_name, f.crm_email, coalesce(d.detail #>> '{crm,team}', '') as team,
    coalesce(d.detail #>> '{crm,manager}', '') as manager, d.detail #>> '{license,state}' as license_state,
    (d.detail #>> '{license,lastAccess}')::date as last_access, (d.detail #>> '{license,activatedOn}')::date as activated_on
  from public.finding f
  join public.workspace w on w.workspace_id = f.workspace_id
  join public.contract c on c.workspace_id = f.workspace_id and c.contract_id = f.contract_id
  left join public.person_detail d on d.workspace_id = f.workspace_id and d.contract_id = f.contract_id and d.key = f.key
  where f.to_run is null;

create view reporting.runs as
  select w.name as workspace, c.name as contract, r.number as run, r.as_of, r.finished_at, r.created_by,
    (r.summary ->> 'licenseHolders')::integer as license_holders, (r.summary ->> 'seatsThatSync')::integer as seats_that_sync,
    coalesce((r.summary #>> '{byStatus,matched}')::integer, 0) as matched,
    coalesce((r.summary #>> '{byStatus,not-matched}')::integer, 0) as not_matched,
    coalesce((r.summary #>> '{byStatus,cannot-sync}')::integer, 0) as cannot_sync,
    coalesce((r.summary #>> '{byStatus,no-license}')::integer, 0) as no_license
  from public.reconciliation r
  join public.workspace w on w.workspace_id = r.workspace_id
  join public.contract c on c.workspace_id = r.workspace_id and c.contract_id = r.contract_id
  where r.state = 'done';

-- A null is not known, and no zero: averages leave it out by themselves.
create view reporting.usage as
  select w.name as workspace, c.name as contract, r.from_day as period_from, r.to_day as period_to, u.key as person_key, u.name, u.email, u.use,
    f.status, f.reason, coalesce(d.detail #>> '{crm,team}', '') as team, coalesce(d.detail #>> '{crm,manager}', '') as manager, u.days_active,
    u.searches, u.profile_views, u.saved_leads, u.saved_accounts, u.inmail_sent, u.inmail_acceptance as inmail_acceptance_percent, u.messages as messages_sent,
    u.connections as unique_connections, u.smart_links_created, u.smart_links_viewed
  from public.usage_row u
  join public.usage_report r on r.workspace_id = u.workspace_id and r.report_id = u.report_id
  join public.workspace w on w.workspace_id = r.workspace_id
  join public.contract c on c.workspace_id = r.workspace_id and c.contract_id = r.contract_id
  left join public.finding f on f.workspace_id = r.workspace_id and f.contract_id = r.contract_id and f.key = u.key and f.to_run is null
  left join public.person_detail d on d.workspace_id = r.workspace_id and d.contract_id = r.contract_id and d.key = u.key
  where r.replaced_by is null and r.undone_at is null;

-- Reads these views and nothing else; nobody can sign in as it until an administrator of the database lets them. Roles belong to the whole
-- server: another database may have made it, and this connection may not be allowed to.
do $$
begin
  create role seatmatch_reporting nologin;
exception
  when duplicate_object or unique_violation then null;
  when insufficient_privilege then raise notice 'The role seatmatch_reporting was not made: docs/reporting.md says how an administrator makes it.';
end $$;
do $$
begin
  if exists (select from pg_roles where rolname = 'seatmatch_reporting') then
    grant usage on schema reporting to seatmatch_reporting;
    grant select on all tables in schema reporting to seatmatch_reporting;
  end if;
end $$;
