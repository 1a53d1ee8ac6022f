#!/bin/sh
# Run once by the image of PostgreSQL: who owns the tables, and who works with them. Neither is a superuser, whom row security would not bind.
set -eu
psql -v ON_ERROR_STOP=1 -U postgres -v owner="$(cat /run/secrets/charter_owner)" -v app="$(cat /run/secrets/charter_app)" <<'SQL'
create role charter_owner login password :'owner';
create role charter_app login password :'app';
create database charter owner charter_owner;
SQL
