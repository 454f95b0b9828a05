-- A sealed plan and how far it is. `sealed` and `progress` are json, not jsonb: the seal is over the text's content, and both are read whole.
create table plan (
  workspace_id uuid not null,
  contract_id uuid not null,
  plan_id uuid not null,
  -- counts up within the contract: what people call it
  number integer not null,
  mode text not null check (mode in ('email-first', 'full')),
  state text not null check (state in ('draft', 'running', 'done', 'cancelled', 'expired')),
  paused boolean not null default false,
  -- {reconciliationId, rootCause, licenseIds, auto}: what it was made from
  origin jsonb not null,
  seal text not null,
  sealed json not null,
  progress json not null,
  version integer not null default 0,
  created_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  approved_by text,
  approved_at timestamptz,
  -- who carries the files, and who is asked when they do not
  assignee text,
  backup text,
  -- files are handed over by a configured delivery instead of a person
  delivered boolean not null default false,
  -- the sitting under way or agreed: {index, plannedFor, startedAt, startedBy}
  sitting json,
  due_at timestamptz,
  ended_at timestamptz,
  primary key (workspace_id, plan_id),
  unique (workspace_id, contract_id, number),
  foreign key (workspace_id, contract_id) references contract
);
create index plan_open on plan (workspace_id, contract_id) where state in ('draft', 'running');

-- One person of an approved plan. The step is a guard in the WHERE of every change.
create table rematch (
  workspace_id uuid not null,
  contract_id uuid not null,
  rematch_id uuid not null,
  plan_id uuid not null,
  license_id text not null,
  finding_key text collate "C" not null,
  name text not null,
  route text not null check (route in ('files', 'guided')),
  -- the person's state as core/rematch.ts keeps it; the columns below repeat what pages filter and wait by
  state json not null,
  step text not null,
  ended text,
  due_at timestamptz,
  -- not null from the moment a license may be off until it was seen back
  without_license_since timestamptz,
  version integer not null default 0,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (workspace_id, rematch_id),
  foreign key (workspace_id, contract_id) references contract,
  foreign key (workspace_id, plan_id) references plan
);
create unique index rematch_running on rematch (workspace_id, contract_id, license_id) where ended is null;
create index rematch_of_plan on rematch (workspace_id, plan_id, rematch_id);
create index rematch_due on rematch (due_at) where ended is null and due_at is not null;
create index rematch_without_license on rematch (workspace_id, contract_id) where without_license_since is not null;
create index rematch_of_finding on rematch (workspace_id, contract_id, finding_key);

-- What happened to one person, once each: a repeat after a crash meets its own row.
create table rematch_event (
  workspace_id uuid not null,
  rematch_id uuid not null,
  version integer not null,
  at timestamptz not null,
  actor text not null,
  step text not null,
  event text not null,
  detail jsonb not null default '{}',
  primary key (workspace_id, rematch_id, version),
  foreign key (workspace_id, rematch_id) references rematch
);

-- Files that were brought back to a plan, or came by delivery.
create table proof (
  workspace_id uuid not null,
  proof_id uuid not null,
  plan_id uuid not null,
  name text not null,
  kind text not null check (kind in ('result', 'export')),
  sha256 text not null,
  as_of timestamptz not null,
  brought_by text not null,
  brought_at timestamptz not null,
  outcome json not null,
  primary key (workspace_id, proof_id),
  foreign key (workspace_id, plan_id) references plan
);
create index proof_of_plan on proof (workspace_id, plan_id, brought_at desc);

grant select, insert, update, delete on plan, rematch, rematch_event, proof to seatmatch_app;
revoke update, delete on rematch_event from seatmatch_app;

-- While a repair runs, the present finding shows it: the columns that pages filter and sort by, and `repair` with the sentences. What the
-- comparison said stays in `body`, and `found_status` keeps the status that history is told by.
alter table finding add column repair json;
alter table finding add column found_status text;
