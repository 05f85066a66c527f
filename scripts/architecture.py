"""The rooms of the engine and the imports between them: a picture (SVG) and a table.

    python -m scripts.architecture        # the picture on standard output

Rooms and their order are those of ``tests/test_layers.py``, arrows are read from the code with
``ast``. An arrow that follows from others is left out: what A imports through B is not drawn from
A again. ``scripts/generated.py`` writes both into ``docs/``; a test compares them.
"""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from tests.test_layers import ARROWS, LAYERS, _room

GROUPS: Mapping[str, tuple[str, ...]] = {
    "course": (
        "machine",
        "environment",
        "extras",
        "packages",
        "entries",
        "outline",
        "stubs",
        "clauses",
    ),
    "programs": ("cli", "pytest_plugin"),
    "users' names": ("checks", "plain", "store", "notebooks"),
}
"""Single modules that are one box of the picture."""

ABOUT: Mapping[str, str] = {
    "sandbox.inside": "what is mounted behind the wall",
    "errors": "errors for people to read",
    "model": "verdicts, results, jobs",
    "text": "words, names, files, cells",
    "course": "outline, stubs, clauses; this machine",
    "sandbox": "walls, workers, limits",
    "judging": "all that a mark depends on: checks, measuring",
    "ingest": "strangers' files to answers",
    "grading": "a class: jobs, judges, store",
    "cluster": "judges on other machines, with Dask",
    "report": "results, grades, feedback pages",
    "authoring": "lessons, bundles, audit, mutation",
    "gradebook": "nbgrader's gradebook",
    "command_line": "how programs start, end and show help",
    "commands": "the screens of autograde",
    "kata": "the student's command, notebooks",
    "programs": "autograde, pytest plugin",
    "users' names": "names that files of users import",
}
"""What each box holds, in a few words."""

ROW, BOX, HEIGHT, GAP, BEND = 104, 172, 64, 28, 20
"""Pixels: from row to row, a box, between boxes, and the width of an arrow that passes by."""

STYLE = """
  text { font: 12px system-ui, sans-serif; fill: #24292f; text-anchor: middle }
  .name { font-weight: 700; font-size: 14px }
  rect { fill: #eef3fa; stroke: #5b7ba6 }
  .mark { fill: #fdf3e0; stroke: #b07d2b }
  path { fill: none; stroke: #7d8590; stroke-width: 1.3 }
  .head { fill: #7d8590; stroke: none }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    rect { fill: #1c2a3d; stroke: #7fa3d4 }
    .mark { fill: #3a2d14; stroke: #d9a648 }
  }
"""


def about(box: str) -> str:
    """What a box holds."""
    if box not in ABOUT:
        raise ValueError(f"scripts/architecture.py: say in ABOUT what {box!r} holds")
    return ABOUT[box]


def boxes() -> tuple[str, ...]:
    """Every box of the picture, the lowest first."""
    named = {room: name for name, rooms in GROUPS.items() for room in rooms}
    return tuple(dict.fromkeys(named.get(room, room) for rooms in LAYERS for room in rooms))


def imports() -> dict[str, set[str]]:
    """For each box those that it imports."""
    named = {room: name for name, rooms in GROUPS.items() for room in rooms}
    found: dict[str, set[str]] = {box: set() for box in boxes()}
    for module, _, target in ARROWS:
        here, there = (named.get(room, room) for room in (_room(module), _room(target)))
        if module and target and here != there:
            found[here].add(there)
    return found


def reduced(graph: Mapping[str, set[str]]) -> dict[str, list[str]]:
    """The graph without arrows that follow from others."""
    below: dict[str, set[str]] = {}
    for box in graph:  # the lowest first
        below[box] = graph[box].union(*(below[other] for other in graph[box]))
    order = list(graph)
    return {
        box: sorted(
            (o for o in graph[box] if not any(o in below[via] for via in graph[box])),
            key=order.index,
        )
        for box in graph
    }


@dataclass
class Node:
    """A box, or the place where an arrow passes a row on its way."""

    name: str
    row: int
    x: float = 0.0
    above: list[Node] = field(default_factory=list)
    below: list[Node] = field(default_factory=list)

    @property
    def width(self) -> int:
        return BOX if self.name else BEND

    @property
    def y(self) -> int:
        return 12 + ROW * self.row


def rows_of(graph: dict[str, list[str]]) -> list[list[Node]]:
    """Every box in a row below all that import it, the arrows taken through the rows between."""
    users = {box: [other for other in graph if box in graph[other]] for box in graph}
    row: dict[str, int] = {}
    for box in reversed(graph):  # the highest first
        row[box] = max((row[user] + 1 for user in users[box]), default=0)
    for box in graph:  # what nothing imports stands just above what it imports
        if not users[box]:
            row[box] = max(0, min((row[target] for target in graph[box]), default=1) - 1)
    nodes = {box: Node(box, row[box]) for box in graph}
    rows: list[list[Node]] = [[] for _ in range(max(row.values()) + 1)]
    for node in nodes.values():
        rows[node.row].append(node)
    for box, targets in graph.items():
        for target in targets:
            here = nodes[box]
            for number in range(row[box] + 1, row[target]):
                bend = Node("", number)
                rows[number].append(bend)
                _join(here, bend)
                here = bend
            _join(here, nodes[target])
    return rows


def _join(upper: Node, lower: Node) -> None:
    upper.below.append(lower)
    lower.above.append(upper)


def arrange(rows: list[list[Node]]) -> float:
    """Give each node its place; returns the width of the picture."""
    for row in rows:
        _place(row)
    for turn in range(24):
        down = turn % 2 == 0
        for row in rows if down else reversed(rows):
            wanted = {id(n): _middle(n.above if down else n.below, n.x) for n in row}
            row.sort(key=lambda n: wanted[id(n)])
            _place(row)
    for turn in range(40):  # the order is found: now towards what they are joined to
        for row in rows if turn % 2 else reversed(rows):
            _pull(row)
    left = min(n.x - n.width / 2 for row in rows for n in row) - 12
    for row in rows:
        for node in row:
            node.x -= left
    return max(n.x + n.width / 2 for row in rows for n in row) + 12


def _middle(nodes: Sequence[Node], default: float) -> float:
    return sum(n.x for n in nodes) / len(nodes) if nodes else default


def _place(row: Iterable[Node]) -> None:
    row = list(row)
    x = -sum(n.width + GAP for n in row) / 2
    for node in row:
        node.x = x + (node.width + GAP) / 2
        x += node.width + GAP


def _pull(row: list[Node]) -> None:
    """Move each node of a row towards what it is joined to, as far as its neighbours let it."""
    for number, node in enumerate(row):
        wanted = _middle([*node.above, *node.below], node.x)
        if number:
            before = row[number - 1]
            wanted = max(wanted, before.x + (before.width + node.width) / 2 + GAP)
        if number + 1 < len(row):
            after = row[number + 1]
            wanted = min(wanted, after.x - (after.width + node.width) / 2 - GAP)
        node.x = wanted


def picture() -> str:
    """The rooms and arrows as SVG, the same for the same imports."""
    rows = rows_of(reduced(imports()))
    width = arrange(rows)
    nodes = [node for row in rows for node in row]
    height = 12 + ROW * (len(rows) - 1) + HEIGHT + 12
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" '
        f'width="{width:.0f}" height="{height}" role="img" '
        'aria-label="Rooms of the engine; an arrow means imports">',
        f"<style>{STYLE}</style>",
    ]
    lines += [line for node in nodes if node.name for line in _arrows(node)]
    lines += [line for node in nodes if node.name for line in _box(node)]
    return "\n".join([*lines, "</svg>"]) + "\n"


def _box(node: Node) -> list[str]:
    style = ' class="mark"' if node.name in ("judging", "sandbox", "sandbox.inside") else ""
    left = node.x - BOX / 2
    lines_of = textwrap.wrap(about(node.name), 25)
    top = node.y + 34 - 7 * len(lines_of)
    lines = [
        f'<rect{style} x="{left:.0f}" y="{node.y}" width="{BOX}" height="{HEIGHT}" rx="8"/>',
        f'<text class="name" x="{node.x:.0f}" y="{top}">{escape(node.name)}</text>',
    ]
    for number, words in enumerate(lines_of, 1):
        y = top + 2 + 14 * number
        lines.append(f'<text x="{node.x:.0f}" y="{y}">{escape(words)}</text>')
    return lines


def _arrows(node: Node) -> list[str]:
    lines = []
    for target in node.below:
        here, next_ = node, target
        x, y = _port(node, node.below, target), node.y + HEIGHT
        points = f"M{x:.0f},{y}"
        while True:
            last = bool(next_.name)
            end = _port(next_, next_.above, here) if last else next_.x
            top = next_.y - 7 if last else next_.y
            half = (top - y) / 2
            points += f" C{x:.0f},{y + half:.0f} {end:.0f},{top - half:.0f} {end:.0f},{top}"
            x, y = end, top
            if last:
                break
            y = next_.y + HEIGHT
            points += f" L{x:.0f},{y}"
            here, next_ = next_, next_.below[0]
        lines.append(f'<path d="{points}"/>')
        lines.append(f'<path class="head" d="M{x:.0f},{y + 7} l-4,-8 h8 z"/>')
    return lines


def _port(node: Node, joined: Sequence[Node], other: Node) -> float:
    """Where on its edge a box is left or met: in the order of what it is joined to."""
    ordered = sorted(joined, key=lambda n: n.x)
    place = next(number for number, n in enumerate(ordered) if n is other)
    return node.x + BOX * 0.7 * ((place + 1) / (len(ordered) + 1) - 0.5)


def table() -> str:
    """The layers as a Markdown table, the highest first, as people read."""
    named = {room: name for name, rooms in GROUPS.items() for room in rooms}
    lines = ["| | room | what it holds |", "|---|---|---|"]
    for number, rooms in reversed(list(enumerate(LAYERS, 1))):
        words = "; ".join(dict.fromkeys(about(named.get(room, room)) for room in rooms))
        lines.append(f"| {number} | {', '.join(f'`{room}`' for room in rooms)} | {words} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(picture())
