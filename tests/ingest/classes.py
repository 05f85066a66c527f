"""One class of thirty in every layout: ``python -m tests.ingest.classes FOLDER``.

The same people with the same work in each; what it is worth stands in :mod:`.people`. All of it
is made from code, the same bytes each time.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.ingest import rosters
from tests.ingest.layouts import LAYOUTS, Laid, laid
from tests.ingest.packing import (
    NOBODY,
    Entry,
    littered,
    wrapped,
    write_folder,
    write_tar,
    write_zip,
    zipped,
)
from tests.ingest.people import PEOPLE, Person

STRAYS = [
    Entry("grading notes.docx", b"PK\3\4 no zip", NOBODY),
    Entry("rubric.pdf", b"%PDF-1.7\n", NOBODY),
    Entry("unnamed.bin", bytes(range(256)), NOBODY),
]
"""What lies in an instructor's folder and belongs to no student."""


def _plain(entries: list[Entry], folder: Path) -> Path:
    return write_folder(entries, folder / "class")


def _wrapper(entries: list[Entry], folder: Path) -> Path:
    return write_folder(wrapped(entries, "HW2 export"), folder / "class")


def _litter(entries: list[Entry], folder: Path) -> Path:
    return write_folder(littered(entries), folder / "class")


def _zip(entries: list[Entry], folder: Path) -> Path:
    return write_zip(entries, folder / "submissions.zip")


def _zip_of_a_mac(entries: list[Entry], folder: Path) -> Path:
    return write_zip(littered(wrapped(entries, "HW2 export")), folder / "Archive.zip")


def _zip_in_a_folder(entries: list[Entry], folder: Path) -> Path:
    """The bulk zip alone in a folder, as a browser's download folder holds it."""
    (folder / "downloads").mkdir()
    write_zip(entries, folder / "downloads" / "submissions.zip")
    return folder / "downloads"


def _zip_twice(entries: list[Entry], folder: Path) -> Path:
    path = folder / "export.zip"
    inner = zipped({e.path: e.data for e in entries})
    return write_zip([Entry("submissions.zip", inner, NOBODY)], path)


def _tar(entries: list[Entry], folder: Path) -> Path:
    return write_tar(entries, folder / "submissions.tar", "w")


def _tgz(entries: list[Entry], folder: Path) -> Path:
    return write_tar(entries, folder / "submissions.tar.gz")


PACKINGS: dict[str, Callable[[list[Entry], Path], Path]] = {
    "plain": _plain,
    "wrapper": _wrapper,
    "litter": _litter,
    "zip": _zip,
    "zip-of-a-mac": _zip_of_a_mac,
    "zip-in-a-folder": _zip_in_a_folder,
    "tar": _tar,
    "tar.gz": _tgz,
}
"""By name: what happened to the download before it was graded."""


def make(
    layout: str,
    packing: str,
    folder: Path,
    *,
    strays: bool = False,
    people: Sequence[Person] = PEOPLE,
) -> tuple[Path, Laid]:
    """Write the class under ``folder``: the path to grade, and who is who."""
    made = laid(layout, people)
    entries = [*made.entries, *(STRAYS if strays else ())]
    return PACKINGS[packing](entries, folder), Laid(entries, made.keys, made.names)


def main() -> int:
    """Write every layout, plain and as downloaded, and every roster."""
    if len(sys.argv) != 2:
        print("usage: python -m tests.ingest.classes FOLDER", file=sys.stderr)
        return 2
    root = Path(sys.argv[1])
    for layout in LAYOUTS:
        for packing in PACKINGS:
            folder = root / layout / packing
            folder.mkdir(parents=True)
            make(layout, packing, folder)
    for name in rosters.ROSTERS:
        (root / f"roster-{name}.csv").write_bytes(rosters.roster(name))
    return 0


if __name__ == "__main__":
    sys.exit(main())
