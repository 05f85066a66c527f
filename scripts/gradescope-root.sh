#!/bin/sh
# gradescope-root.sh ZIP SUBMISSION FOLDER [SUITE]: an autograder that `autograde release --gradescope`
# wrote, run as Gradescope does, in a root of its own in FOLDER: a bare Debian (bookworm by default),
# setup.sh, then run_autograder on the files of SUBMISSION. Prints results.json. Needs root, debootstrap, a
# network and 1 GB, with torch 2 GB. Run again, it takes up the Debian that is there.
# Exit code 4: no Debian could be made.
set -eu
zip=${1:?the zip} submission=${2:?a folder with one submission} root=${3:?a folder}
suite=${4:-bookworm}
[ "$(id -u)" = 0 ] || { echo "gradescope-root.sh has to be run as root" >&2; exit 2; }
if [ ! -x "$root/bin/sh" ]; then
    debootstrap --variant=minbase "$suite" "$root" http://deb.debian.org/debian >&2 || exit 4
fi
root=$(cd "$root" && pwd)
# The network's names, and the authorities that this machine trusts.
cp /etc/resolv.conf /etc/hosts "$root/etc/"
cp /etc/ssl/certs/ca-certificates.crt "$root/etc/this-machine.crt"

# As the harness lays it out; it makes both programs executable.
harness=$root/autograder
rm -rf "$harness" "$root/opt/kata"
mkdir -p "$harness/source" "$harness/results"
python3 -m zipfile -e "$zip" "$harness/source"
cp -R "$submission" "$harness/submission"
cp "$harness/source/run_autograder" "$harness/"
chmod 755 "$harness" "$harness/run_autograder" "$harness/source/setup.sh"

# A root that is a mount point, processes of its own; gone with this shell.
export root
exec unshare --mount --pid --fork --propagation private sh -euc '
    mount --bind "$root" "$root"
    mkdir -p "$root/.old"
    mount -t proc proc "$root/proc"
    for part in sys dev; do mount --rbind "/$part" "$root/$part"; done
    cd "$root"
    pivot_root . .old
    cd /autograder
    umount --lazy /.old
    path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
    certificates=/etc/this-machine.crt
    exec env -i HOME=/root LANG=C.UTF-8 PATH="$path" PIP_CERT="$certificates" sh -euc "
        source/setup.sh >&2
        ./run_autograder >&2
        cat results/results.json
    "
'
