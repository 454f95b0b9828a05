-- Whose employee number LinkedIn is to learn, offered after a run in which nobody was Not Matched. Read whole, so one value.
create table id_offer (
  workspace_id uuid not null,
  reconciliation_id uuid not null,
  -- [{licenseId, name, email, uniqueUserId}]
  people json not null,
  primary key (workspace_id, reconciliation_id),
  foreign key (workspace_id, reconciliation_id) references reconciliation on delete cascade
);
grant select, insert, update, delete on id_offer to seatmatch_app;
