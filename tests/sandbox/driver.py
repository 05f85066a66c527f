"""Grades submissions with two judges, for tests that run this file as another user.

Each line on standard input is a JSON list of ``[judge, source, checks]``, graded at the same
time; the answer is one JSON line of results in the same order. Started by ``conftest.py``.
"""

from __future__ import annotations

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from autograder import outline
from autograder.grading.judge_process import Grader
from autograder.judging.settings import JudgeSettings
from autograder.model import Job
from autograder.sandbox import tiers


def main() -> None:
    course, slot = outline.load(Path(sys.argv[1])), int(sys.argv[2])
    walls = tiers.built(tiers.asked(None))
    judges = [
        Grader(course, JudgeSettings(course.root, ("double",), walls, slot=slot + n))
        for n in (0, 1)
    ]
    good = b"def double(x):\n    return x + x\n"

    def grade(task: tuple[int, str, list[str]]) -> dict[str, object]:
        judge, source, only = task
        job = Job("ann", "double", source.encode(), "seed", tuple(only))
        return judges[judge].grade(job).as_dict()

    with judges[0], judges[1], ThreadPoolExecutor(2) as pool:
        for judge in judges:  # both zygotes are warm before anything is counted
            judge.grade(Job("ann", "double", good, "seed"))
        print(json.dumps({"pid": os.getpid(), "uid": os.getuid()}), flush=True)
        for line in sys.stdin:
            print(json.dumps(list(pool.map(grade, json.loads(line)))), flush=True)


if __name__ == "__main__":
    main()
