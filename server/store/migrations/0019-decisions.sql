-- A link says when to look at it again, and keeps the two emails of the moment: one that moves later makes it doubtful.
alter table link add column review_on date, add column license_email text, add column crm_email text;

-- What somebody answered to "who uses this license?" other than with a person: nobody does, or ask again later. A person is a link.
create table identity_answer (
  workspace_id uuid not null,
  contract_id uuid not null,
  identity_answer_id uuid not null,
  license_id text not null,
  answer text not null check (answer in ('nobody', 'later')),
  reason text not null,
  -- when it is asked again
  review_on date,
  author text not null,
  created_at timestamptz not null default now(),
  ended_by text,
  ended_at timestamptz,
  primary key (workspace_id, identity_answer_id),
  foreign key (workspace_id, contract_id) references contract,
  check (answer <> 'later' or review_on is not null)
);
create unique index identity_answer_current on identity_answer (workspace_id, contract_id, license_id) where ended_at is null;
grant select, insert, update, delete on identity_answer to seatmatch_app;

-- Two days after somebody was activated it is asked whether they see their usual connections: one answer for each activation.
create table profile_answer (
  workspace_id uuid not null,
  contract_id uuid not null,
  license_id text not null,
  activated_on date not null,
  -- second: they use a new, empty profile
  answer text not null check (answer in ('usual', 'second')),
  author text not null,
  answered_at timestamptz not null default now(),
  primary key (workspace_id, contract_id, license_id, activated_on),
  foreign key (workspace_id, contract_id) references contract
);
grant select, insert, update, delete on profile_answer to seatmatch_app;
