-- After a large run the program has the table counted and its visibility map made, without waiting for autovacuum: until then each
-- page of people costs ten times as much. PostgreSQL before 17 cannot grant this; there autovacuum does it within minutes.
do $$ begin
  if current_setting('server_version_num')::integer >= 170000 then
    execute 'grant maintain on finding to seatmatch_app';
  end if;
end $$;
