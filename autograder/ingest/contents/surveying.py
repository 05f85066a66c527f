"""What lies in one archive: its members under caps, without litter; of two, the last counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from autograder.ingest.contents import archives, litter
from autograder.ingest.contents.archive_members import ArchiveProblem, Member
from autograder.ingest.contents.files import SourceFile
from autograder.text.regular import Unreadable

TWICE = "the archive holds it twice; the last one counts"


@dataclass(slots=True)
class Inside:
    """A member: its name, what was read of it, or why nothing was; ``named`` if it has its row."""

    name: str
    reason: str
    file: SourceFile | None = None
    named: bool = False


@dataclass(slots=True)
class Survey:
    """``litter`` counts the members of each folder that is litter, by folder and reason;
    ``problem`` is why the archive, or the rest of it, is not read, ``fault`` whose it is."""

    inside: list[Inside] = field(default_factory=list)
    litter: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrapper: str = ""
    problem: str = ""
    unreadable: Unreadable | None = None


def survey(
    source: Path | bytes,
    name: str,
    taken: Callable[[Member], Inside],
    holds_work: Callable[[set[str]], bool],
) -> Survey:
    """Read an archive; ``taken`` is called with each member that may be more than litter."""
    found = Survey()
    met: dict[str, Inside] = {}
    plain = litter.Sieve((), holds_work)
    try:
        for member in archives.members(source, name):
            above = plain.folder(member.name)
            if above[1]:
                found.litter[above] += 1
                continue
            reason = litter.file(member.name.rpartition("/")[2])
            one = Inside(member.name, reason) if reason else taken(member)
            if member.target and one.file is not None:
                _follow(one.file, met.get(member.target))
            earlier = met.pop(member.name, None)
            if earlier is not None:
                found.inside.append(Inside(member.name, TWICE))
            met[member.name] = one
    except ArchiveProblem as error:
        found.problem = str(error)
    except Unreadable as error:
        found.unreadable = error
    _without_environments(met, found, holds_work)
    found.inside += met.values()
    found.wrapper = _wrapper([PurePosixPath(i.name) for i in met.values() if i.file is not None])
    return found


def _follow(file: SourceFile, target: Inside | None) -> None:
    """Give a hard link within an archive what the member holds that it is a link to."""
    if target is not None and target.file is not None:
        same = replace(target.file)
        file.data, file.cells, file.problem = same.data, same.cells, same.problem
        file.as_notebook = same.as_notebook


def _without_environments(
    met: dict[str, Inside], found: Survey, holds_work: Callable[[set[str]], bool]
) -> None:
    """Only when all names are known is it known which folders are environments."""
    if not any(name.rpartition("/")[2] == litter.ENVIRONMENT_MARK for name in met):
        return
    sieve = litter.Sieve(met, holds_work)
    for name in list(met):
        above = sieve.folder(name)
        if above[1]:
            found.litter[above] += 1
            del met[name]


def _wrapper(paths: list[PurePosixPath]) -> str:
    """Many tools wrap everything in one folder: it counts as the root, as if it were not there.

    A lone chapter folder is no wrapper, but its name matters only to say where a file was.
    """
    tops = {p.parts[0] for p in paths}
    return tops.pop() if len(tops) == 1 and all(len(p.parts) > 1 for p in paths) else ""
