#!/bin/sh
# notebook-road.sh BIN OUT: one chapter of the sample class through nbgrader, as an instructor
# would do it. Every step is a command to copy.
set -eu
bin=$(cd "$1" && pwd) out=$2 chapter=ch06_design_patterns
command -v "$bin/nbgrader" >/dev/null || { echo "nbgrader is not installed: no notebook road"; exit 0; }
PATH="$bin:$PATH" export PATH
step() { printf '\n$ %s\n' "$*"; "$@"; }
printf '\nThe same through nbgrader, for one chapter:\n'
step autograde release "$out/for-students" --root "$out/nbgrader" --chapter $chapter
# Exit code 3: one of the sample's archives is hostile and refused, as the command says.
step autograde grade course/samples --only $chapter --out "$out/$chapter" --gradebook "$out/nbgrader" || [ $? -eq 3 ]
cd "$out/nbgrader"
step nbgrader generate_feedback $chapter --log-level=WARN
step nbgrader export --log-level=WARN
printf '\n$ head -5 grades.csv\n'
head -5 grades.csv | cut -c1-100
printf '\nLook at %s/feedback, or run `jupyter lab` in %s for formgrader.\n' "$out" "$out/nbgrader"
