-- Salesforce orgs whose panel may ask: a pair of tokens each, one that may act and one that may only read. Whose permission lets whom use
-- which is decided in the org. Of a token only its hash is kept; what was taken back stays, for the record.
create table panel_token (
  workspace_id uuid not null,
  contract_id uuid not null,
  -- of the pair
  access_id uuid not null,
  role text not null check (role in ('read', 'act')),
  -- 18 characters: a sandbox that was refreshed from production carries the same token, and is another org
  org_id text not null check (org_id ~ '^00D[0-9A-Za-z]{15}$'),
  token_hash text not null,
  created_by text not null,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_by text,
  revoked_at timestamptz,
  primary key (workspace_id, access_id, role),
  unique (workspace_id, token_hash),
  foreign key (workspace_id, contract_id) references contract
);
grant select, insert, update on panel_token to seatmatch_app;
