# shellcheck shell=bash
# What every command shares: where things live, how to speak, how to wait.
# Sourced by bin/*; the callers set "set -euo pipefail" themselves.

CHECKOUT="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)"
export CHECKOUT
umask 022 # PostgreSQL may run as another user and must be able to read

# Everything that is downloaded or built lives outside the checkout, so that
# a fresh clone on the same machine starts warm and git stays clean.
cache_root() {
    if [[ -n "${CEMENT_CACHE:-}" ]]; then
        printf '%s\n' "$CEMENT_CACHE"
    elif [[ $EUID -eq 0 ]]; then
        printf '/var/cache/cement-portal\n'
    else
        printf '%s/cement-portal\n' "${XDG_CACHE_HOME:-$HOME/.cache}"
    fi
}

# Progress goes to stderr: "bin/odoo shell < script" keeps a clean stdout.
say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
note() { printf '    %s\n' "$*" >&2; }
warn() { printf '\033[33m!!\033[0m  %s\n' "$*" >&2; }
die() {
    printf '\033[31mError:\033[0m %s\n' "$*" >&2
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# Short, stable key of whatever comes on stdin (folder and database names).
short_hash() { sha256sum | cut -c1-12; }

# Runs a command while holding a lock, so that two set-ups at once do not
# build the same thing twice. Every child but the command itself must not
# inherit the descriptor, or a daemon would keep the lock for ever.
with_lock() {
    local name="$1" fd rc=0
    shift
    mkdir -p "$CACHE/locks"
    exec {fd}>"$CACHE/locks/$name.lock"
    if ! flock -n "$fd"; then
        note "waiting for another run ($name)..."
        flock "$fd"
    fi
    LOCK_FDS+=("$fd")
    "$@" || rc=$?
    exec {fd}>&-
    unset 'LOCK_FDS[-1]'
    return "$rc"
}
LOCK_FDS=()

# Runs a long command quietly; its output is shown only when it fails.
quietly() {
    local log="$STATE/log/setup.log"
    mkdir -p "${log%/*}"
    printf '\n$ %s\n' "$*" >>"$log"
    if ! "$@" >>"$log" 2>&1 </dev/null; then
        tail -n 25 "$log" >&2
        warn "failed: $* (whole log: $log)"
        return 1
    fi
}

# The same, where the caller has its own one line for the failure.
silently() {
    local log="$STATE/log/setup.log"
    mkdir -p "${log%/*}"
    printf '\n$ %s\n' "$*" >>"$log"
    "$@" >>"$log" 2>&1 </dev/null
}

# Free space where the cache will be, in megabytes.
free_mb() {
    local dir="$1"
    while [[ ! -d "$dir" ]]; do dir="$(dirname "$dir")"; done
    df -Pm "$dir" | awk 'NR==2 {print $4}'
}

need_disk() {
    local free
    free="$(free_mb "$CACHE")"
    [[ "$free" -ge "$1" ]] ||
        die "not enough disk: ${free} MB free at $CACHE, $1 MB needed; free some or set CEMENT_CACHE to another disk."
}

# Installs Debian packages where we may; the caller says what to do if not.
apt_install() {
    [[ $EUID -eq 0 ]] && have apt-get || return 1
    [[ "${CEMENT_NO_APT:-}" != 1 ]] || return 1
    with_lock apt apt_install_locked "$@"
}

apt_install_locked() {
    local wait=(-o DPkg::Lock::Timeout=600)
    if [[ -z "${APT_UPDATED:-}" ]]; then
        silently apt-get "${wait[@]}" update || return 1
        APT_UPDATED=1
    fi
    DEBIAN_FRONTEND=noninteractive silently apt-get "${wait[@]}" install -y \
        --no-install-recommends "$@"
}

CACHE="$(cache_root)"
CHECKOUT_KEY="$(printf '%s' "$CHECKOUT" | short_hash)"
# Cluster, filestore and logs belong to one checkout: a second clone must not
# disturb the demo of the first.
STATE="$CACHE/checkouts/$CHECKOUT_KEY"
export CACHE STATE
export PIP_CACHE_DIR="$CACHE/pip" PIP_DISABLE_PIP_VERSION_CHECK=1
