-- A third way to LinkedIn: person by person over SCIM.
alter table rematch drop constraint rematch_route_check;
alter table rematch add constraint rematch_route_check check (route in ('files', 'scim', 'guided'));
