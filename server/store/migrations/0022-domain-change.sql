-- A merger, or a new name: for some days both domains of the company are valid, and licenses follow in waves.
create table domain_change (
  workspace_id uuid not null,
  contract_id uuid not null,
  domain_change_id uuid not null,
  old_domain text not null,
  current_domain text not null,
  starts_on date not null,
  -- the last day on which both are valid
  ends_on date not null check (ends_on >= starts_on),
  per_wave integer not null check (per_wave > 0),
  -- how many people were where on the first day: the report compares with it
  started jsonb not null,
  author text not null,
  created_at timestamptz not null default now(),
  ended_by text,
  ended_at timestamptz,
  primary key (workspace_id, domain_change_id),
  foreign key (workspace_id, contract_id) references contract
);
create unique index domain_change_current on domain_change (workspace_id, contract_id, old_domain) where ended_at is null;
grant select, insert, update, delete on domain_change to seatmatch_app;
