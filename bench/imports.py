"""What a start costs: importing a command, beside importing typer and rich alone."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.targets import Target

ALONE = "import typer, rich.console"
COMMANDS = {
    "autograde": "import autograder.cli, autograder.commands.app",
    "kata": "import autograder.kata.cli, autograder.kata.app",
}
"""All that ``--help`` needs."""

MOST = 1.3


def cpu(code: str) -> float:
    """CPU seconds of an interpreter that runs ``code``."""
    process = subprocess.Popen([sys.executable, "-c", code])
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{code!r} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime


def bench_imports(rounds: int) -> dict[str, Any]:
    """CPU milliseconds of each start, medians of ``rounds``, and each command's ratio to typer
    and rich alone, the median over pairs."""
    for code in (ALONE, *COMMANDS.values()):  # what is compiled once is compiled now
        cpu(code)
    pairs: dict[str, list[tuple[float, float]]] = {name: [] for name in COMMANDS}
    for number in range(rounds):
        for name, code in COMMANDS.items():
            order = (ALONE, code) if number % 2 else (code, ALONE)
            times = dict(zip(order, map(cpu, order), strict=True))
            pairs[name].append((times[code], times[ALONE]))
    alone = [alone for runs in pairs.values() for _, alone in runs]
    return {
        "rounds": rounds,
        "alone": statistics.median(alone) * 1e3,
        "commands": {
            name: {
                "cpu": statistics.median(own for own, _ in runs) * 1e3,
                "ratio": statistics.median(own / alone for own, alone in runs),
            }
            for name, runs in pairs.items()
        },
    }


def imports_table(console: Console, measured: dict[str, Any]) -> None:
    """One row per start."""
    table = Table(
        title=f"Imports, CPU (medians of {measured['rounds']} pairs)", title_justify="left"
    )
    table.add_column("")
    table.add_column("CPU ms", justify="right")
    table.add_column("÷ typer and rich", justify="right")
    table.add_row("typer and rich alone", f"{measured['alone']:.0f}", "")
    for name, command in measured["commands"].items():
        table.add_row(name, f"{command['cpu']:.0f}", f"{command['ratio']:.2f}")
    console.print(table)


def imports_targets(measured: dict[str, Any]) -> list[Target]:
    """Neither command may cost much more than what draws its help."""
    return [
        Target(f"importing {name} ÷ typer and rich alone, CPU", command["ratio"], MOST, "x")
        for name, command in measured["commands"].items()
    ]
