-- Who stood in LinkedIn's list of a run without a license: their addresses are taken all the same. Read whole, so one value;
-- a table of its own keeps it out of the lists of runs.
create table without_license (
  workspace_id uuid not null,
  reconciliation_id uuid not null,
  -- [{id, email, uniqueUserId}]
  people json not null,
  primary key (workspace_id, reconciliation_id),
  foreign key (workspace_id, reconciliation_id) references reconciliation on delete cascade
);
grant select, insert, update, delete on without_license to seatmatch_app;

-- What is read whole lies beside the table, so that counting and searching a hundred thousand people reads their short columns only.
alter table finding set (toast_tuple_target = 512);
