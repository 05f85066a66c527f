"""The tables that a run prints."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table

from bench.targets import Target
from bench.where import PHASES


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left")
    return table


def machine(console: Console, facts: dict[str, Any]) -> None:
    console.print(", ".join(f"{name} {value}" for name, value in facts.items()), highlight=False)


def contest(console: Console, found: dict[str, Any]) -> None:
    """One set: every contender, and its ratios."""
    means = found["means"]
    what = f"{found['set']} checks: {found['students']} submissions, "
    what += f"{len(found['exercises'])} exercises, {found['checks']} checks"
    columns = ("", "wall s", "CPU s", "peak MB", "nbgrader's wall ÷", "CPU ÷ floor's")
    table = _table(what, *columns)
    names = {
        "cold": "autograde grade",
        "warm": "… the same again",
        "floor": "floor",
        "nbgrader": "nbgrader autograde",
    }
    for key, name in names.items():
        if key in means:
            mean = means[key]
            wall = means["nbgrader"]["wall"] / mean["wall"] if "nbgrader" in means else 0.0
            cpu = mean["cpu"] / means["floor"]["cpu"]
            row = (f"{mean['wall']:.1f}", f"{mean['cpu']:.1f}", f"{mean['peak'] / 1e6:.0f}")
            table.add_row(name, *row, f"{wall:.1f}", f"{cpu:.2f}")
    console.print(table)
    verdicts = ", ".join(f"{n} {v}" for v, n in found["verdicts"].items())
    console.print(
        f"autograde: {verdicts}. Floor: {found['floor']['passed']} of "
        f"{found['floor']['checks']} passed.",
        highlight=False,
    )
    least = means["floor"]["cpu"] / found["cores"]
    if "nbgrader" in means:
        most = means["nbgrader"]["wall"] / least
        console.print(
            f"The checks themselves (the floor's CPU) on {found['cores']} cores: {least:.1f} s. A "
            f"grader without any cost of its own would come to {most:.1f}x of nbgrader's wall.",
            highlight=False,
        )
    agree = found["compared_with_nbgrader"] - len(found["differing"])
    console.print(
        f"nbgrader gave the same mark for {agree} of {found['compared_with_nbgrader']} checks.",
        highlight=False,
    )


def where(console: Console, found: dict[str, Any]) -> None:
    """Phases, then exercises."""
    walls, floor = found["walls"], found["floor"]
    table = _table(
        f"Where the time goes: {found['students']} submissions, all checks, one judge",
        "",
        "autograde s",
        "share",
        "floor s",
        "CPU s",
        "floor's",
    )
    total = sum(walls["phases"].values())
    for name, words in PHASES.items():
        mine, theirs = walls["phases"].get(name, 0.0), floor["phases"].get(name, 0.0)
        table.add_row(
            f"{name}: {words}", f"{mine:.2f}", f"{mine / total:.0%}", f"{theirs:.2f}", "", ""
        )
    table.add_section()
    for id, seconds in walls["exercises"].items():
        theirs = floor["exercises"].get(id, 0.0)
        used = [f"{side['exercises_cpu'].get(id, 0.0):.2f}" for side in (walls, floor)]
        table.add_row(id, f"{seconds:.2f}", f"{seconds / total:.0%}", f"{theirs:.2f}", *used)
    console.print(table)


def start(console: Console, found: dict[str, Any]) -> None:
    table = _table(
        f"Isolation start, ms (medians of {found['rounds']}, alternating)",
        "",
        "fork",
        "walls, load",
        "first result",
        "together",
        "9 of 10",
        "end",
        "CPU",
        "zygote, once",
    )
    for s in found["starts"]:
        keys = ("fork", "load", "first", "total", "ninth_decile", "end", "cpu", "zygote")
        table.add_row(s["profile"], *(f"{s[key]:.1f}" for key in keys))
    console.print(table)


def memory(console: Console, found: dict[str, Any]) -> None:
    table = _table("Memory of the coordinator and the judges", "submissions", "peak MB", "wall s")
    for name in ("few", "many"):
        row = found[name]
        table.add_row(str(row["submissions"]), f"{row['peak'] / 1e6:.1f}", f"{row['wall']:.1f}")
    console.print(table)


def rules(console: Console, found: dict[str, Any]) -> None:
    trials = found["trials"]
    kinds = list(found["wrong"])
    title = f"Wrong decisions of {trials}: true 25–35x against a limit of 20x, and a true 11x"
    table = _table(title, "", *kinds)
    for rule in found["wrong"][kinds[0]]:
        table.add_row(rule, *(str(found["wrong"][kind][rule]) for kind in kinds))
    console.print(table)


def targets(console: Console, found: list[Target]) -> None:
    table = _table("Targets", "", "measured", "limit", "")
    for target in found:
        sign = "≥" if target.at_least else "≤"
        word = "[green]met[/]" if target.met else "[red]missed[/]"
        table.add_row(
            target.what,
            f"{target.measured:.3g}{target.unit}",
            f"{sign} {target.limit:g}{target.unit}",
            word,
        )
    console.print(table)
