# shellcheck shell=bash
# The databases that tests run on.

# Several runs at once in one checkout each get a database of their own.
TEST_DB=
take_test_database() {
    local slot fd
    mkdir -p "$CACHE/locks"
    for slot in 1 2 3 4; do
        exec {fd}>"$CACHE/locks/test-$CHECKOUT_KEY-$slot.lock"
        if flock -n "$fd"; then
            TEST_DB="cement_test_$slot"
            LOCK_FDS+=("$fd")
            return
        fi
        exec {fd}>&-
    done
    die "four test runs are going on in this checkout: wait for one to end."
}

# Odoo's own runner is the gate: a fresh database, the whole suite, and not
# one warning. Only that proves manifests, data files and access lists.
gate() { # gate DATABASE LOG [odoo option...]
    local db="$1" log="$2" names rc=0
    shift 2
    names="$(suite)"
    use_template
    clone_database "$TEMPLATE" "$db"
    [[ -n "$names" ]] || return 0
    case " $* " in
        *' --with-demo '*)
            sql "$db" "UPDATE ir_module_module SET demo = true WHERE state = 'installed'"
            ;;
    esac
    odoo -d "$db" -i "$names" --stop-after-init --no-http --max-cron-threads=0 "$@" \
        >"$log" 2>&1 </dev/null || rc=$?
    if [[ $rc -ne 0 ]] || bad_lines "$log" | grep -q .; then
        bad_lines "$log" -A12 | tail -n 60 >&2
        return 1
    fi
}

# Warnings and worse, but for what Python says of Odoo's own use of its
# libraries: that is not ours to mend.
bad_lines() { # bad_lines LOG [grep option...]
    local log="$1"
    shift
    grep -vE "$NOT_OURS" "$log" | grep -E "$@" "$BAD_LOG_LINE" || true
}
NOT_OURS=' py\.warnings: [^ ]*/(dist|site)-packages/'
BAD_LOG_LINE='^[0-9-]+ [0-9:,]+ [0-9]+ (WARNING|ERROR|CRITICAL) '

# A narrowed run reuses the database and updates only what changed.
refresh_test_database() { # refresh_test_database NAMES(lines)
    local names="$1" changed new known
    use_template
    if [[ "$(marked "$TEST_DB" cement.dev.template)" != "$TEMPLATE" ]]; then
        clone_database "$TEMPLATE" "$TEST_DB"
        mark "$TEST_DB" cement.dev.template "$TEMPLATE"
    fi
    known="$(marked "$TEST_DB" cement.dev.hashes)"
    changed="$(addons changed <<<"$known" | grep -Fxf <(printf '%s\n' "$names") | paste -sd, - || true)"
    [[ -n "$changed" ]] || return 0
    new="$(comm -12 <(not_installed "$TEST_DB" | tr ',' '\n' | sort) <(sort <<<"$names") | paste -sd, -)"
    say "Test database $TEST_DB: updating $changed"
    quietly odoo -d "$TEST_DB" ${new:+-i "$new"} -u "$changed" --stop-after-init \
        --no-http --max-cron-threads=0 ||
        die "the addons do not install or update; 'bin/test --fresh ...' starts from a new database."
    mark "$TEST_DB" cement.dev.hashes "$(merge_hashes "$known" "$names")"
}

# Keep the known hashes, replace those of the addons just updated.
merge_hashes() {
    {
        addons hashes | awk 'NR == FNR {want[$1]; next} $1 in want' <(printf '%s\n' "$2") -
        printf '%s\n' "$1"
    } | awk 'NF && !seen[$1]++'
}
