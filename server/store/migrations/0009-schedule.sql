-- The bytes of a file: one that lies in a watched folder is known again.
alter table upload add column sha256 text;
create index upload_of_bytes on upload (workspace_id, sha256) where sha256 is not null;

-- Comparisons that begin by themselves.
create table schedule (
  workspace_id uuid not null,
  contract_id uuid not null,
  schedule_id uuid not null,
  name text not null,
  cron text not null,
  time_zone text not null,
  -- {kind: 'folders', licenses, crm}, both below the server's directory of watched folders, or {kind: 'uploads'}
  sources jsonb not null,
  enabled boolean not null,
  max_age_days integer not null,
  catch_up_hours integer not null,
  grace_hours integer not null,
  -- a run may plan email changes by itself
  auto_repair boolean not null default false,
  -- due times up to here don't count: the schedule was made, changed or switched on then
  counts_from timestamptz not null,
  version integer not null default 0,
  created_by text not null,
  created_at timestamptz not null,
  changed_by text not null,
  changed_at timestamptz not null,
  primary key (workspace_id, schedule_id),
  foreign key (workspace_id, contract_id) references contract
);

-- Each due time once, however many processes tick: whoever inserts the row sends the job.
create table schedule_tick (
  workspace_id uuid not null,
  schedule_id uuid not null,
  due_at timestamptz not null,
  -- who asked for a run now; null: it was due
  asked_by text,
  outcome text not null check (outcome in ('sent', 'started', 'unchanged', 'refused', 'missed')),
  sentence text,
  -- due times before this one at which no server ran
  passed integer not null default 0,
  -- may be gone: the demo's runs are deleted
  reconciliation_id uuid,
  created_at timestamptz not null default now(),
  primary key (workspace_id, schedule_id, due_at),
  foreign key (workspace_id, schedule_id) references schedule on delete cascade
);

grant select, insert, update, delete on schedule, schedule_tick to seatmatch_app;
