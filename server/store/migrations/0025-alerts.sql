-- Where alerts go beside the people who get alarms by mail. Who has the address of a webhook may post there, so it is sealed as secrets of
-- connections are, and so is what a signed webhook is signed with.
create table alert_channel (
  workspace_id uuid not null,
  contract_id uuid not null,
  channel_id uuid not null,
  kind text not null check (kind in ('email', 'slack', 'teams', 'webhook')),
  -- as people call it
  name text not null,
  -- an email address; of a webhook its host alone
  target text not null,
  sealed_url text,
  sealed_secret text,
  key_id text,
  created_by text not null,
  created_at timestamptz not null,
  primary key (workspace_id, channel_id),
  unique (workspace_id, contract_id, name),
  check ((kind = 'email') = (sealed_url is null)),
  check ((kind = 'webhook') = (sealed_secret is not null)),
  foreign key (workspace_id, contract_id) references contract
);
grant select, insert, update, delete on alert_channel to seatmatch_app;

-- An alert is an alarm that stands on its own page and cries on no other: level watch. It is over once what it says has been away for a while.
alter table alarm
  drop constraint alarm_level_check,
  add constraint alarm_level_check check (level in ('red', 'orange', 'watch')),
  add column gone_since timestamptz,
  -- how many it is about, and what it is measured by until it ends
  add column detail jsonb not null default '{}';
create index alarm_by_time on alarm (workspace_id, contract_id, raised_at desc);

-- An alert leaves through the outbox as all mail does. The channel may have been deleted since.
alter table mail
  drop constraint mail_channel_check,
  add constraint mail_channel_check check (channel in ('mail', 'chat', 'webhook')),
  add column alert_channel_id uuid,
  -- of which alarm it tells, and of a test which channel it tries
  add column alarm_id uuid;
create index mail_of_alerts on mail (workspace_id, contract_id, number desc) where alarm_id is not null or alert_channel_id is not null;
