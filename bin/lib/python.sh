# shellcheck shell=bash
# The Python environment: Odoo's pins, OCA addons, tools for tests.
# Sets PYTHON (the base interpreter) and VENV.

# Odoo 19 runs on 3.10 and later; the pins are tried up to 3.13.
usable_python() {
    "$1" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
}

has_venv() { "$1" -c 'import ensurepip, venv' 2>/dev/null; }

find_python() {
    local name seen=
    for name in "${CEMENT_PYTHON:-}" /usr/bin/python3 python3 \
        python3.12 python3.11 python3.13 python3.10; do
        [[ -n "$name" ]] && have "$name" || continue
        seen="$seen $name ($("$name" -V 2>&1))"
        usable_python "$name" || continue
        PYTHON="$(command -v "$name")"
        if has_venv "$PYTHON"; then return 0; fi
        FOUND_WITHOUT_VENV="$PYTHON"
    done
    FOUND_PYTHONS="$seen"
    return 1
}

use_python() {
    FOUND_WITHOUT_VENV=
    find_python && return
    if apt_install python3 python3-venv && find_python; then return; fi
    [[ -z "$FOUND_WITHOUT_VENV" ]] ||
        die "$FOUND_WITHOUT_VENV lacks the module venv: run 'apt-get install python3-venv' as root."
    die "no Python 3.10 to 3.13 (found:${FOUND_PYTHONS:- none}): install python3 and python3-venv, or set CEMENT_PYTHON."
}

use_venv() {
    local key
    key="$({
        cat "$CHECKOUT/requirements.txt"
        printf '%s %s %s' "$PYTHON" "$("$PYTHON" -V)" "$ODOO_DIST"
    } | short_hash)"
    VENV="$CACHE/venv-$key"
    export VENV
    [[ -f "$VENV/.ready" ]] || with_lock "venv-$key" build_venv
}

build_venv() {
    local dist
    [[ ! -f "$VENV/.ready" ]] || return 0
    need_disk 2000
    say "Python environment: $("$PYTHON" -V), packages from requirements.txt"
    rm -rf "$VENV"
    quietly "$PYTHON" -m venv "$VENV" || die "the virtual environment could not be made at $VENV."
    dist="$("$VENV/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"
    # After site-packages on the path: our pins win over what lies beside Odoo.
    printf '%s\n' "$ODOO_DIST" >"$dist/odoo.pth"
    # ofxparse and vobject come as sources and need setuptools with pkg_resources.
    pip_install 'setuptools<76' wheel
    pip_install -r <(grep -v '^odoo-addon-' "$CHECKOUT/requirements.txt")
    # The OCA addons name "odoo" as a dependency, which PyPI does not hold:
    # a git checkout in ODOO_HOME is not seen by pip, hence --no-deps.
    pip_install --no-deps -r <(grep '^odoo-addon-' "$CHECKOUT/requirements.txt")
    "$VENV/bin/python" -c 'import odoo.release, odoo.tools' ||
        die "Odoo does not import in $VENV."
    touch "$VENV/.ready"
}

pip_install() {
    local log="$STATE/log/setup.log" failed
    mkdir -p "${log%/*}"
    if ! "$VENV/bin/pip" install --no-input --prefer-binary --progress-bar off \
        --retries 3 "$@" >>"$log" 2>&1 </dev/null; then
        failed="$(grep -E '^ERROR' "$log" | tail -n 1)"
        die "pip could not install the packages (${failed:-no reason given}): no network? (log: $log)"
    fi
}

# Extra packages go into the same environment, once for each content of FILE.
use_extra() {
    local file="$CHECKOUT/$1" stamp
    stamp="$VENV/.ready-$(short_hash <"$file")"
    [[ -f "$stamp" ]] || with_lock "venv-extra" install_extra "$file" "$stamp"
}

install_extra() {
    [[ ! -f "$2" ]] || return 0
    say "Python environment: adding ${1##*/}"
    pip_install -r "$1"
    touch "$2"
}
