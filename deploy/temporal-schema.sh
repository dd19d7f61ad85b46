#!/bin/sh
# Makes Temporal's two databases and brings their tables up to this version; done already, it changes nothing.
# The tool reads where and who from SQL_HOST, SQL_USER and their like.
set -eu

for database in temporal temporal_visibility; do
    temporal-sql-tool --db "$database" create
    temporal-sql-tool --db "$database" setup-schema -v 0.0
    temporal-sql-tool --db "$database" update-schema \
        -d "/etc/temporal/schema/postgresql/v12/${database#temporal_}/versioned"
done
