#!/bin/sh
# other-python.sh SUITE FOLDER [COMMAND]: what is committed here, under the Python of another
# Debian (trixie has 3.13, sid 3.14), in a root of its own in FOLDER; `make test` by default.
# Needs root, debootstrap and about 9 GB, most of it torch. Run again, it takes up what is there.
set -eu
suite=${1:?a suite of Debian, trixie for example} root=${2:?a folder} command=${3:-make test}
[ "$(id -u)" = 0 ] || { echo "other-python.sh has to be run as root" >&2; exit 2; }
here=$(cd "$(dirname "$0")/.." && pwd)
sh "$here/scripts/install.sh" debootstrap debootstrap "Another Python"
if [ ! -x "$root/usr/bin/python3" ]; then
    debootstrap --variant=minbase \
        --include=bubblewrap,ca-certificates,git,make,procps,python3,python3-pip,python3-venv,tmux \
        "$suite" "$root" http://deb.debian.org/debian
fi
root=$(cd "$root" && pwd)
# The network's names, and the authorities that this machine trusts.
cp /etc/resolv.conf /etc/hosts "$root/etc/"
cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
if [ -d "$root/srv/kata" ]; then
    git -C "$root/srv/kata" pull --quiet "$here" HEAD
else
    git clone --quiet "$here" "$root/srv/kata"
fi
# A root that is a mount point, since the sandbox wants one; gone with this shell.
export root command
exec unshare --mount --propagation private sh -euc '
    mount --bind "$root" "$root"
    mkdir -p "$root/.old"
    for part in proc sys dev; do mount --rbind "/$part" "$root/$part"; done
    cd "$root"
    pivot_root . .old
    cd /srv/kata
    umount --lazy /.old
    exec env -i HOME=/root LANG=C.UTF-8 PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin \
        sh -c "python3 --version; $command"
'
