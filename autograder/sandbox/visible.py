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


def rules(secrets: Iterable[Path], *, gpu: bool) -> list[tuple[str, str]]:
    """Paths and what is granted beneath each, scratch folders left out.

    :class:`.masking.Exposed` where something of ``secrets`` cannot be hidden.
    """
    roots, needed = bubblewrap.python_roots(), bubblewrap.python_folders()
    hidden: dict[Path, list[Path]] = {}
    for place, within in masking.hidden(roots, secrets, needed):
        hidden[place.resolve()] = [folder.resolve() for folder in within]
    found: dict[Path, str] = {}
    for root in (*masking.system(), *bubblewrap.SYSTEM_FILES, *roots):
        if root.exists():
            found.update(_granted(root.resolve(), hidden))
    devices = [Path("/dev", name) for name in _DEVICES]
    devices += sorted(Path("/dev").glob("nvidia*")) if gpu else []
    found.update({path: Grant.USE for path in devices if path.exists()})
    found[Path("/dev/shm")] = Grant.SHARE
    found[Path("/proc")] = Grant.LOOK
    return [(str(path), str(grant)) for path, grant in found.items()]


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
