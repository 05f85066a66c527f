"""``python -m tests.fuzz [COUNT] [SEED]``: fuzz the readers; exit code 1 for a finding."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from autograder import outline
from tests.fuzz.running import run


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    began = time.monotonic()
    course = outline.load(Path(__file__).parents[1] / "toy_course")
    report = run(count, seed, course, say=True)
    for finding in report.findings[:50]:
        print(finding)
    print(
        f"{report.inputs} inputs from seed {seed}, {report.read} of them read, "
        f"{len(report.findings)} findings; at most {report.peak >> 20} MB; "
        f"{time.monotonic() - began:.0f} s"
    )
    return 1 if report.findings else 0


if __name__ == "__main__":
    sys.exit(main())
