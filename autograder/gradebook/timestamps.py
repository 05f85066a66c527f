"""When something was handed in, as nbgrader reads it: ``timestamp.txt`` beside a notebook."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

from autograder.text.regular import NotRegular, open_regular

TIMESTAMP = "timestamp.txt"
CAP = 200
"""Most bytes of such a file."""


def look_at(path: Path) -> None:
    """Raise ``ValueError`` where ``path`` holds a timestamp that would end nbgrader's run."""
    from nbgrader.utils import parse_utc

    if not os.path.lexists(path):
        return
    try:
        with open_regular(path) as file:
            data = file.read(CAP + 1)
    except NotRegular as error:
        raise ValueError(f"timestamp.txt {error.strerror}") from None
    text = data.decode("utf-8").strip()
    if len(data) > CAP:
        raise ValueError("timestamp.txt holds no timestamp")
    if text:
        parse_utc(text)


def handed_in(given: Path, entry: str, chapter: str, *, file_times: bool = False) -> bytes:
    """The timestamp of the submission called ``entry`` in the folder ``given``; empty where it has
    none.

    It lies in the student's folder or in the chapter's folder within. With ``file_times`` a
    submission without one counts as handed in when its zip, or the newest file of its folder,
    was last written. Raises ``ValueError`` for one that nbgrader could not read.
    """
    own = given if given.resolve().name == entry else given / entry
    for path in (own / chapter / TIMESTAMP, own / TIMESTAMP):
        if os.path.lexists(path):
            look_at(path)
            with open_regular(path) as file:
                return file.read(CAP)
    if not file_times:
        return b""
    places = [given] if given.is_file() else [own, given / f"{entry}.zip"]
    times = [time for place in places for time in _times(place)]
    if not times:
        return b""
    when = datetime.datetime.fromtimestamp(max(times), datetime.UTC)
    return f"{when:%Y-%m-%d %H:%M:%S} UTC\n".encode()


def _times(place: Path) -> list[float]:
    if place.is_symlink() or not place.exists():
        return []
    if place.is_file():
        return [place.stat().st_mtime]
    return [
        path.lstat().st_mtime
        for folder, _, names in os.walk(place)
        for path in (Path(folder, name) for name in names)
        if path.suffix in (".py", ".ipynb", ".zip")
    ]
