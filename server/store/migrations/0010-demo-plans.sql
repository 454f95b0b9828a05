-- When somebody's own people take the place of the demo's, the plans of the demo go with them. The app may not delete the lines of a
-- person's history by themselves: they go with their rematch alone. What was done stays in the audit log.
alter table rematch drop constraint rematch_workspace_id_plan_id_fkey,
  add foreign key (workspace_id, plan_id) references plan on delete cascade;
alter table rematch_event drop constraint rematch_event_workspace_id_rematch_id_fkey,
  add foreign key (workspace_id, rematch_id) references rematch on delete cascade;
alter table proof drop constraint proof_workspace_id_plan_id_fkey,
  add foreign key (workspace_id, plan_id) references plan on delete cascade;
