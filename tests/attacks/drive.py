"""Grades answers that attack the grader, for a test that runs this file as another user.

Standard input: a JSON list of ``[exercise, path, checks]``. Standard output: a JSON line of the
result of each, in the same order.
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from autograder import outline
from autograder.grading.judge_process import Grader
from autograder.judging.settings import JudgeSettings
from autograder.model import Job

JUDGES = 2


def main() -> None:
    slot = int(sys.argv[1])
    tasks = json.loads(sys.stdin.read())
    course = outline.load(None)
    exercises = sorted({exercise for exercise, _, _ in tasks})
    judges = [
        Grader(course, JudgeSettings(course.root, tuple(exercises), slot=slot + n))
        for n in range(JUDGES)
    ]
    free = list(judges)

    def grade(task: tuple[str, str, list[str]]) -> dict[str, object]:
        exercise, path, only = task
        judge = free.pop()
        try:
            job = Job("mallory", exercise, Path(path).read_bytes(), "attacks", tuple(only))
            return judge.grade(job).as_dict()
        finally:
            free.append(judge)

    with judges[0], judges[1], ThreadPoolExecutor(JUDGES) as pool:
        for result in pool.map(grade, tasks):
            print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
