-- Whether the CRM side of a run looked like a sandbox: people are explained, nothing is planned from it.
alter table reconciliation add column sandbox boolean not null default false;
