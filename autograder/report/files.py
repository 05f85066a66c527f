"""``files.csv``: what became of every entry that was met."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from autograder.ingest.accounting import Row
from autograder.text.atomic import replacing
from autograder.text.cells import inert

COLUMNS = ("path", "student", "name", "exercise", "attempt", "state", "reason")


def write_files(path: Path, rows: Iterable[Row]) -> None:
    """Write a line for each entry: graded, refused, or not taken and why."""
    with replacing(path, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for row in rows:
            writer.writerow([inert(getattr(row, column)) for column in COLUMNS])


def read_files(path: Path) -> list[Row]:
    """The rows of a ``files.csv``, as it shows them."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [Row(*(line.get(name) or "" for name in COLUMNS)) for line in csv.DictReader(file)]
