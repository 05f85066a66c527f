"""What of a bound folder a sandbox must not see: private paths, and this project's own traces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from autograder.errors import KataError

PACKAGE = Path(__file__).resolve().parent.parent
_DISTRIBUTIONS = ("kata_autograder", "kata_course")
_SITES = ("lib*/python3*/site-packages", "lib*/python3*/dist-packages", "lib/python3*")
_SAYS_NOTHING = ("METADATA", "WHEEL", "INSTALLER", "LICENSE")
_MOST_POINTERS = 1 << 16  # bytes of a .pth file that are read


class Exposed(KataError):
    """A private path that cannot be hidden; the message says which and why."""


def arguments(
    roots: Sequence[Path], secrets: Iterable[Path], needed: Iterable[Path] = ()
) -> list[str]:
    """Of bubblewrap: hide each secret folder or file that lies inside a bound folder.

    ``roots`` are bound as they are named, the system's folders beside them. Links are resolved
    on both sides: what counts is where a path lies, not how it was called. A folder in
    ``needed`` stays in sight when a secret one holds it, as a checkout its ``.venv``.
    """
    options: list[str] = []
    for place, within in hidden(roots, secrets, needed):
        if place.is_dir():
            options += ["--tmpfs", str(place)]
            for folder in within:
                options += ["--ro-bind", str(folder), str(folder)]
            options += ["--remount-ro", str(place)]
        else:
            options += ["--ro-bind", "/dev/null", str(place)]
    return options


def hidden(
    roots: Sequence[Path], secrets: Iterable[Path], needed: Iterable[Path] = ()
) -> Iterator[tuple[Path, list[Path]]]:
    """What to hide of ``roots`` and the system, outer folders first; with each the folders of
    ``needed`` that lie in it. See :func:`arguments`."""
    needed = sorted(needed)
    bound = [*roots, *system()]
    private = {PACKAGE, *_installed_copies(roots), *secrets, *_traces(roots)}
    folders: list[Path] = []
    for place in sorted({p for secret in private for p in _places(secret, bound)}):
        shown = [n for n in needed if place.is_relative_to(n)]
        above = [h for h in folders if place.is_relative_to(h)]
        if above and not any(n.is_relative_to(h) for n in shown for h in above):
            continue  # the course within an installed package
        if place in bound or place in needed:
            raise Exposed(
                f"{place} holds the interpreter or the system and cannot be hidden from "
                "submissions; use another folder"
            )
        if place.is_dir():
            folders.append(place)
        yield place, [n for n in needed if n.is_relative_to(place)]


def system() -> list[Path]:
    """The system's folders that a sandbox shows, links left out."""
    names = ("usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32", "etc/alternatives")
    return [path for name in names if (path := Path("/", name)).is_dir() and not path.is_symlink()]


def _places(secret: Path, bound: Iterable[Path]) -> set[Path]:
    """Where a secret would be seen: below each bound folder that holds it, whatever its name."""
    real = secret.resolve()
    if not real.exists():
        return set()
    places = set()
    for root in bound:
        within = root.resolve()
        if real.is_relative_to(within):
            places.add(root / real.relative_to(within))
    return places


def _installed_copies(roots: Iterable[Path]) -> list[Path]:
    """This package wherever it is installed within ``roots``: an old copy holds answers, too."""
    return [copy for site in _sites(roots) for copy in site.glob(PACKAGE.name)]


def _sites(roots: Iterable[Path]) -> list[Path]:
    """Folders that packages are installed in, the roots themselves included."""
    above = [*roots, Path("/usr"), Path("/usr/local")]
    below = [site for root in above for pattern in _SITES for site in root.glob(pattern)]
    return [*above, *below]


def _traces(roots: Iterable[Path]) -> list[Path]:
    """Files that name the folder this project lies in, or the files it was installed with."""
    checkout = str(PACKAGE.parent).encode()
    traces: list[Path] = []
    for site in _sites(roots):
        for folder in site.glob("kata_*-*-info"):  # .dist-info, .egg-info
            if folder.name.startswith(_DISTRIBUTIONS):
                files = (file for file in folder.rglob("*") if file.is_file())
                traces += [file for file in files if file.name not in _SAYS_NOTHING]
        for pattern in ("*.pth", "*.egg-link", "__editable__*"):
            traces += [
                file for file in site.glob(pattern) if file.is_file() and _names(file, checkout)
            ]
    return traces


def _names(file: Path, checkout: bytes) -> bool:
    if any(name in file.name.replace("-", "_") for name in _DISTRIBUTIONS):
        return True
    try:
        with file.open("rb") as stream:
            return checkout in stream.read(_MOST_POINTERS)
    except OSError:
        return False


def database(path: Path) -> list[Path]:
    """What to hide of a database file: its folder, with the files that come and go beside it.

    Where something else lies there, too, which may be needed: the files there are now.
    """
    path = path.resolve()
    beside = list(path.parent.iterdir()) if path.parent.is_dir() else []
    if all(p.name.startswith(path.name) for p in beside):
        return [path.parent]
    return sorted(p for p in beside if p.name.startswith(path.name))
