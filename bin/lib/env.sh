# shellcheck shell=bash
# The whole environment in one call. Warm, it costs a few stat calls.

LIB="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)"
# shellcheck source=bin/lib/common.sh
source "$LIB/common.sh"
# shellcheck source=bin/lib/python.sh
source "$LIB/python.sh"
# shellcheck source=bin/lib/odoo_root.sh
source "$LIB/odoo_root.sh"
# shellcheck source=bin/lib/postgres.sh
source "$LIB/postgres.sh"
# shellcheck source=bin/lib/pdf.sh
source "$LIB/pdf.sh"

use_environment() {
    mkdir -p "$STATE/log" 2>/dev/null && [[ -w "$STATE" ]] ||
        die "cannot write to $CACHE: set CEMENT_CACHE to a folder of yours."
    use_python
    use_odoo
    use_venv
    use_postgres
    use_pdf_path
    write_config
    export ODOO_RC="$STATE/odoo.conf"
    export LANG=C.UTF-8 PYTHONUNBUFFERED=1
}

# The development default (odoo.conf) plus what depends on this machine.
# Odoo resolves relative paths against the current folder, hence a copy.
write_config() {
    local target="$STATE/odoo.conf" tmp="$STATE/odoo.conf.$$"
    mkdir -p "$STATE/data"
    {
        sed '/^\[queue_job\]/,$d' "$CHECKOUT/odoo.conf"
        printf 'data_dir = %s\ndb_host = %s\ndb_port = %s\ndb_user = %s\n' \
            "$STATE/data" "$PGHOST" "$PGPORT" "$PGUSER"
        # Odoo refuses a path without any addon in it.
        if compgen -G "$CHECKOUT/addons/*/__manifest__.py" >/dev/null; then
            printf 'addons_path = %s\n' "$CHECKOUT/addons${CEMENT_EXTRA_ADDONS:+,$CEMENT_EXTRA_ADDONS}"
        elif [[ -n "${CEMENT_EXTRA_ADDONS:-}" ]]; then
            printf 'addons_path = %s\n' "$CEMENT_EXTRA_ADDONS"
        fi
        sed -n '/^\[queue_job\]/,$p' "$CHECKOUT/odoo.conf"
    } >"$tmp"
    if cmp -s "$tmp" "$target"; then rm "$tmp"; else mv "$tmp" "$target"; fi
}

odoo() { "$VENV/bin/python" -m odoo "$@"; }
