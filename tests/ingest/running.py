"""`autograde grade` as its user calls it, in this process, and what it leaves in its folder."""

from __future__ import annotations

import csv
import json
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from tests.in_process import autograde

TOY = Path(__file__).parents[1] / "toy_course"


@dataclass(frozen=True, slots=True)
class Run:
    """One run: exit code, what it said, and its files."""

    code: int
    stdout: str
    stderr: str
    results: dict[tuple[str, str], dict[str, object]] = field(default_factory=dict)
    """By student and exercise: a line of results.jsonl."""

    files: list[dict[str, str]] = field(default_factory=list)
    """The rows of files.csv."""

    people: list[dict[str, str]] = field(default_factory=list)
    """The rows of students.csv."""

    @property
    def said(self) -> str:
        """All that was said, on one line."""
        return " ".join((self.stdout + " " + self.stderr).split())

    @property
    def students(self) -> list[str]:
        """The keys of all students in the results."""
        return sorted({student for student, _ in self.results})

    def points(self, exercise: str = "double") -> dict[str, float]:
        """Points by student."""
        return {s: float(str(r["points"])) for (s, e), r in self.results.items() if e == exercise}

    def verdict(self, student: str, exercise: str = "double") -> str:
        """The verdict for one student."""
        return str(self.results[student, exercise]["verdict"])

    def words(self, student: str, exercise: str = "double") -> str:
        """What that student is told."""
        return str(self.results[student, exercise].get("message", ""))

    @property
    def names(self) -> dict[str, str]:
        """Names by student, as students.csv has them."""
        return {row["student"]: row["name"] for row in self.people}

    def row(self, path: str) -> dict[str, str]:
        """The row of files.csv that speaks of ``path``, of what it lies in, or of what it holds."""
        wanted = unicodedata.normalize("NFC", path)
        rows = [r for r in self.files if covers(r["path"], wanted)]
        rows = rows or [r for r in self.files if covers(wanted, r["path"])]
        assert rows, f"no row of files.csv speaks of {path}: {[r['path'] for r in self.files]}"
        return max(rows, key=lambda r: len(r["path"]))


def covers(row: str, path: str) -> bool:
    """Whether a row of files.csv speaks of ``path``: by its name, or by a folder it lies in."""
    row = unicodedata.normalize("NFC", row).rstrip("/")
    return path == row or path.startswith(f"{row}/")


def grade(path: Path, out: Path, *options: str | Path, db: Path | None = None) -> Run:
    """Grade what is at ``path`` into ``out``; with ``db``, texts known there cost nothing."""
    store = () if db is None else ("--db", f"sqlite:///{db}")
    command = ["grade", path, "--out", out, "--course", TOY, "--jobs", "1", *store, *options]
    done = autograde(*command, columns=200)
    assert "Traceback" not in done.output
    return Run(
        done.exit_code,
        done.stdout,
        done.stderr,
        _results(out),
        *map(_rows, (out / "files.csv", out / "students.csv")),
    )


def _results(out: Path) -> dict[tuple[str, str], dict[str, object]]:
    path = out / "results.jsonl"
    lines = path.read_text().splitlines() if path.exists() else []
    values = [json.loads(line) for line in lines]
    return {(v["student"], v["exercise"]): v for v in values}


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))
