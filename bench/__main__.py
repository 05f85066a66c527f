"""``python -m bench [NAME …] [--quick]``: run the benchmarks, print them, keep them as JSON."""

from __future__ import annotations

import argparse
import datetime
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console

from autograder import outline
from autograder.sandbox import bubblewrap
from bench import machine, tables
from bench.targets import Target
from bench.usage import CommandFailed

NAMES = (
    "imports",
    "start",
    "grade",
    "where",
    "memory",
    "rules",
    "kata",
    "course",
    "siege",
    "weather",
)
RESULTS = Path(__file__).resolve().parent / "results"


def main() -> int:
    """Entry point; returns the exit code (0 also where a target is missed)."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; all")
    parser.add_argument("--quick", action="store_true", help="about a minute, rougher figures")
    options = parser.parse_args()
    unknown = sorted(set(options.names) - set(NAMES))
    if unknown:
        parser.error(f"no benchmark is called {', '.join(unknown)}; there are {', '.join(NAMES)}")
    reason = bubblewrap.probe()
    if reason:
        parser.error(f"the sandbox is what is measured, and there is none: {reason}")
    console = Console()
    facts = machine.facts()
    tables.machine(console, facts)
    try:
        found, targets = run(options.names or list(NAMES), options.quick, console)
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


def run(names: list[str], quick: bool, console: Console) -> tuple[dict[str, Any], list[Target]]:
    """The benchmarks called ``names``, printed as they end; their figures and the targets."""
    from bench.contest import bench_contest
    from bench.imports import bench_imports, imports_table, imports_targets
    from bench.kata import bench_kata, kata_table, kata_targets
    from bench.memory import bench_memory
    from bench.rules import bench_rules
    from bench.siege import bench_siege
    from bench.snapshot import STUDENTS
    from bench.start import bench_start
    from bench.weather import bench_weather, beside_nbgrader
    from bench.where import bench_where
    from bench.whole import bench_whole, whole_table, whole_targets

    course = outline.load()
    found: dict[str, Any] = {}
    targets: list[Target] = []

    def say(text: str) -> None:
        console.print(f"[dim]{datetime.datetime.now():%H:%M:%S} {text}[/]", highlight=False)

    with tempfile.TemporaryDirectory(prefix="kata-bench-") as place:
        folder = Path(place)
        if "imports" in names:
            say("imports")
            found["imports"] = bench_imports(5 if quick else 25)
            imports_table(console, found["imports"])
            targets += imports_targets(found["imports"])
        if "start" in names:
            say("isolation start")
            found["start"] = bench_start(course, 15 if quick else 100)
            tables.start(console, found["start"])
            targets += start_targets(found["start"])
        if "grade" in names:
            found["grade"] = []
            for contest in bench_contest(course, folder, 5 if quick else STUDENTS, say):
                tables.contest(console, contest)
                found["grade"].append(contest)
            targets += grade_targets(found["grade"])
        if "where" in names:
            say("where the time goes")
            found["where"] = bench_where(course, folder, 2 if quick else 5)
            tables.where(console, found["where"])
        if "memory" in names:
            say("memory")
            found["memory"] = bench_memory(folder, 200 if quick else 2000)
            tables.memory(console, found["memory"])
            many = found["memory"]["many"]["submissions"]
            ratio = found["memory"]["ratio"]
            targets.append(Target(f"memory, {many} submissions ÷ 20", ratio, 1.1, "x"))
        if "rules" in names:
            say("measuring rules")
            found["rules"] = bench_rules(course, 3 if quick else 45)
            tables.rules(console, found["rules"])
        if "kata" in names:
            say("kata")
            found["kata"] = bench_kata(course, folder, 5 if quick else 50)
            kata_table(console, found["kata"])
            targets += kata_targets(found["kata"])
        if "course" in names:
            say("one right submission of the whole course")
            found["course"] = bench_whole(course, folder / "whole")
            whole_table(console, found["course"])
            targets += whole_targets(found["course"])
        if "siege" in names:
            say("an honest class with one of each attack in it")
            (folder / "under-siege").mkdir()
            siege = bench_siege(folder / "under-siege", 30 if quick else 300)
            found["siege"] = siege
            console.print(siege)
            targets.append(Target("honest marks changed by attackers", siege["lost"], 0, ""))
        if "weather" in names:
            say("notebooks, broken ones among them")
            (folder / "weather").mkdir()
            found["weather"] = bench_weather(folder / "weather", 45 if quick else 285)
            (folder / "beside").mkdir()
            beside = beside_nbgrader(folder / "beside", 5 if quick else 20)
            found["weather"]["beside"] = beside
            console.print(found["weather"])
            targets += [
                Target("gradebook, a notebook", found["weather"]["ingestion"], 0.25, " s"),
                Target(
                    "notebooks: nbgrader's wall ÷ ours, gradebook included",
                    beside["ratio"],
                    8,
                    "x",
                    at_least=True,
                ),
            ]
    return found, targets


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
