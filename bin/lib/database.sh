# shellcheck shell=bash
# Databases: a template with everything the suite depends on, and clones of
# it. A clone takes a second where a new database takes a minute.

addons() { "$PYTHON" "$LIB/addons.py" "$@"; }

suite() { addons list | paste -sd, -; }

sql() { # sql DATABASE STATEMENT
    psql -d "$1" -AtqX -v ON_ERROR_STOP=1 -c "$2"
}

database_exists() {
    [[ "$(sql postgres "SELECT 1 FROM pg_database WHERE datname = '$1'")" == 1 ]]
}

# A marker inside the database itself: whether it is complete, and of what.
mark() { # mark DATABASE KEY VALUE
    sql "$1" "INSERT INTO ir_config_parameter (key, value) VALUES ('$2', '$3')
        ON CONFLICT (key) DO UPDATE SET value = excluded.value"
}

marked() { # marked DATABASE KEY
    sql "$1" "SELECT value FROM ir_config_parameter WHERE key = '$2'" 2>/dev/null || true
}

drop_database() {
    sql postgres "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = '$1'" >/dev/null
    dropdb --if-exists "$1" 2>/dev/null
    rm -rf "$STATE/data/filestore/$1"
}

clone_database() { # clone_database FROM TO
    drop_database "$2"
    # Clones of the same template at the same moment get in each other's way.
    with_lock "clone-$CHECKOUT_KEY" createdb -T "$1" "$2"
    if [[ -d "$STATE/data/filestore/$1" ]]; then
        cp -a --reflink=auto "$STATE/data/filestore/$1" "$STATE/data/filestore/$2"
    fi
}

rename_database() { # rename_database FROM TO
    drop_database "$2"
    sql postgres "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = '$1'" >/dev/null
    sql postgres "ALTER DATABASE \"$1\" RENAME TO \"$2\""
    if [[ -d "$STATE/data/filestore/$1" ]]; then
        mv "$STATE/data/filestore/$1" "$STATE/data/filestore/$2"
    fi
}

# The first is the one a new database speaks: tests, Odoo's own too, expect
# English; the demo is turned to Russian (demo_db.sh).
LANGUAGES=en_US,ru_RU

# Sets TEMPLATE. Its name changes with what the suite depends on.
use_template() {
    local depends
    depends="$(addons external | paste -sd, -)"
    TEMPLATE="cement_tpl_$(printf '%s %s %s' "$depends" "$VENV" "$LANGUAGES" | short_hash)"
    if database_exists "$TEMPLATE"; then return; fi
    with_lock "$TEMPLATE-$CHECKOUT_KEY" build_template "$depends"
}

build_template() {
    local depends="$1" tmp="${TEMPLATE}_new"
    if database_exists "$TEMPLATE"; then return 0; fi
    say "Template database: installing what the suite depends on (about a minute, once)"
    drop_database "$tmp"
    quietly odoo -d "$tmp" -i "$depends" --load-language="$LANGUAGES" --stop-after-init \
        --no-http --max-cron-threads=0 || die "the template database could not be made."
    if [[ "$(sql "$tmp" "SELECT count(*) FROM ir_module_module
            WHERE state = 'installed' AND name = 'sale_stock'")" != 1 ]]; then
        die "the template database is not complete (log: $STATE/log/setup.log)."
    fi
    rename_database "$tmp" "$TEMPLATE"
    sql postgres CHECKPOINT 2>/dev/null || true # every clone reads it from disk
    drop_old_templates
}

# Manifests change often while the suite grows; keep the newest few.
drop_old_templates() {
    local name
    while read -r name; do
        dropdb --if-exists "$name" 2>/dev/null || true
        rm -rf "$STATE/data/filestore/$name"
    done < <(sql postgres "SELECT datname FROM pg_database
        WHERE datname LIKE 'cement_tpl_%' AND datname NOT LIKE '%_new'
        ORDER BY oid DESC OFFSET 3")
}

# A database DB with ADDONS (comma separated) on a clone of the template.
new_database() { # new_database DB ADDONS [odoo option...]
    local db="$1" names="$2"
    shift 2
    use_template
    clone_database "$TEMPLATE" "$db"
    [[ -n "$names" ]] || return 0
    odoo -d "$db" -i "$names" --stop-after-init --no-http --max-cron-threads=0 "$@"
}
