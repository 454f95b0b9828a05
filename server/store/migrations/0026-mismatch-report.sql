-- Up to which comparison a reader has looked at the mismatch report: what is new to them counts from there.
create table report_review (
  workspace_id uuid not null,
  contract_id uuid not null,
  actor text not null,
  -- number of the comparison
  run integer not null,
  at timestamptz not null,
  primary key (workspace_id, contract_id, actor),
  foreign key (workspace_id, contract_id) references contract
);
grant select, insert, update, delete on report_review to seatmatch_app;
