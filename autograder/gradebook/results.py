"""Where the results come from that are put into a gradebook.

``autograde grade --gradebook`` has graded and hands its results over. Under ``nbgrader
autograde`` and formgrader nothing is graded yet: the first notebook of a run has every
submission of that run graded at once, in parallel, and the others find their results here.
Both go through the store, so that what one has graded the other does not grade again.
"""

from __future__ import annotations

import fnmatch
import functools
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

from traitlets import Bool, Int, List, Unicode
from traitlets.config import LoggingConfigurable

from autograder import outline
from autograder.gradebook.filing import same_name
from autograder.grading import private_graders
from autograder.grading.database import private_paths
from autograder.grading.run import Options, Plan, grade_class, output_folder
from autograder.ingest.submissions import Submission, from_folders, refused
from autograder.model import Result, Walls
from autograder.outline import Course, Exercise
from autograder.report.faults import fault_lines
from autograder.sandbox import bubblewrap, tiers

Key = tuple[str, str]
"""A student, as :func:`same_name` has it, and an exercise id."""


class Results(Mapping[Key, Result]):
    """The results of a class; each is read when it is asked for."""

    def __init__(self, results: Sequence[Result] = ()) -> None:
        self._places: dict[Key, tuple[Sequence[Result], int]] = {}
        self.add(results)

    def add(self, results: Sequence[Result]) -> None:
        """Take ``results`` in, each in place of an earlier one."""
        for number, result in enumerate(results):
            self._places[same_name(result.student), result.exercise] = results, number

    def __getitem__(self, key: Key) -> Result:
        results, number = self._places[key]
        return results[number]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


_known: WeakKeyDictionary[Any, Results] = WeakKeyDictionary()

_texts: WeakKeyDictionary[Any, dict[Key, tuple[Sequence[Submission], int]]] = WeakKeyDictionary()
"""The submissions that were graded, and the place of each among them."""

_finished: WeakSet[Any] = WeakSet()
"""Converters for which nothing more is graded."""


@functools.lru_cache(maxsize=4)
def _loaded(root: Path, changed: int) -> Course:
    """The course in ``root`` as it is since ``changed``: each notebook asks for it four times."""
    return outline.load(root)


class KataGrading(LoggingConfigurable):
    """How submissions are graded under nbgrader; set in ``nbgrader_config.py``."""

    course = Unicode("", help="Course folder; the bundled course when empty.").tag(config=True)
    out = Unicode("out", help="Folder of the store, within the nbgrader course.").tag(config=True)
    db = Unicode("", help="Store as an SQLAlchemy URL; a file in `out` when empty.").tag(
        config=True
    )
    jobs = Int(0, help="How many submissions to grade at once; a few per core when 0.").tag(
        config=True
    )
    seed = Unicode("", help="Use this seed for hidden inputs, to repeat an earlier run.").tag(
        config=True
    )
    sandbox = Bool(True, help="Refuse to grade where no sandbox can be built.").tag(config=True)
    walls = Unicode(
        "",
        help="Walls of the sandbox: namespaces or container; $KATA_WALLS or namespaces when empty.",
    ).tag(config=True)
    allow_network = Bool(
        False, help="With walls of a container: accept that submissions reach its network."
    ).tag(config=True)
    graders = List(Unicode(), help="Folders of private graders.").tag(config=True)

    def opened(self) -> Course:
        """The course; ``OutlineError`` where it cannot be used."""
        root = Path(self.course) if self.course else outline.bundled()
        try:
            changed = outline.outline_path(root).stat().st_mtime_ns
        except OSError:
            changed = 0
        return _loaded(root.resolve(), changed)

    def behind(self) -> Walls:
        """What submissions run behind; ``SandboxUnavailable`` where that cannot be built."""
        if not self.sandbox:
            return Walls.NONE
        try:
            return tiers.built(tiers.asked(self.walls or None, self.allow_network))
        except bubblewrap.SandboxUnavailable as error:
            raise bubblewrap.SandboxUnavailable(
                f"{error}\n  Or set c.KataGrading.sandbox = False to run submissions unprotected."
            ) from None


def hand_over(
    converter: object, results: Sequence[Result], submissions: Sequence[Submission]
) -> None:
    """Let ``converter``, an nbgrader ``Autograde``, find these results instead of grading."""
    _note_texts(converter, submissions)
    _known[converter] = Results(results)
    _finished.add(converter)


def results_for(converter: Any, chapter: str, student: str) -> Mapping[str, Result]:
    """The results of one student's chapter, by exercise id, graded now if they are not known."""
    kata = KataGrading(parent=converter)
    course = kata.opened()
    exercises = tuple(e for e in course.exercises if e.chapter == chapter)
    known = _known.get(converter)
    if known is None:
        submissions = _handed_in(converter.coursedir, course, exercises)
        _note_texts(converter, submissions)
        known = Results(grade(kata, converter.coursedir, course, exercises, submissions))
        _known[converter] = known
    name = same_name(student)
    results = {e.id: r for e in exercises if (r := known.get((name, e.id))) is not None}
    missing = tuple(e for e in exercises if e.id not in results)
    if missing and converter in _finished:
        raise RuntimeError(f"{', '.join(e.id for e in missing)} was not graded for {student}")
    if missing:
        folder = student_folder(converter.coursedir, student, chapter)
        if folder.is_symlink():  # as `autograde grade` does: it may point anywhere
            submission = refused(student, missing, "it is a symbolic link")
        else:
            (submission,) = from_folders([(folder, student)], course, missing)
            _note_texts(converter, [submission])
        known.add(grade(kata, converter.coursedir, course, missing, [submission]))
        results |= {e.id: known[name, e.id] for e in missing}
    return results


def texts_for(converter: Any, chapter: str, student: str) -> dict[str, bytes]:
    """The texts that a student's results for a chapter are of, by exercise id."""
    results = results_for(converter, chapter, student)
    places, name = _texts.get(converter, {}), same_name(student)
    texts = {}
    for id in results:
        if (name, id) in places:
            submissions, number = places[name, id]
            source = submissions[number].answers[id].source
            assert source is not None
            texts[id] = source
    return texts


def _note_texts(converter: object, submissions: Sequence[Submission]) -> None:
    places = _texts.setdefault(converter, {})
    for number, submission in enumerate(submissions):
        for id, answer in submission.answers.items():
            if answer.source is not None:
                places[same_name(submission.student), id] = submissions, number


def student_folder(coursedir: Any, student: str, chapter: str) -> Path:
    """All that a student has handed in: their folder, which holds one for each chapter."""
    path = Path(coursedir.format_path(coursedir.submitted_directory, student, chapter))
    return path.parent if path.name == chapter else path


def _handed_in(
    coursedir: Any, course: Course, exercises: tuple[Exercise, ...]
) -> Sequence[Submission]:
    """Everybody's submissions that this run of nbgrader is about."""
    chapter = exercises[0].chapter if exercises else ""
    root = Path(coursedir.format_path(coursedir.submitted_directory, "*", chapter)).parent.parent
    left_out = coursedir.student_id_exclude.split(",")
    students = [
        entry.name
        for entry in sorted(os.scandir(root), key=lambda e: e.name)
        if entry.is_dir(follow_symlinks=False)
        and fnmatch.fnmatchcase(entry.name, coursedir.student_id)
        and entry.name not in left_out
        and (Path(entry.path) / chapter).is_dir()
    ]
    return from_folders([(root / name, name) for name in students], course, exercises)


def grade(
    kata: KataGrading,
    coursedir: Any,
    course: Course,
    exercises: tuple[Exercise, ...],
    submissions: Sequence[Submission],
) -> Sequence[Result]:
    """Grade, or find in the store; raises ``SandboxUnavailable``, ``PrivateGradersError``,
    ``OutputBusy`` and ``StoreError``."""
    options = _options(kata, coursedir, exercises, kata.behind())
    private_graders.check(course, course.exercises, options.graders, "c.KataGrading.graders:")
    with output_folder(options.out):
        plan = grade_class(course, submissions, options, _Logged(kata.log))
    if plan.not_stored:
        kata.log.error("Results are not stored: %s", plan.not_stored)
    for words in fault_lines(plan.results):
        kata.log.error("%s", words)
    return plan.results


def _options(
    kata: KataGrading, coursedir: Any, exercises: tuple[Exercise, ...], walls: Walls
) -> Options:
    """How nbgrader's configuration says to grade."""
    root = Path(coursedir.root)
    # Each of these may be configured to lie elsewhere.
    submitted = Path(coursedir.format_path(coursedir.submitted_directory, ".", ".")).resolve()
    return Options(
        exercises,
        root / kata.out,
        db=kata.db or shared_store(coursedir) or None,
        jobs=kata.jobs or None,
        seed=kata.seed or None,
        walls=walls,
        graders=tuple((root / folder).resolve() for folder in kata.graders),
        secrets=(root, submitted, *private_paths(coursedir.db_url)),
    )


class _Logged:
    """What nbgrader's log is told of a run."""

    def __init__(self, log: Any) -> None:
        self.log = log

    def begin(self, plan: Plan) -> None:
        if plan.tasks:
            self.log.info("Grading %d answers", len(plan.tasks))

    def meanwhile(self) -> None: ...

    def graded(self, result: Result) -> None: ...


def shared_store(coursedir: Any) -> str:
    """The gradebook's database where that is a server: the store lives there, too."""
    url: str = coursedir.db_url
    return "" if url.startswith("sqlite") else url
