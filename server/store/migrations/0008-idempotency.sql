-- Answers of requests that carried an Idempotency-Key, for a day: whoever repeats the request gets the answer again.
create table idempotency_key (
  workspace_id uuid not null references workspace,
  key text not null,
  -- hash of what was asked, and by whom
  fingerprint text not null,
  -- null while the request runs, and for good where the process ended in the middle of it
  status smallint,
  -- the body, as it was sent
  response text,
  created_at timestamptz not null default now(),
  primary key (workspace_id, key)
);
create index idempotency_key_by_age on idempotency_key (created_at);

grant select, insert, update, delete on idempotency_key to seatmatch_app;
