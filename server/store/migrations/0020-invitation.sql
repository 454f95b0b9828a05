-- Invitations to Sales Navigator that LinkedIn showed as open. One row from the list that first showed it to the one that shows what became
-- of it; sent again is the same row. A person has one at a time.
create table invitation (
  workspace_id uuid not null,
  contract_id uuid not null,
  invitation_id uuid not null,
  -- as the newest list has them: the seat id, and so the license id, is made at activation
  license_id text not null,
  unique_user_id text not null,
  email text not null,
  name text not null,
  crm_user_id text,
  team text not null,
  manager text not null,
  manager_email text not null,
  -- the last one that LinkedIn sent, where its list has that column
  invited_at timestamptz,
  -- invitations known to have gone out
  times integer not null default 1,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  -- what ages, and what pages are sorted by: the last invitation, or when it was first seen
  since timestamptz not null,
  search text not null,
  -- a person said that nobody is to write to them
  muted_by text,
  muted_at timestamptz,
  ended text check (ended in ('activated', 'gone')),
  ended_at timestamptz,
  primary key (workspace_id, invitation_id),
  foreign key (workspace_id, contract_id) references contract
);
create index invitation_open on invitation (workspace_id, contract_id, since, invitation_id) where ended is null;
create index invitation_ended on invitation (workspace_id, contract_id, ended_at) where ended is not null;

-- License holders by team and manager in each comparison: activation rates and their trend.
create table activation (
  workspace_id uuid not null,
  contract_id uuid not null,
  reconciliation_id uuid not null,
  number integer not null,
  as_of timestamptz not null,
  team text not null,
  manager text not null,
  invited integer not null,
  activated integer not null,
  primary key (workspace_id, reconciliation_id, team, manager),
  foreign key (workspace_id, reconciliation_id) references reconciliation on delete cascade
);
create index activation_of_contract on activation (workspace_id, contract_id, number);

-- Invitations to the CRM itself that nobody accepted: such users cannot match yet.
create table crm_invitation (
  workspace_id uuid not null,
  contract_id uuid not null,
  -- as people call it; a company may have several
  crm_name text not null,
  -- as zoho: which steps invite again
  crm text not null,
  crm_user_id text not null,
  name text not null,
  email text not null,
  active boolean not null,
  created_at timestamptz,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  -- a person's tick; only a list that shows them confirmed ends it
  reinvited_at timestamptz,
  reinvited_by text,
  primary key (workspace_id, contract_id, crm_name, crm_user_id),
  foreign key (workspace_id, contract_id) references contract
);

grant select, insert, update, delete on invitation, activation, crm_invitation to seatmatch_app;

-- Invitations that an admin sends once more by hand, together: Admin Center has no API for it. A tick guides; what closes it is a list.
create table invitation_batch (
  workspace_id uuid not null,
  contract_id uuid not null,
  batch_id uuid not null,
  way text not null check (way in ('user-queue', 'quick-actions', 'single', 'copy-link')),
  -- everybody who was Invited: one box in Admin Center ticks them
  everybody boolean not null,
  made_by text not null,
  made_at timestamptz not null,
  -- step → {by, at}
  ticks jsonb not null default '{}',
  -- all steps are ticked: a person says that it was carried out
  done_at timestamptz,
  state text not null default 'open' check (state in ('open', 'closed', 'discarded')),
  closed_at timestamptz,
  primary key (workspace_id, batch_id),
  foreign key (workspace_id, contract_id) references contract
);
create index invitation_batch_of_contract on invitation_batch (workspace_id, contract_id, made_at desc);

create table invitation_batch_person (
  workspace_id uuid not null,
  batch_id uuid not null,
  invitation_id uuid not null,
  invited_before timestamptz,
  primary key (workspace_id, batch_id, invitation_id),
  foreign key (workspace_id, batch_id) references invitation_batch on delete cascade,
  foreign key (workspace_id, invitation_id) references invitation on delete cascade
);
create index invitation_batch_of_person on invitation_batch_person (workspace_id, invitation_id);

grant select, insert, update, delete on invitation_batch, invitation_batch_person to seatmatch_app;

-- What was written to people of open invitations: each once by its number. A post to a chat names several people.
create table invitation_reminder (
  workspace_id uuid not null,
  contract_id uuid not null,
  invitation_id uuid not null,
  number integer not null,
  mail_id uuid not null,
  by text not null,
  sent_at timestamptz not null,
  primary key (workspace_id, invitation_id, number),
  foreign key (workspace_id, invitation_id) references invitation on delete cascade
);

-- "Add your work email to your LinkedIn account first", asked before a first invitation. Of the token only its hash is kept.
create table address_question (
  workspace_id uuid not null,
  contract_id uuid not null,
  question_id uuid not null,
  crm_user_id text not null,
  name text not null,
  sent_to text not null,
  token_hash text not null unique,
  asked_by text not null,
  asked_at timestamptz not null,
  expires_at timestamptz not null,
  answer text check (answer in ('added', 'no-account', 'wrong-person')),
  answered_at timestamptz,
  -- the person, or the admin who answered for them
  answered_by text,
  primary key (workspace_id, question_id),
  foreign key (workspace_id, contract_id) references contract
);
create index address_question_of_person on address_question (workspace_id, contract_id, crm_user_id, asked_at desc);

grant select, insert, update, delete on invitation_reminder, address_question to seatmatch_app;

-- The team's chat, where invitations may be spoken of: one incoming webhook. Who has its address may post, so it is sealed as secrets of
-- connections are.
create table chat_webhook (
  workspace_id uuid not null,
  contract_id uuid not null,
  kind text not null check (kind in ('slack', 'teams')),
  -- the channel, as people call it
  label text not null,
  -- of the address, to be told apart
  host text not null,
  sealed_url text not null,
  key_id text not null,
  created_by text not null,
  created_at timestamptz not null,
  primary key (workspace_id, contract_id),
  foreign key (workspace_id, contract_id) references contract
);
grant select, insert, update, delete on chat_webhook to seatmatch_app;

-- A post to the chat goes through the outbox as mail does; its recipient is the channel.
alter table mail
  drop constraint mail_kind_check,
  add constraint mail_kind_check check (kind in ('alarm', 'alarm-ended', 'question', 'reminder', 'post', 'test')),
  add column channel text not null default 'mail' check (channel in ('mail', 'chat'));
