-- Several license contracts in one workspace. Each names the CRM that its CRM Sync is connected to: the kind is a setting as before, the
-- connection stands here. Contracts are archived, never deleted: their history stays.
alter table contract
  add column archived_at timestamptz,
  add column created_by text,
  -- null: nobody said, or it is compared from files
  add column crm_connection uuid,
  -- where its license holders are read from by default; null: from files
  add column licenses_connection uuid,
  add foreign key (workspace_id, crm_connection) references connection on delete set null (crm_connection),
  add foreign key (workspace_id, licenses_connection) references connection on delete set null (licenses_connection);
create unique index contract_by_name on contract (workspace_id, lower(name));

-- A file belongs to the contract for which it was brought.
alter table upload add column contract_id uuid;
update upload set contract_id = coalesce(
  (select contract_id from reconciliation r where r.workspace_id = upload.workspace_id and upload.upload_id in (licenses_upload, crm_upload) limit 1),
  (select contract_id from contract c where c.workspace_id = upload.workspace_id order by created_at, contract_id limit 1)
);
alter table upload alter column contract_id set not null, add foreign key (workspace_id, contract_id) references contract;

-- The company's directory: whose other addresses are whose. Kept for the contract until another one takes its place.
alter table contract
  add column directory_upload uuid,
  add foreign key (workspace_id, directory_upload) references upload on delete set null (directory_upload);

-- Whose pages need to look again; null: everybody's of the workspace.
alter table event add column contract_id uuid;
