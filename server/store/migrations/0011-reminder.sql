-- Which reminders went out: each of its kind and day once, whoever sends it.
create table reminder (
  workspace_id uuid not null,
  contract_id uuid not null,
  -- what it is about: the id of a plan, of a rematch, the name of a file, a month
  subject text not null,
  kind text not null,
  day integer not null,
  sent_at timestamptz not null,
  primary key (workspace_id, contract_id, subject, kind, day),
  foreign key (workspace_id, contract_id) references contract
);
grant select, insert, update, delete on reminder to seatmatch_app;
