-- Every table carries its workspace. Times are timestamptz; texts that pages sort by compare by code point (collate "C"),
-- so that a keyset page means the same on every server.

create table workspace (
  workspace_id uuid primary key,
  name text not null,
  created_at timestamptz not null default now()
);

create table contract (
  workspace_id uuid not null references workspace,
  contract_id uuid not null unique,
  name text not null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, contract_id)
);

create table app_user (
  workspace_id uuid not null references workspace,
  user_id uuid not null,
  name text not null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, user_id)
);

-- One-time links and sessions keep a hash of their secret, never the secret.
create table sign_in_code (
  workspace_id uuid not null,
  code_hash text primary key,
  user_id uuid not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  foreign key (workspace_id, user_id) references app_user
);

create table session (
  workspace_id uuid not null,
  token_hash text primary key,
  user_id uuid not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  foreign key (workspace_id, user_id) references app_user
);

create table setting (
  workspace_id uuid not null,
  contract_id uuid not null,
  name text not null,
  value jsonb not null,
  changed_by text not null,
  changed_at timestamptz not null default now(),
  primary key (workspace_id, contract_id, name),
  foreign key (workspace_id, contract_id) references contract
);

create table upload (
  workspace_id uuid not null references workspace,
  upload_id uuid not null,
  name text not null,
  bytes bigint not null,
  modified_at timestamptz not null,
  -- what the person said about the columns: [{column, field}], null while only the headers speak
  mapping jsonb,
  recognition jsonb not null,
  uploaded_by text not null,
  uploaded_at timestamptz not null default now(),
  primary key (workspace_id, upload_id)
);

create table reconciliation (
  workspace_id uuid not null,
  reconciliation_id uuid not null,
  contract_id uuid not null,
  -- counts up within the contract in the order in which runs are saved; spans refer to it
  number integer not null,
  attempts integer not null default 0,
  state text not null check (state in ('queued', 'running', 'held', 'done', 'refused')),
  progress real not null default 0,
  phase text not null default '',
  question jsonb,
  refusal text,
  -- what was asked for: options, answers, settings of this run only
  request jsonb not null,
  licenses_upload uuid not null,
  crm_upload uuid not null,
  files jsonb not null,
  crm_name text not null,
  created_by text not null,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  as_of timestamptz,
  summary jsonb,
  proofs jsonb,
  rejects jsonb,
  warnings jsonb not null default '[]',
  changes jsonb,
  primary key (workspace_id, reconciliation_id),
  unique (workspace_id, contract_id, number),
  foreign key (workspace_id, contract_id) references contract,
  foreign key (workspace_id, licenses_upload) references upload (workspace_id, upload_id),
  foreign key (workspace_id, crm_upload) references upload (workspace_id, upload_id)
);

create table reject (
  workspace_id uuid not null,
  reconciliation_id uuid not null,
  side text not null check (side in ('licenses', 'crm')),
  line integer not null,
  field text,
  reason text not null,
  foreign key (workspace_id, reconciliation_id) references reconciliation on delete cascade
);
create index reject_of_reconciliation on reject (workspace_id, reconciliation_id, side, line);

-- Spans: one row says that a person's finding was the same from run `from_run` up to, not including, `to_run`.
-- Current means to_run is null. body and explanation are json, not jsonb: they are read whole, and keep what a source wrote.
create table finding (
  workspace_id uuid not null,
  contract_id uuid not null,
  key text collate "C" not null,
  from_run integer not null,
  to_run integer,
  digest text not null,
  since timestamptz not null,
  change text check (change in ('new', 'repaired', 'came-back')),
  status text not null,
  reason text not null,
  rank smallint not null,
  actor text not null,
  root_cause text,
  label text not null,
  next_step text not null,
  sort_name text collate "C" not null,
  sort_email text collate "C" not null,
  search text not null,
  license_id text,
  crm_user_id text,
  crm_email text,
  rule text,
  body json not null,
  explanation json not null,
  primary key (workspace_id, contract_id, key, from_run),
  foreign key (workspace_id, contract_id) references contract
);
create unique index finding_current on finding (workspace_id, contract_id, key) where to_run is null;
create index finding_by_rank on finding (workspace_id, contract_id, rank, key) where to_run is null;
create index finding_by_name on finding (workspace_id, contract_id, sort_name, key) where to_run is null;
create index finding_by_email on finding (workspace_id, contract_id, sort_email, key) where to_run is null;
create index finding_closed on finding (workspace_id, contract_id, to_run) where to_run is not null;

create table link (
  workspace_id uuid not null,
  contract_id uuid not null,
  link_id uuid not null,
  license_id text not null,
  crm_user_id text not null,
  note text,
  author text not null,
  created_at timestamptz not null default now(),
  ended_by text,
  ended_at timestamptz,
  primary key (workspace_id, link_id),
  foreign key (workspace_id, contract_id) references contract
);
create unique index link_current on link (workspace_id, contract_id, license_id) where ended_at is null;

create table exception (
  workspace_id uuid not null,
  contract_id uuid not null,
  exception_id uuid not null,
  license_id text not null,
  reason text not null,
  until date not null,
  author text not null,
  created_at timestamptz not null default now(),
  ended_by text,
  ended_at timestamptz,
  primary key (workspace_id, exception_id),
  foreign key (workspace_id, contract_id) references contract
);
create unique index exception_current on exception (workspace_id, contract_id, license_id) where ended_at is null;

create table observed_answer (
  workspace_id uuid not null,
  contract_id uuid not null,
  observed_answer_id uuid not null,
  license_id text not null,
  verdict text not null check (verdict in ('matched', 'not-matched')),
  observed_on date not null,
  author text not null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, observed_answer_id),
  foreign key (workspace_id, contract_id) references contract
);
create index observed_answer_of_license on observed_answer (workspace_id, contract_id, license_id, observed_on desc);

create table audit (
  workspace_id uuid not null references workspace,
  audit_id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  actor text not null,
  action text not null,
  subject text not null,
  detail jsonb not null default '{}'
);
create index audit_of_workspace on audit (workspace_id, audit_id);

create function refuse_change_of_audit() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log is append only';
end $$;
create trigger audit_append_only before update or delete or truncate on audit
  for each statement execute function refuse_change_of_audit();

-- The program connects as a plain role that owns nothing; the log can only grow.
grant select, insert, update, delete on all tables in schema public to seatmatch_app;
revoke update, delete on audit from seatmatch_app;
revoke insert, update, delete on schema_migration from seatmatch_app;
