"""What differs between two runs of the same commands, taken out of the text that they leave.

Every rule says what varies. A rule that is too broad hides a change of behaviour, so each one
matches the form in which the engine writes the value, and nothing else.
"""

from __future__ import annotations

import re
from pathlib import Path

_NUMBER = r"\d+(?:\.\d+)?"
_TIME = rf"{_NUMBER}(?:e[+-]\d+)? (?:s|ms|µs|ns)"

_RULES: tuple[tuple[str, str], ...] = (
    # Times of day and dates: 2026-11-30 20:49[:05[.123456]][ UTC|+00:00|Z].
    (r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?( UTC|[+-]\d\d:\d\d|Z)?", "<time>"),
    (r"\d{4}-\d\d-\d\d", "<date>"),
    # How long a check took, in results.jsonl and in `kata check --json`.
    (rf'"seconds": {_NUMBER}(e[+-]\d+)?', '"seconds": <s>'),
    # How long a command took, at the end of a line of its screen: `; 31.3 s`.
    (r"; (\d+ min )?\d+(\.\d+)? s$", "; <s> s"),
    # Progress, a line every few seconds where the screen is no terminal. How many there are and
    # what the first ones say depends on the machine; the end is told by the next line.
    (r"^graded \d+ of \d+, .*\n", ""),
    # Times with three digits, under a check of speed: `Time 90 ms, the reference 1.02 s: 11.30x`.
    (rf"Time {_TIME}, the (\w+) {_TIME}:", r"Time <t>, the \1 <t>:"),
    # What was measured has a decimal point: `Peak 8.2 MB`, `1.04x`. (Limits in seconds and MiB
    # are whole numbers, `Timed out after 2 s`; limits of ratios come after these words.)
    (
        r"(?<!below )(?<!at most )(?<!at least )(?<!limit is )"
        r"\b\d+\.\d+( MB| MiB| kB| ms| s\b|x\b| items at a time|, and the limit)",
        r"<n>\1",
    ),
    # How often it took to tell, and whether it could not be told from the limit (which passes).
    (r"^.*Measured \d+ times.* too close to the limit to fail it\..*\n", ""),
    (r"Measured \d+ times(; the machine was busy)?", "Measured <n> times"),
    (r', "undecided": true(?=[,}])', ""),
    # How many objects a singleton without a lock gave: a race.
    (r"threads at once got \d+ different objects", "threads at once got <n> different objects"),
    # The evidence in `kata check --json`.
    (rf'"(first|second|ratio)": {_NUMBER}(e[+-]\d+)?', r'"\1": <n>'),
    (r'"runs": \d+', '"runs": <n>'),
    (r'"(undecided|busy)": (true|false)', r'"\1": <bool>'),
    # Addresses in the repr of an object.
    (r"\b0x[0-9a-f]{6,}\b", "<address>"),
    # Versions: of Python in a message and in notebooks, of nbgrader's parts in pages.
    (r"\bPython 3\.\d+(\.\d+)?", "Python <version>"),
    # Digests in hexadecimal, as long as MD5 or longer.
    (r"\b[0-9a-f]{32,64}\b", "<digest>"),
)
RULES = tuple((re.compile(pattern, re.MULTILINE), by) for pattern, by in _RULES)


def text(given: str, folders: dict[Path, str]) -> str:
    """``given`` without what varies; each of ``folders`` becomes the name beside it."""
    # The longest first: one may lie in another.
    for folder in sorted(folders, key=lambda folder: -len(str(folder))):
        given = given.replace(str(folder), folders[folder])
    for pattern, by in RULES:
        given = pattern.sub(by, given)
    return given


_FAULT = re.compile(r'"fault": "((?:[^"\\]|\\.)*)"')
_BREAK = "\\n"  # as JSON writes it


def jsonl(given: str, folders: dict[Path, str]) -> str:
    """Results, with a line for each check instead of one for each exercise.

    Of a fault only the error is left: its frames name files and lines of the engine.
    """
    return text(_FAULT.sub(_last_line, given).replace(', {"name": ', ',\n  {"name": '), folders)


def _last_line(fault: re.Match[str]) -> str:
    return f'"fault": "…{"".join(fault[1].rpartition(_BREAK)[1:])}"'


def audit(given: str, folders: dict[Path, str]) -> str:
    """The table of an audit, without its last column: seconds per specimen."""
    return re.sub(r" +\d+\.\d\d $", " <s>", text(given, folders), flags=re.MULTILINE)


def page(given: str, folders: dict[Path, str]) -> str:
    """A page that nbconvert wrote, without the hundred kilobytes of its style and scripts."""
    for element in ("style", "script"):
        given = re.sub(rf"<{element}\b.*?</{element}>", f"<{element}/>", given, flags=re.DOTALL)
    return text(given, folders)
