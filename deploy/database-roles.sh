#!/usr/bin/env bash
# Makes the role that the server works as, beside the one that owns the tables. The image of PostgreSQL runs this
# once, when it sets the database up; 'aftalestyring migrate --serving-role' then gives the role its rights.
set -euo pipefail
: "${SERVER_PASSWORD:?the password of the role aftalestyring_serve}"

psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --set=password="$SERVER_PASSWORD" \
  --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" <<'SQL'
CREATE ROLE aftalestyring_serve LOGIN PASSWORD :'password';
SQL
