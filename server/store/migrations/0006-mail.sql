-- Mail is written in the transaction that has the reason for it, and sent by a job that goes with it.
create table mail (
  workspace_id uuid not null,
  contract_id uuid not null,
  mail_id uuid not null,
  -- the order of the outbox
  number bigint generated always as identity,
  kind text not null check (kind in ('alarm', 'alarm-ended', 'question', 'reminder', 'test')),
  recipient text not null,
  recipient_name text not null,
  subject text not null,
  -- plain paragraphs; the HTML part is made from them
  body text not null,
  -- {label, href}: the one link of the mail, a page of ours or an address
  action jsonb,
  -- the link is good for whoever has it: the row keeps it no longer than until the mail has left
  secret boolean not null default false,
  -- {planId, findingKey, rematchId, name}: what it is about
  ref jsonb not null,
  -- not held back by quiet hours
  urgent boolean not null,
  state text not null check (state in ('queued', 'sending', 'sent', 'captured', 'failed')),
  -- sendings begun
  attempts smallint not null default 0,
  -- sendings that were cut off, so that nobody knows whether the mail arrived
  cut_off smallint not null default 0,
  due_at timestamptz not null,
  -- given with the first sending and kept, so that a repeat is recognised as the same mail
  message_id text,
  -- with what links began when it left
  base_url text,
  -- why it was not sent yet, or never will be: one sentence
  fault text,
  created_at timestamptz not null default now(),
  settled_at timestamptz,
  primary key (workspace_id, mail_id),
  foreign key (workspace_id, contract_id) references contract
);
create index mail_by_number on mail (workspace_id, contract_id, number desc);
create index mail_to_send on mail (due_at) where state in ('queued', 'sending');

-- What nobody may overlook. Open while ended_at is null; one of a kind and subject at a time.
create table alarm (
  workspace_id uuid not null,
  contract_id uuid not null,
  alarm_id uuid not null,
  kind text not null,
  -- what it is about: the id of a rematch, a plan, a schedule
  subject text not null,
  level text not null check (level in ('red', 'orange')),
  -- "{since}" in it stands for the time below
  sentence text not null,
  -- the one action: what its button says, and the console's page that does it
  label text not null,
  href text not null,
  since timestamptz not null,
  raised_at timestamptz not null default now(),
  mailed_at timestamptz,
  ended_at timestamptz,
  primary key (workspace_id, alarm_id),
  foreign key (workspace_id, contract_id) references contract
);
create unique index alarm_open on alarm (workspace_id, contract_id, kind, subject) where ended_at is null;

-- A question to a person whose license will move. Of the token only its hash is kept.
create table question (
  workspace_id uuid not null,
  contract_id uuid not null,
  question_id uuid not null,
  rematch_id uuid not null,
  token_hash text not null unique,
  -- what the mail said, and therefore what the page behind its link may say
  name text not null,
  company text not null,
  move_on date not null,
  sent_to text not null,
  asked_at timestamptz not null default now(),
  expires_at timestamptz not null,
  answered_at timestamptz,
  answer text check (answer in ('confirmed', 'wrong-person', 'not-now')),
  -- the person, or the admin who answered for them
  answered_by text,
  reason text,
  primary key (workspace_id, question_id),
  foreign key (workspace_id, contract_id) references contract,
  foreign key (workspace_id, rematch_id) references rematch
);
create index question_of_rematch on question (workspace_id, rematch_id, asked_at desc);

grant select, insert, update, delete on mail, alarm, question to seatmatch_app;
