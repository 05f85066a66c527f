"""What files beside submissions say, as plain data. Runs in a reader process only.

Gradescope's ``submission_metadata.yml`` is a Ruby program's YAML: keys are symbols
(``:submitters:``), and ids may be numbers with leading zeros, which a YAML reader would change.
Only the few lines that are needed are taken, and everything else is passed over.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

from autograder.text.regular import open_regular

METADATA_CAP = 32 << 20
"""Most bytes of the file."""

ENTRIES_CAP = 20_000
"""Most submissions, and most submitters, that are taken."""

_HEAD = re.compile(r"['\"]?(submission_\d+)['\"]?:\s*$")
_PAIR = re.compile(r"(?P<dash>-\s+)?['\"]?:?(?P<key>[a-z_]+)['\"]?:(?:\s+(?P<value>.*))?$")
_ESCAPE = re.compile(r"\\(x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)")
_FIELDS = ("sid", "email", "name")

Entry = dict[str, object]


def gradescope(path: Path) -> dict[str, Entry]:
    """By ``submission_<id>``: ``submitters``, a list of ``[sid, email, name]``, and ``created_at``.

    Raises ``OSError`` where the file cannot be read and ``ValueError`` where it is too large.
    """
    with open_regular(path) as file:
        data = file.read(METADATA_CAP + 1)
    if len(data) > METADATA_CAP:
        raise ValueError(f"it is larger than {METADATA_CAP >> 20} MiB")
    return parsed(data.decode("utf-8-sig", "replace"))


def parsed(text: str) -> dict[str, Entry]:
    """What :func:`gradescope` returns, from the file's text."""
    found: dict[str, Entry] = {}
    submitters: list[list[str]] = []
    entry: Entry | None = None
    first = -1  # the indent of an entry's own keys
    inside = False  # the list of submitters
    count = 0
    for line in text.splitlines():
        words = line.strip()
        indent = len(line) - len(line.lstrip(" "))
        if not words or words.startswith("#") or words == "---":
            continue
        if indent == 0 and (head := _HEAD.match(words)):
            if len(found) >= ENTRIES_CAP:
                break
            submitters, first, inside = [], -1, False
            entry = found.setdefault(head[1], {"submitters": submitters, "created_at": ""})
            continue
        pair = _PAIR.match(words)
        if entry is None or pair is None:
            continue
        first = indent if first < 0 else first
        if indent <= first and not pair["dash"]:
            inside = pair["key"] == "submitters"
            if pair["key"] == "created_at":
                entry["created_at"] = _scalar(pair["value"])
        elif inside:
            if pair["dash"]:
                count += 1
                submitters.append(["", "", ""])
            if submitters and count <= ENTRIES_CAP and pair["key"] in _FIELDS:
                submitters[-1][_FIELDS.index(pair["key"])] = _scalar(pair["value"])[:200]
    return found


def _scalar(raw: str | None) -> str:
    """A scalar of YAML as text, with quotes and escapes taken off; ids keep their zeros."""
    raw = (raw or "").strip()
    if len(raw) > 1 and raw[0] == raw[-1] == "'":
        return raw[1:-1].replace("''", "'")
    if len(raw) > 1 and raw[0] == raw[-1] == '"':
        return _ESCAPE.sub(_unescaped, raw[1:-1])
    raw = raw.partition(" #")[0].rstrip()
    return "" if raw in ("~", "null", "Null", "NULL") else raw


def _unescaped(found: re.Match[str]) -> str:
    code = found[1]
    if len(code) > 1:
        number = int(code[1:], 16)
        return chr(number) if number < 0x110000 else "\N{REPLACEMENT CHARACTER}"
    return {"n": "\n", "t": "\t", "0": "\0", "e": "\x1b"}.get(code, code)


CONFIG_CAP = 1 << 20
"""Most bytes of an ``nbgrader_config.py``."""


def named_course(path: Path) -> str:
    """The text that the file last assigns to ``c.KataGrading.course``; nothing is executed."""
    with open_regular(path) as file:
        data = file.read(CONFIG_CAP + 1)
    if len(data) > CONFIG_CAP:
        raise ValueError(f"it is larger than {CONFIG_CAP >> 20} MiB")
    named = ""
    for node in ast.parse(data).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            targets = [ast.unparse(target) for target in node.targets]
            if "c.KataGrading.course" in targets and isinstance(node.value.value, str):
                named = node.value.value
    return named
