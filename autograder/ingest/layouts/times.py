"""Times in the names of a download, in whatever language and order the platform writes them."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable, Iterable

FORMAT = "%Y-%m-%d %H:%M"

# What months begin with, without accents, in the languages of platforms' users.
_MONTHS = (
    ("jan", "ene", "gen", "ocak", "sty", "led", "tammi"),
    ("feb", "fev", "sub", "lut", "uno", "helmi"),
    ("mar", "maa", "mrt", "bre", "maalis"),
    ("apr", "avr", "abr", "nis", "kwi", "dub", "huhti"),
    ("may", "mai", "mei", "maj", "mag", "kve", "touko"),
    ("jun", "juin", "giu", "haz", "cze", "kesa"),
    ("jul", "juil", "lug", "tem", "lip", "heina"),
    ("aug", "aou", "ago", "agu", "sie", "srp", "elo"),
    ("sep", "set", "eyl", "wrz", "zar", "syys"),
    ("oct", "okt", "out", "ott", "eki", "paz", "rij", "loka"),
    ("nov", "kas", "lis", "marras"),
    ("dec", "dez", "dic", "des", "ara", "gru", "pro", "joulu"),
)
_NUMERIC = re.compile(r"(?<!\d)(\d{1,4})[-./](\d{1,2})[-./](\d{1,4})(?!\d)")
_EASTERN = re.compile(r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]?")
_CLOCK = re.compile(
    r"(?i)(?<!\d)(\d{1,2})\s?[:.h-]?\s?(\d\d)(?:[:.-]\d\d)?(?!\d)\s*(?:([ap])\.?\s?m\b)?"
)
_Day = tuple[int, int, int]


def reader(texts: Iterable[str]) -> Callable[[str], str | None]:
    """Reads times as ``2018-03-29 12:05``; None for those that cannot be read.

    ``texts`` are all times of one download: they say whether the day or the month comes first.
    """
    texts = list(texts)
    pairs = [(int(m[1]), int(m[2])) for text in texts for m in _NUMERIC.finditer(text)]
    halves = any(re.search(r"(?i)\d\s*[ap]\.?\s?m\b", text) for text in texts)
    month_first = any(b > 12 for a, b in pairs if a <= 12) or (
        halves and not any(12 < a <= 31 for a, _ in pairs)
    )
    return lambda text: _read(text, month_first)


def _read(text: str, month_first: bool) -> str | None:
    match = _numeric(text, month_first) or _named(text)
    if match is None:
        return None
    (year, month, day), rest = match
    clock = _CLOCK.search(rest)
    if clock is None:
        return None
    hour = int(clock[1])
    if clock[3]:
        hour = hour % 12 + (12 if clock[3].lower() == "p" else 0)
    try:
        return datetime.datetime(year, month, day, hour, int(clock[2])).strftime(FORMAT)
    except ValueError:
        return None


def _numeric(text: str, month_first: bool) -> tuple[_Day, str] | None:
    match = _EASTERN.search(text) or _NUMERIC.search(text)
    if match is None:
        return None
    first, second, third = (int(part) for part in match.groups())
    if first > 31:
        day = (first, second, third)
    else:
        day = (third, first, second) if month_first else (third, second, first)
    return day, text[match.end() :].lstrip("T ")


def _named(text: str) -> tuple[_Day, str] | None:
    """A month by its name, a day beside it, and a year."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    year = re.search(r"(?<!\d)((?:19|20)\d\d)(?!\d)", plain)
    words = re.findall(r"[^\W\d_]{3,}", plain[: year.start()] if year else "")
    months = [
        (n, len(p)) for w in words for n, ps in enumerate(_MONTHS, 1) for p in ps if w.startswith(p)
    ]
    days = re.findall(r"(?<!\d)\d{1,2}(?!\d)", plain[: year.start()] if year else "")
    if year is None or not months or not days:
        return None
    month = max(months, key=lambda m: m[1])[0]
    return (int(year[1]), month, int(days[0])), plain[year.end() :]
