# shellcheck shell=bash
# wkhtmltopdf, which Odoo prints PDF with. Debian 12 has it, Debian 13 has
# not: there, and without root, Debian 12's one is unpacked into the cache
# together with all its libraries.

use_pdf() {
    local home="$CACHE/wkhtmltopdf"
    if have wkhtmltopdf; then return; fi
    if apt_offers wkhtmltopdf && apt_install wkhtmltopdf fonts-dejavu-core; then return; fi
    [[ -f "$home/.ready" ]] || with_lock wkhtmltopdf fetch_wkhtmltopdf "$home" || {
        note "no wkhtmltopdf: printed forms open as web pages instead of PDF"
        return 0
    }
    use_pdf_path
}

# Every command looks for it, only demo and test fetch it.
use_pdf_path() {
    if [[ -f "$CACHE/wkhtmltopdf/.ready" ]]; then
        export PATH="$PATH:$CACHE/wkhtmltopdf/bin"
    fi
}

apt_offers() {
    [[ $EUID -eq 0 ]] && have apt-cache || return 1
    [[ -n "$(apt-cache show "$1" 2>/dev/null)" ]] || { silently apt-get update && [[ -n "$(apt-cache show "$1" 2>/dev/null)" ]]; }
}

fetch_wkhtmltopdf() {
    local home="$1" work="$CACHE/odoo/.work-pdf" deb
    [[ ! -f "$home/.ready" ]] || return 0
    have apt-get && have dpkg-deb || return 1
    say "wkhtmltopdf: unpacking Debian 12's into $home"
    rm -rf "$home" "$work"
    mkdir -p "$work" "$home/root" "$home/bin"
    private_apt "$work" bookworm
    # An empty status: the whole closure is wanted, libc included.
    : >"$work/status"
    silently apt-get "${APT_PRIVATE[@]}" -o "Dir::State::status=$work/status" \
        -o Debug::NoLocking=1 --download-only --no-install-recommends -y \
        install wkhtmltopdf fonts-dejavu-core || return 1
    for deb in "$work"/apt/cache/archives/*.deb; do
        dpkg-deb -x "$deb" "$home/root" || return 1
    done
    write_pdf_wrapper "$home"
    "$home/bin/wkhtmltopdf" --version >/dev/null || return 1
    touch "$home/.ready"
    rm -rf "$work"
}

# Its own loader and libraries, so that nothing of this machine mixes in.
write_pdf_wrapper() {
    local home="$1" loader libs
    loader="$(find "$home/root/lib" "$home/root/lib64" "$home/root/usr/lib64" -name 'ld-linux*.so.*' 2>/dev/null | head -n 1)"
    libs="$(find "$home/root/usr/lib" -maxdepth 1 -type d -name '*-linux-gnu*' | head -n 1)"
    cat >"$home/bin/wkhtmltopdf" <<WRAPPER
#!/bin/sh
export QT_QPA_PLATFORM=offscreen QT_PLUGIN_PATH="$libs/qt5/plugins"
export XDG_DATA_DIRS="$home/root/usr/share" FONTCONFIG_FILE="$home/fonts.conf"
if [ -z "\$XDG_RUNTIME_DIR" ]; then # or Qt complains, and Odoo logs it
    export XDG_RUNTIME_DIR="/tmp/wkhtmltopdf-\$(id -u)"
    mkdir -p -m 700 "\$XDG_RUNTIME_DIR"
fi
exec "$loader" --library-path "$libs:$home/root/lib/${libs##*/}" "$home/root/usr/bin/wkhtmltopdf" "\$@"
WRAPPER
    cat >"$home/fonts.conf" <<FONTS
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>$home/root/usr/share/fonts</dir>
  <cachedir>$home/fontcache</cachedir>
</fontconfig>
FONTS
    mkdir -p -m 777 "$home/fontcache"
    chmod +x "$home/bin/wkhtmltopdf"
}
