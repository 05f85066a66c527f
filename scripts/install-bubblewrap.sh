#!/bin/sh
# bubblewrap builds the sandbox's wall. As root on Debian or Ubuntu it is installed; elsewhere
# the one command to run is printed.
set -eu
command -v bwrap >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing bubblewrap"
    apt-get install -y -qq bubblewrap >/dev/null 2>&1 ||
        { apt-get update -qq && apt-get install -y -qq bubblewrap >/dev/null; }
    exit 0
fi
[ "$(uname -s)" = Linux ] || { echo "bubblewrap needs Linux; see 'autograde doctor'"; exit 0; }
if command -v apt-get >/dev/null 2>&1; then
    echo "Grading needs bubblewrap. Run: sudo apt-get install bubblewrap" >&2
elif command -v dnf >/dev/null 2>&1; then
    echo "Grading needs bubblewrap. Run: sudo dnf install bubblewrap" >&2
else
    echo "Grading needs bubblewrap: https://github.com/containers/bubblewrap" >&2
fi
exit 1
