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
