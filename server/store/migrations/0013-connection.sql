-- Live systems that are compared. What is secret is sealed with AES-256-GCM under a key that is not in the database, bound to the
-- workspace, the connection and the field: a sealed value that was copied to another row opens nowhere.
create table connection (
  workspace_id uuid not null,
  contract_id uuid not null,
  connection_id uuid not null,
  name text not null,
  type text not null,
  -- it stands in the configuration file, settings and secrets too; here is only what became of it
  from_file boolean not null default false,
  -- without what is secret
  settings jsonb not null default '{}',
  -- field, as auth.clientSecret → sealed text, base64
  secrets jsonb not null default '{}',
  -- which key sealed them; null where nothing is
  key_id text,
  -- the org, portal or tenant that answered the first good check: {id, name, isTest}. Another one is refused from then on
  origin jsonb,
  checked_at timestamptz,
  -- [{what, verdict, sentence}]
  check_lines jsonb,
  created_by text not null,
  created_at timestamptz not null default now(),
  changed_by text not null,
  changed_at timestamptz not null default now(),
  primary key (workspace_id, connection_id),
  unique (workspace_id, contract_id, name),
  foreign key (workspace_id, contract_id) references contract
);
grant select, insert, update, delete on connection to seatmatch_app;

-- Each side of a run is a file or a connection. No reference to the connection: the run stays when that is deleted.
alter table reconciliation
  alter column licenses_upload drop not null,
  alter column crm_upload drop not null,
  add column licenses_connection uuid,
  add column crm_connection uuid,
  -- the org that answered: {id, name, isTest}; null for a file
  add column crm_origin jsonb,
  add constraint reconciliation_licenses_from check ((licenses_upload is null) <> (licenses_connection is null)),
  add constraint reconciliation_crm_from check ((crm_upload is null) <> (crm_connection is null));

-- An admin was sent to a vendor to agree, and has not come back yet. Good once, for a while, for the session that it began in.
create table connection_sign_in (
  workspace_id uuid not null,
  contract_id uuid not null,
  -- of the state that comes back with the code only its hash is kept
  state_hash text not null,
  session_hash text not null,
  -- the connection that it changes, or is going to be
  connection_id uuid not null,
  is_new boolean not null,
  name text not null,
  type text not null,
  settings jsonb not null,
  -- sealed, the PKCE verifier among them
  secrets jsonb not null,
  redirect_uri text not null,
  expires_at timestamptz not null,
  primary key (workspace_id, state_hash),
  foreign key (workspace_id, contract_id) references contract
);
grant select, insert, update, delete on connection_sign_in to seatmatch_app;
