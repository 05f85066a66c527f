"""A picture (SVG) of a real terminal: run a command in tmux, keep what the screen shows.

    python scripts/picture.py OUT.svg [--size 100x34] [--title T] [--wait SECONDS] -- COMMAND…

tmux is the terminal; rich only draws what was on its screen. Give ``--wait`` for a program that
does not end by itself (`kata watch`).
"""

from __future__ import annotations

import argparse
import shlex
import subprocess
import time
import uuid

from rich.console import Console
from rich.text import Text


def screen(command: list[str], columns: int, rows: int, wait: float | None) -> str:
    """What a terminal of that size shows, with its colours, when the command has ended."""
    name = f"picture-{uuid.uuid4().hex[:8]}"
    tmux = ["tmux", "-L", name]
    done = f"{shlex.join(command)}; tmux -L {name} wait-for -S done; sleep 60"
    start = ["new-session", "-d", "-x", str(columns), "-y", str(rows), "sh", "-c", done]
    subprocess.run([*tmux, *start], check=True)
    try:
        if wait is None:
            subprocess.run([*tmux, "wait-for", "done"], check=True, timeout=600)
        else:
            time.sleep(wait)
        time.sleep(0.3)
        shot = subprocess.run(
            [*tmux, "capture-pane", "-e", "-p"], check=True, capture_output=True, text=True
        )
    finally:
        subprocess.run([*tmux, "kill-server"], check=False)
    return shot.stdout.rstrip("\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("out")
    parser.add_argument("--size", default="100x34")
    parser.add_argument("--title", default="")
    parser.add_argument("--wait", type=float)
    parser.add_argument("command", nargs="+")
    asked = parser.parse_args()
    columns, rows = map(int, asked.size.split("x"))
    text = screen(asked.command, columns, rows, asked.wait)
    with open("/dev/null", "w") as null:
        console = Console(record=True, width=columns, file=null, force_terminal=True)
        console.print(Text.from_ansi(text), no_wrap=True, crop=True)
        console.save_svg(asked.out, title=asked.title or shlex.join(asked.command))


if __name__ == "__main__":
    main()
