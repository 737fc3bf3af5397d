# shellcheck shell=bash
# The database that people look at: cement_demo.

DEMO_DB=cement_demo

# It is built under another name and renamed when complete: whatever
# interrupts the building, "cement_demo" is either whole or absent.
build_demo() {
    local tmp="${DEMO_DB}_new"
    use_template
    say "Demo database: installing the suite with demo data"
    clone_database "$TEMPLATE" "$tmp"
    speak_russian "$tmp" # so that what the demo data creates is in Russian
    install_with_demo "$tmp" "$(suite)"
    speak_russian "$tmp"
    mark "$tmp" cement.dev.hashes "$(addons hashes)"
    rename_database "$tmp" "$DEMO_DB"
}

# Odoo loads an addon's demo data only where the addons below it have
# theirs. The suite's demo tells its own story and does not need core's
# furniture sellers, so core is only said to have it.
install_with_demo() {
    local db="$1" names="$2" log="$STATE/log/setup.log" before
    [[ -n "$names" ]] || { warn "there is no addon to install yet"; return 0; }
    sql "$db" "UPDATE ir_module_module SET demo = true WHERE state = 'installed'"
    before="$(wc -l <"$log")"
    quietly odoo -d "$db" -i "$names" --with-demo --stop-after-init --no-http \
        --max-cron-threads=0 || die "the suite does not install with demo data."
    sql "$db" "UPDATE ir_module_module SET demo = false
        WHERE name NOT LIKE 'cement\_%' AND demo"
    # Odoo only logs a warning and goes on without the demo data.
    if tail -n "+$((before + 1))" "$log" | grep -A40 'demo data failed to install' >&2; then
        die "the demo data does not load (whole log: $log)."
    fi
}

speak_russian() {
    sql "$1" "UPDATE ir_default SET json_value = '\"ru_RU\"' WHERE field_id IN
        (SELECT id FROM ir_model_fields WHERE model = 'res.partner' AND name = 'lang')"
    sql "$1" "UPDATE res_partner SET lang = 'ru_RU' WHERE lang IS NULL OR lang = 'en_US'"
    sql "$1" "UPDATE res_partner SET tz = 'Europe/Moscow'
        WHERE tz IS NULL AND id IN (SELECT partner_id FROM res_users)"
}

# New code since the last start: update what changed, keep what people did.
update_demo() {
    local changed new
    changed="$(marked "$DEMO_DB" cement.dev.hashes | addons changed | paste -sd, -)"
    [[ -n "$changed" ]] || return 0
    say "Demo database: updating $changed"
    new="$(not_installed "$DEMO_DB")"
    [[ -z "$new" ]] || install_with_demo "$DEMO_DB" "$new"
    quietly odoo -d "$DEMO_DB" -u "$changed" --stop-after-init --no-http \
        --max-cron-threads=0 || die "the update failed; 'bin/demo --fresh' builds the database anew."
    mark "$DEMO_DB" cement.dev.hashes "$(addons hashes)"
}

not_installed() { # not_installed DATABASE [names on stdin]
    comm -23 <(addons list | sort) \
        <(sql "$1" "SELECT name FROM ir_module_module WHERE state = 'installed'" | LC_ALL=C sort) |
        paste -sd, -
}

use_demo_database() { # use_demo_database [fresh]
    with_lock "demo-$CHECKOUT_KEY" use_demo_database_locked "$@"
}

demo_is_complete() {
    database_exists "$DEMO_DB" && [[ -n "$(marked "$DEMO_DB" cement.dev.hashes)" ]]
}

use_demo_database_locked() {
    if [[ "${1:-}" == fresh ]] || ! demo_is_complete; then
        build_demo
    else
        update_demo
    fi
}

# "role login password", a line each; the demo data of the suite holds them.
print_logins() {
    local lines
    lines="$(marked "$DEMO_DB" cement.demo.logins | tr '\t' ' ' | sed '/^ *$/d')"
    [[ -z "$lines" ]] || printf '%s\n' "$lines"
    grep -q ' admin ' <<<"$lines" || printf 'administrator admin admin\n'
}
