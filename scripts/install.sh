#!/bin/sh
# install.sh COMMAND PACKAGE REASON: install a Debian package for a command that is not there.
# As root on Debian or Ubuntu it is installed; elsewhere the one command to run is printed.
# Exit 1 where it is missing still.
set -eu
command=$1 package=$2 reason=$3
command -v "$command" >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing $package"
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -y -qq "$package" >/dev/null 2>&1 ||
        { apt-get update -qq && apt-get install -y -qq "$package" >/dev/null; }
elif [ "$(uname -s)" != Linux ]; then
    echo "$reason needs $package, which is for Linux only" >&2
elif command -v dnf >/dev/null 2>&1; then
    echo "$reason needs $package. Run: sudo dnf install $package" >&2
else
    echo "$reason needs $package. Run: sudo apt-get install $package" >&2
fi
command -v "$command" >/dev/null 2>&1
