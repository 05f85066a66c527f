"""The judge's room: which submission a check sees, and the zygotes that hold it."""

from __future__ import annotations

import contextlib
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import pytest

from autograder import extras
from autograder.judging.hiding import Hiding
from autograder.judging.outcomes import Deferred
from autograder.judging.sides import Bench, Side, generator
from autograder.judging.signs import Signs
from autograder.machine import has
from autograder.model import Job
from autograder.outline import Course, Exercise
from autograder.sandbox.inside import profiles
from autograder.sandbox.inside.profiles import PROFILES
from autograder.sandbox.zygote import Zygote, close_all

_WORD = re.compile(rb"\w+")


def profile_for(exercise: Exercise, source: bytes) -> str:
    """What has to be imported ahead of an answer: what the exercise needs, or the answer names.

    Torch takes 1.5 s of CPU to import, for each check again, and ten times that on a busy
    machine. Whoever imports it without need would meet the limits before the first check.
    """
    known = {*_named(source), profiles.base(exercise.profile)}
    return profiles.with_packages(max(known, key=list(PROFILES).index), exercise.packages)


@lru_cache(maxsize=1)
def _named(source: bytes) -> frozenset[str]:
    """The profiles that a line with an import names. Linear in a stranger's bytes, and done once
    for the checks of one answer."""
    names = {name.encode(): name for name in PROFILES}
    found: set[str] = set()
    # Most answers name none of them, and need not be looked at line by line.
    for line in source.splitlines() if any(name in source for name in names) else []:
        line = line.lstrip(b" \t")
        if line.startswith((b"import", b"from")):
            words = _WORD.findall(line.partition(b"#")[0])
            if words[0] in (b"import", b"from"):
                found.update(names[word] for word in words[1:] if word in names)
    return frozenset(found)


@dataclass
class Room:
    """The sides of one check."""

    rooms: Rooms
    exercise: Exercise
    job: Job
    check: str
    bench: Bench

    def _side(self, role: str, source: bytes) -> Side:
        # The same world for all sides: what is compared must not differ in what is imported.
        profile = profile_for(self.exercise, self.job.texts)
        own = self.rooms.course.files(self.exercise)
        files = self.job.files if role == "student" else ()
        return Side(
            self.bench,
            role,
            self.exercise.id,
            profile,
            source,
            limits=self.exercise.limits,
            around=extras.merged(files, own),
        )

    def student(self) -> Side:
        """The submission."""
        return self._side("student", self.job.source)

    def reference(self) -> Side:
        """The reference solution."""
        return self._side("reference", self.rooms.reference_source(self.exercise))

    def baseline(self, source: str) -> Side:
        """A module of the grader's own."""
        return self._side("baseline", source.encode())

    @cached_property
    def rng(self) -> random.Random:
        """Source of generated inputs for this check."""
        return generator(self.job.seed, self.exercise.id, self.check)


class Rooms:
    """Opens a room for each check of the current job; owns the zygotes."""

    def __init__(
        self,
        course: Course,
        *,
        walls: bool = True,
        secrets: tuple[Path, ...] = (),
        slot: int | None = None,
    ) -> None:
        self.course, self.walls, self.slot = course, walls, slot
        # Each of a course's folders may be a link to somewhere else.
        parts = [course.root / name for name in ("solutions", "tests", "course", "exercises")]
        self.secrets = (course.root, course.graders, *parts, *secrets)
        self.job: Job | None = None
        self.signs = Signs()
        self.bench: Bench | None = None
        """Of the check that ran last, for what is to be said of it."""
        self._zygotes: dict[tuple[str, bool, bool], Zygote] = {}
        self._references: dict[str, bytes] = {}

    def zygote(self, profile: str, role: str, gpu: bool = False) -> Zygote:
        """The warm process for a profile; students and trusted code never share one."""
        trusted = role != "student"
        key = (profile, trusted, gpu)
        if key not in self._zygotes:
            made = Zygote(profile, self.secrets, self.walls, gpu, self.slot, trusted)
            self._zygotes[key] = made
        return self._zygotes[key]

    def reference_source(self, exercise: Exercise) -> bytes:
        """Text of the reference solution."""
        if exercise.id not in self._references:
            self._references[exercise.id] = self.course.solution(exercise).read_bytes()
        return self._references[exercise.id]

    def _traces(self, exercise: Exercise) -> bool:
        """Whether the exercise is about tracing or profiling, as its reference shows."""
        if not self.course.solution(exercise).is_file():  # a class bundle
            return True
        return re.search(rb"[Pp]rofile|settrace", self.reference_source(exercise)) is not None

    @contextlib.contextmanager
    def room(self, item: pytest.Item) -> Iterator[Room]:
        """The room of one check of the current job, its workers ended afterwards."""
        assert self.job is not None
        exercise = self.course.exercise(self.job.exercise)
        mark = item.get_closest_marker("kata")
        spec = mark.args[0] if mark else None
        needs = spec.needs if spec else ()
        for need in needs:
            if not has(need):
                raise Deferred(need)
        gpu = "gpu" in needs
        rng = generator(self.job.seed, exercise.id, f"{item.name}/worker")

        def zygote(profile: str, role: str) -> Zygote:
            return self.zygote(profile, role, gpu)

        hidden = spec is not None and not spec.public
        hiding = Hiding(self.course.grader_parts(item.path), self.job.texts) if hidden else None
        self.bench = bench = Bench(
            zygote, rng.getrandbits(31), hiding=hiding, tracing=self._traces(exercise)
        )
        try:
            yield Room(self, exercise, self.job, item.name, bench)
        finally:
            for sign in bench.signs.found:
                self.signs.add(sign)
            bench.close()

    def with_job(self, job: Job) -> None:
        """Make ``job`` the one whose rooms are opened from now on."""
        self.job, self.bench = replace(job), None

    def begin(self, job: Job) -> None:
        """A job begins, of one check or many: signs are gathered anew."""
        self.signs = Signs()
        exercise = self.course.exercise(job.exercise)
        if self.course.solution(exercise).is_file():
            self.signs.look(job.source, self.reference_source(exercise), job.files)

    def close(self) -> None:
        """End every zygote."""
        close_all(self._zygotes.values())
        self._zygotes.clear()


def spec_of(item: pytest.Item) -> Any:
    """The ``CheckSpec`` of an item, or None."""
    mark = item.get_closest_marker("kata")
    return mark.args[0] if mark else None
