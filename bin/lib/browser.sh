# shellcheck shell=bash
# Chromium for tours and end-to-end tests.

find_browser() {
    local name
    for name in google-chrome chromium chromium-browser google-chrome-stable; do
        have "$name" && return
    done
    return 1
}

# Returns 1 when there is none: the caller must say so, and loudly.
use_browser() {
    if find_browser; then return; fi
    say "Chromium: installing"
    apt_install chromium fonts-dejavu-core && find_browser
}
