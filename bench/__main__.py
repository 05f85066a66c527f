"""``python -m bench [NAME …] [--quick]``: run the benchmarks, print them, keep them as JSON."""

from __future__ import annotations

import argparse
import datetime
import json
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from autograder import outline
from autograder.outline import Course
from autograder.sandbox import bubblewrap
from bench import machine, tables
from bench.targets import Target
from bench.usage import CommandFailed

RESULTS = Path(__file__).resolve().parent / "results"


def main() -> int:
    """Entry point; returns the exit code (0 also where a target is missed)."""
    known = ", ".join(BENCHMARKS)
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {known}; all")
    parser.add_argument("--quick", action="store_true", help="about a minute, rougher figures")
    options = parser.parse_args()
    unknown = sorted(set(options.names) - set(BENCHMARKS))
    if unknown:
        parser.error(f"no benchmark is called {', '.join(unknown)}; there are {known}")
    reason = bubblewrap.probe()
    if reason:
        parser.error(f"the sandbox is what is measured, and there is none: {reason}")
    console = Console()
    facts = machine.facts()
    tables.machine(console, facts)
    try:
        found, targets = run(options.names or list(BENCHMARKS), options.quick, console)
    except CommandFailed as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    if targets:
        tables.targets(console, targets)
    when = datetime.datetime.now(datetime.UTC)
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{when:%Y%m%dT%H%M%SZ}{'-quick' if options.quick else ''}.json"
    whole = {
        "when": when.isoformat(timespec="seconds"),
        "quick": options.quick,
        "machine": facts,
        "found": found,
        "targets": [t.as_dict() for t in targets],
    }
    path.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
    console.print(
        f"kept in {path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path}"
    )
    return 0


@dataclass(frozen=True, slots=True)
class Session:
    """What every benchmark of one call shares. ``folder`` is empty at first and goes at the end."""

    course: Course
    folder: Path
    quick: bool
    console: Console

    def say(self, text: str) -> None:
        """One line on what is measured now."""
        now = f"{datetime.datetime.now():%H:%M:%S}"
        self.console.print(f"[dim]{now} {text}[/]", highlight=False)

    def new_folder(self, name: str) -> Path:
        folder = self.folder / name
        folder.mkdir()
        return folder


Outcome = tuple[Any, list[Target]]
"""The figures of a benchmark, as they are kept, and what is to be reached."""


def run(names: list[str], quick: bool, console: Console) -> tuple[dict[str, Any], list[Target]]:
    """The benchmarks called ``names``, printed as they end; their figures and the targets."""
    figures: dict[str, Any] = {}
    targets: list[Target] = []
    with tempfile.TemporaryDirectory(prefix="kata-bench-") as place:
        session = Session(outline.load(), Path(place), quick, console)
        for name, benchmark in BENCHMARKS.items():
            if name in names:
                figures[name], more = benchmark(session)
                targets += more
    return figures, targets


def _imports(session: Session) -> Outcome:
    from bench.imports import bench_imports, imports_table, imports_targets

    session.say("imports")
    figures = bench_imports(5 if session.quick else 25)
    imports_table(session.console, figures)
    return figures, imports_targets(figures)


def _start(session: Session) -> Outcome:
    from bench.start import bench_start

    session.say("isolation start")
    figures = bench_start(session.course, 15 if session.quick else 100)
    tables.start(session.console, figures)
    return figures, start_targets(figures)


def _grade(session: Session) -> Outcome:
    from bench.contest import bench_contest
    from bench.snapshot import STUDENTS

    figures = []
    students = 5 if session.quick else STUDENTS
    for contest in bench_contest(session.course, session.folder, students, session.say):
        tables.contest(session.console, contest)
        figures.append(contest)
    return figures, grade_targets(figures)


def _where(session: Session) -> Outcome:
    from bench.where import bench_where

    session.say("where the time goes")
    figures = bench_where(session.course, session.folder, 2 if session.quick else 5)
    tables.where(session.console, figures)
    return figures, []


def _memory(session: Session) -> Outcome:
    from bench.memory import bench_memory

    session.say("memory")
    figures = bench_memory(session.folder, 200 if session.quick else 2000)
    tables.memory(session.console, figures)
    many = figures["many"]["submissions"]
    return figures, [Target(f"memory, {many} submissions ÷ 20", figures["ratio"], 1.1, "x")]


def _rules(session: Session) -> Outcome:
    from bench.rules import bench_rules

    session.say("measuring rules")
    figures = bench_rules(session.course, 3 if session.quick else 45)
    tables.rules(session.console, figures)
    return figures, []


def _kata(session: Session) -> Outcome:
    from bench.kata import bench_kata, kata_table, kata_targets

    session.say("kata")
    figures = bench_kata(session.course, session.folder, 5 if session.quick else 50)
    kata_table(session.console, figures)
    return figures, kata_targets(figures)


def _course(session: Session) -> Outcome:
    from bench.whole import bench_whole, whole_table, whole_targets

    session.say("one right submission of the whole course")
    figures = bench_whole(session.course, session.folder / "whole")
    whole_table(session.console, figures)
    return figures, whole_targets(figures)


def _cluster(session: Session) -> Outcome:
    from bench.cluster import bench_cluster, cluster_targets

    session.say("a cluster of stand-ins")
    figures = bench_cluster(session.new_folder("cluster"), session.quick)
    session.console.print(figures)
    return figures, cluster_targets(figures)


def _siege(session: Session) -> Outcome:
    from bench.siege import bench_siege

    session.say("an honest class with one of each attack in it")
    figures = bench_siege(session.new_folder("under-siege"), 30 if session.quick else 300)
    session.console.print(figures)
    return figures, [Target("honest marks changed by attackers", figures["lost"], 0, "")]


def _weather(session: Session) -> Outcome:
    from bench.weather import bench_weather, beside_nbgrader

    session.say("notebooks, broken ones among them")
    figures = bench_weather(session.new_folder("weather"), 45 if session.quick else 285)
    beside = beside_nbgrader(session.new_folder("beside"), 5 if session.quick else 20)
    figures["beside"] = beside
    session.console.print(figures)
    wall = "notebooks: nbgrader's wall ÷ ours, gradebook included"
    return figures, [
        Target("gradebook, a notebook", figures["ingestion"], 0.25, " s"),
        Target(wall, beside["ratio"], 8, "x", at_least=True),
    ]


BENCHMARKS: dict[str, Callable[[Session], Outcome]] = {
    "imports": _imports,
    "start": _start,
    "grade": _grade,
    "where": _where,
    "memory": _memory,
    "rules": _rules,
    "kata": _kata,
    "course": _course,
    "siege": _siege,
    "weather": _weather,
    "cluster": _cluster,
}
"""Every benchmark by its name, in the order in which they run. Each imports what it needs."""


def start_targets(found: dict[str, Any]) -> list[Target]:
    from bench.start import LIMITS

    return [
        Target(f"isolation start, {s['profile']}", s["total"], LIMITS[s["profile"]], " ms")
        for s in found["starts"]
    ]


def grade_targets(found: list[dict[str, Any]]) -> list[Target]:
    by_set = {contest["set"]: contest["means"] for contest in found}
    behaviour, everything = by_set["behaviour"], by_set["all"]
    times = behaviour["nbgrader"]["wall"] / behaviour["cold"]["wall"]
    over = everything["cold"]["cpu"] / everything["floor"]["cpu"]
    again = everything["warm"]["wall"] / everything["cold"]["wall"]
    return [
        Target("behaviour checks: nbgrader's wall ÷ autograde's", times, 10, "x", at_least=True),
        Target("all checks: autograde's CPU ÷ the floor's", over, 1.5, "x"),
        Target("all checks: a re-run ÷ the first", again * 100, 2, " %"),
    ]


if __name__ == "__main__":
    sys.exit(main())
