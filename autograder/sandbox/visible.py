"""Which files a worker within a container may open: what bubblewrap would show, as Landlock rules.

Rules only grant, and what is granted for a folder holds for all in it. So where something in an
interpreter's folder must stay hidden, the folders above it are taken apart: their other entries
are granted one by one. Names in these folders can still be listed; Python looks for modules so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from autograder.sandbox import bubblewrap, masking
from autograder.sandbox.inside.landlock import Grant

_DEVICES = ("null", "zero", "full", "random", "urandom", "tty", "ptmx", "pts")


Rules = list[tuple[str, str]]
"""Paths, and what is granted beneath each (:class:`.landlock.Grant`)."""


def rules(secrets: Iterable[Path], *, gpu: bool) -> Rules:
    """What a worker is granted, scratch folders left out.

    :class:`.masking.Exposed` where something of ``secrets`` cannot be hidden.
    """
    roots, needed = bubblewrap.python_roots(), bubblewrap.python_folders()
    hidden: dict[Path, list[Path]] = {}
    for place, within in masking.hidden(roots, secrets, needed):
        hidden[place.resolve()] = [folder.resolve() for folder in within]
    found: dict[Path, str] = {}
    for root in _roots():
        found.update(_granted(root, hidden))
    return [*_strings(found), *_places(gpu)]


def rough(*, gpu: bool) -> Rules:
    """The same, few and with nothing hidden: for a layer on top of :func:`rules`."""
    return [*_strings(dict.fromkeys(_roots(), Grant.READ)), *_places(gpu)]


def _roots() -> list[Path]:
    named = (*masking.system(), *bubblewrap.SYSTEM_FILES, *bubblewrap.python_roots())
    return [root.resolve() for root in named if root.exists()]


def _strings(found: dict[Path, str]) -> Rules:
    return [(str(path), str(grant)) for path, grant in found.items()]


def _places(gpu: bool) -> Rules:
    """What is not of Python or of the system's libraries."""
    devices = [Path("/dev", name) for name in _DEVICES]
    devices += sorted(Path("/dev").glob("nvidia*")) if gpu else []
    used = _strings({path: Grant.USE for path in devices if path.exists()})
    return [*used, ("/dev/shm", str(Grant.SHARE)), ("/proc", str(Grant.LOOK))]


def _granted(path: Path, hidden: dict[Path, list[Path]]) -> Iterator[tuple[Path, str]]:
    """The rules for a path that is to be seen, without what is ``hidden`` in it."""
    if path in hidden:
        for folder in hidden[path]:
            yield from _granted(folder, hidden)
    elif not any(place.is_relative_to(path) for place in hidden):
        yield path, Grant.READ
    else:
        yield path, Grant.LIST
        for entry in sorted(path.iterdir()):
            if not entry.is_symlink():  # where it leads is granted for itself, or not at all
                yield from _granted(entry, hidden)
