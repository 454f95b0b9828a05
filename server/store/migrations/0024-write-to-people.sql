-- Who is invited although they never said that they added their work email to LinkedIn: an admin's decision, with its reason.
create table first_invitation_go_on (
  workspace_id uuid not null,
  contract_id uuid not null,
  crm_user_id text not null,
  reason text not null,
  author text not null,
  at timestamptz not null,
  primary key (workspace_id, contract_id, crm_user_id),
  foreign key (workspace_id, contract_id) references contract
);
grant select, insert, update, delete on first_invitation_go_on to seatmatch_app;

-- A message that was written to several people at once: each of them has a mail of their own in the outbox.
create table mailing (
  workspace_id uuid not null,
  contract_id uuid not null,
  mailing_id uuid not null,
  kind text not null check (kind in ('reminder', 'address', 'note')),
  subject text not null,
  -- whom it was for, in words
  audience text not null,
  -- who was left out: {key, name, sentence}
  left_out jsonb not null,
  author text not null,
  at timestamptz not null,
  stopped_by text,
  stopped_at timestamptz,
  primary key (workspace_id, mailing_id),
  foreign key (workspace_id, contract_id) references contract
);
create index mailing_of_contract on mailing (workspace_id, contract_id, at desc);

create table mailing_recipient (
  workspace_id uuid not null,
  contract_id uuid not null,
  mailing_id uuid not null,
  -- of the finding
  key text not null,
  mail_id uuid not null,
  at timestamptz not null,
  primary key (workspace_id, mailing_id, key),
  foreign key (workspace_id, mailing_id) references mailing on delete cascade
);
create index mailing_recipient_of_person on mailing_recipient (workspace_id, contract_id, key, at desc);
grant select, insert, update, delete on mailing, mailing_recipient to seatmatch_app;

alter table mail
  drop constraint mail_kind_check,
  add constraint mail_kind_check check (kind in ('alarm', 'alarm-ended', 'question', 'reminder', 'note', 'post', 'test'));
