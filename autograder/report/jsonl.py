"""``results.jsonl``: one line a student and exercise."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from autograder.model import Result
from autograder.report.atomic import replacing


def write_jsonl(path: Path, results: Iterable[Result]) -> None:
    """Write every result, in the order given; ``path`` is replaced at once."""
    with replacing(path) as file:
        for result in results:
            file.write(json.dumps(result.as_dict(), ensure_ascii=False) + "\n")


def read_jsonl(path: Path) -> list[Result]:
    """The results in ``path``; ``ValueError`` naming file and line for what is none."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            found.append(Result.from_dict(json.loads(line)))
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path}, line {number}: not a result: {error}") from error
    return found
