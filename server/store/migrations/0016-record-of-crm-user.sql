-- A record of the CRM asks for its person. Salesforce writes one id with 15 or with 18 characters; the first 15 name it.
create index finding_by_crm_user on finding (workspace_id, contract_id, left(crm_user_id, 15)) where to_run is null and crm_user_id is not null;
