"""``results.jsonl``: one line per student and exercise."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from autograder.model import Result
from autograder.text.atomic import replacing
from autograder.text.clean import whole

# Line ends to Unicode, and to every tool that splits lines by its rules, but not to JSON. The
# others are escaped by json.dumps.
_LINE_ENDS = {0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def write_jsonl(path: Path, results: Iterable[Result]) -> None:
    """Write every result, in the order given; ``path`` is replaced at once."""
    with replacing(path) as file:
        for result in results:
            file.write(line(result.as_dict()) + "\n")


def line(values: dict[str, Any]) -> str:
    """JSON on one line by anybody's rules, without lone surrogates."""
    return whole(json.dumps(values, ensure_ascii=False).translate(_LINE_ENDS))


def read_jsonl(path: Path) -> list[Result]:
    """The results in ``path``; ``ValueError`` naming file and line for anything else."""
    results = []
    for number, text in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if not text.strip():
            continue
        try:
            results.append(Result.from_dict(json.loads(text)))
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path}, line {number}: not a result: {error}") from error
    return results
