"""The rooms of checks: which submission each check sees, and where its workers come from."""

from __future__ import annotations

import contextlib
import hashlib
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from autograder import extras
from autograder.judging.hiding import Hiding
from autograder.judging.outcomes import Deferred
from autograder.judging.peak import Peak
from autograder.judging.scope import CheckScope
from autograder.judging.settings import JudgeSettings
from autograder.judging.sides import WorkerSide
from autograder.judging.signs import Signs
from autograder.judging.specs import CheckSpec
from autograder.machine import has
from autograder.model import Job
from autograder.outline import Course, Exercise
from autograder.sandbox.inside import profiles
from autograder.sandbox.inside.profiles import PROFILES
from autograder.sandbox.protocols import WorkerSource
from autograder.sandbox.walls import Roots
from autograder.sandbox.zygote import Zygote

if TYPE_CHECKING:
    import pytest

_WORD = re.compile(rb"\w+")
COMPILER = "torch._dynamo"
"""Loaded by optimisers, ``torch.export`` and ``torch.compile``; takes as long as torch itself."""

_LOADS_COMPILER = re.compile(rb"\b(_dynamo|checkpoint|compiler?|export|optim)\b")


def profile_for(exercise: Exercise, source: bytes) -> str:
    """What has to be imported ahead of an answer: what the exercise needs, or the answer names.

    Torch takes 1.5 s of CPU to import, for each check again, and ten times that on a busy
    machine. An answer that imports it without need would meet the limits before the first check.
    """
    known = {*_named(source), profiles.base(exercise.profile)}
    most = max(known, key=list(PROFILES).index)
    compiles = most == "torch" and _LOADS_COMPILER.search(source) is not None
    packages = {*exercise.packages, *([COMPILER] if compiles else [])}
    return profiles.with_packages(most, packages)


@lru_cache(maxsize=1)
def _named(source: bytes) -> frozenset[str]:
    """The profiles that a line with an import names. Linear in a stranger's bytes, and done once
    for the checks of one answer."""
    names = {name.encode(): name for name in PROFILES}
    profiles_: set[str] = set()
    # Most answers name none of them, and need not be looked at line by line.
    for line in source.splitlines() if any(name in source for name in names) else []:
        line = line.lstrip(b" \t")
        if line.startswith((b"import", b"from")):
            words = _WORD.findall(line.partition(b"#")[0])
            if words[0] in (b"import", b"from"):
                profiles_.update(names[word] for word in words[1:] if word in names)
    return frozenset(profiles_)


def generator(seed: str, exercise: str, check: str) -> random.Random:
    """The source of hidden inputs: the same for the same run seed, exercise and check."""
    digest = hashlib.sha256(f"{seed}\0{exercise}\0{check}".encode()).digest()
    return random.Random(int.from_bytes(digest, "big"))


def spec_of(item: pytest.Item) -> CheckSpec | None:
    """What ``@check`` says of an item; None where it has none."""
    mark = item.get_closest_marker("kata")
    spec = mark.args[0] if mark and mark.args else None
    return spec if isinstance(spec, CheckSpec) else None


@dataclass
class WorkerRoom:
    """A :class:`~autograder.judging.protocols.Room` whose sides are workers."""

    rooms: WorkerRooms
    exercise: Exercise
    job: Job
    check: str
    scope: CheckScope

    def _side(self, role: str, source: bytes) -> WorkerSide:
        # The same world for all sides: what is compared must not differ in what is imported.
        profile = profile_for(self.exercise, self.job.texts)
        own = self.rooms.course.files(self.exercise)
        files = self.job.files if role == "student" else ()
        return WorkerSide(
            self.scope,
            role,
            self.exercise.id,
            profile,
            source,
            limits=self.exercise.limits,
            around=extras.merged(files, own),
        )

    def student(self) -> WorkerSide:
        return self._side("student", self.job.source)

    def reference(self) -> WorkerSide:
        return self._side("reference", self.rooms.reference_source(self.exercise))

    def baseline(self, source: str) -> WorkerSide:
        return self._side("baseline", source.encode())

    @cached_property
    def rng(self) -> random.Random:
        return generator(self.job.seed, self.exercise.id, self.check)


class WorkerRooms:
    """The :class:`~autograder.judging.protocols.Rooms` of a judge; owns the sources of workers."""

    def __init__(self, course: Course, settings: JudgeSettings) -> None:
        self.course, self.walls, self._slot = course, settings.walls, settings.slot
        # Each of a course's folders may be a link to somewhere else.
        parts = [course.root / name for name in ("solutions", "tests", "course", "exercises")]
        secrets = (*settings.secrets, *settings.graders)
        self.secrets = (course.root, course.graders, *parts, *secrets)
        self.job: Job | None = None
        self.signs = Signs()
        self.scope: CheckScope | None = None
        self.roots: Roots | None = None
        """What zygotes are forked from; without, each has a wall of its own."""
        self._sources: dict[tuple[str, bool, bool], WorkerSource] = {}
        self._references: dict[str, bytes] = {}
        self._peaks: dict[bytes, Peak] = {}

    def source(self, profile: str, role: str, gpu: bool = False) -> WorkerSource:
        """Where workers with a profile come from; students and trusted code never share one."""
        trusted = role != "student"
        key = (profile, trusted, gpu)
        if key not in self._sources:
            self._sources[key] = Zygote(
                profile, self.secrets, self.walls, gpu, self._slot, trusted, roots=self.roots
            )
        return self._sources[key]

    def reference_source(self, exercise: Exercise) -> bytes:
        if exercise.id not in self._references:
            self._references[exercise.id] = self.course.solution(exercise).read_bytes()
        return self._references[exercise.id]

    def _traces(self, exercise: Exercise) -> bool:
        """Whether the exercise is about tracing or profiling, as its reference shows."""
        if not self.course.solution(exercise).is_file():  # a class bundle
            return True
        return re.search(rb"[Pp]rofile|settrace", self.reference_source(exercise)) is not None

    @contextlib.contextmanager
    def room(self, item: pytest.Item) -> Iterator[WorkerRoom]:
        assert self.job is not None
        exercise, spec = self.course.exercise(self.job.exercise), spec_of(item)
        needs = spec.needs if spec else ()
        for need in needs:
            if not has(need):
                raise Deferred(need)
        gpu = "gpu" in needs
        hidden = spec is not None and not spec.public
        self.scope = scope = CheckScope(
            lambda profile, role: self.source(profile, role, gpu),
            generator(self.job.seed, exercise.id, f"{item.name}/worker").getrandbits(31),
            hiding=Hiding(self.course.grader_parts(item.path), self.job.texts) if hidden else None,
            tracing=self._traces(exercise),
            peaks=self._peaks,
        )
        try:
            yield WorkerRoom(self, exercise, self.job, item.name, scope)
        finally:
            for sign in scope.signs.found:
                self.signs.add(sign)
            scope.close()

    def with_job(self, job: Job) -> None:
        self.job, self.scope = job, None

    def begin(self, job: Job) -> None:
        self.signs = Signs()
        exercise = self.course.exercise(job.exercise)
        if self.course.solution(exercise).is_file():
            self.signs.look(job.source, self.reference_source(exercise), job.files)

    def close(self) -> None:
        for source in self._sources.values():
            with contextlib.suppress(OSError):  # whatever becomes of the others
                source.close()
        self._sources.clear()
