-- What all openings of one connection have together, in whichever process: a vendor counts them as one. Nothing here is worth keeping longer than
-- the connection; without a row the vendor is asked anew.
create table connection_pace (
  workspace_id uuid not null,
  connection_id uuid not null,
  -- the access token, sealed, with what came along; null where there is none, or no key to seal it with
  access text,
  -- digest of the settings that it was given for: with others it is another one's
  access_for text,
  -- when the last requests began, as far back as the vendor's window reaches; oldest first
  begun timestamptz[] not null default '{}',
  -- nothing begins before: the vendor said so
  held_until timestamptz,
  primary key (workspace_id, connection_id),
  foreign key (workspace_id, connection_id) references connection on delete cascade
);
grant select, insert, update, delete on connection_pace to seatmatch_app;
