-- Run once by the container of PostgreSQL, when the database is made: the role the program works as. Migrations grant it what it needs.
\set password `cat /run/secrets/app_password`
create role seatmatch_app login password :'password';
