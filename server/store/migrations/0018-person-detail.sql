-- What the newest lists say of a person beside what is compared: license state, groups, last access, team. It changes daily, so it is kept
-- for the newest comparison only and opens no span of a finding.
create table person_detail (
  workspace_id uuid not null,
  contract_id uuid not null,
  -- of the finding
  key text collate "C" not null,
  digest text not null,
  detail jsonb not null,
  primary key (workspace_id, contract_id, key),
  foreign key (workspace_id, contract_id) references contract
);
grant select, insert, update, delete on person_detail to seatmatch_app;
