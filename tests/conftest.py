"""Fixtures that the project's own tests share."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from autograder import outline
from autograder.outline import Course
from autograder.report import jsonl
from autograder.sandbox import bubblewrap
from tests import results_schema
from tests.postgres import server, server_programs

# A shell that starts the tests in the background has them ignore ctrl-C, and all that they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

TOY = Path(__file__).parent / "toy_course"

LONG = (
    "attacks/test_answers.py",
    "golden/test_golden.py",
    "notebooks/test_gradebook.py",
    "notebooks/test_bad_weather.py",
    "notebooks/test_release.py",
    "notebooks/test_browser.py",
    "notebooks/test_harmless.py",
    "notebooks/test_gradebook_entering.py",
    "kata/test_newcomer.py",
    "kata/test_front_page.py",
    "kata/test_jupyterlab.py",
    "test_wheel.py",
    "test_extra_files.py",
    "ingest/test_classes.py",
    "test_grade_command.py",
    "cluster/test_deaths.py",
    "cluster/test_grading.py",
    "cluster/test_network.py",
)
"""Tests that take longest, to be begun first: otherwise all but one worker wait for them."""

SHARED = (
    "notebooks/test_gradebook.py",
    "notebooks/test_release.py",
    "notebooks/test_browser.py",
    "notebooks/test_harmless.py",
    "notebooks/test_gradebook_entering.py",
    "test_wheel.py",
    "test_extra_files.py",
    "ingest/test_classes.py",
    "cluster/test_deaths.py",
    "cluster/test_grading.py",
    "cluster/test_network.py",
    "cluster/test_same_marks.py",
)
"""Tests of one file share something dear: one worker runs them all."""


RARE = (
    "golden/test_golden.py::test_audit",
    "golden/test_golden.py::test_grade",
    "test_wheel.py::test_the_engine_alone",
    "test_wheel.py::test_without_torch",
    "golden/test_golden.py::test_nbgrader",
    "notebooks/test_bad_weather.py",
    "kata/test_jupyterlab.py",
    "kata/test_front_page.py::test_from_the_site",
    "notebooks/test_gradebook.py::test_a_gradebook_in_postgresql",
    "notebooks/test_gradebook.py::test_late_penalty_and_a_regrade",
    "notebooks/test_browser.py",
    "test_gradescope_zip.py::test_setup_and_grading_in_a_bare_debian",
    "cluster/test_same_marks.py",
)
"""Tests that only `make test-all` runs: they take a tenth of the time, and CI has 15 minutes."""

DRAWN = {"notebooks/test_lessons.py::test_cells_show_what_the_lesson_says": 2}
"""Of these tests so many are run, drawn at random; `make test-all` runs each of them."""

HALVED = (
    "attacks/test_answers.py",
    "kata/test_beside.py",
    "kata/test_bug.py::test_from_a_wrong_answer_to_a_fixed_one",
    "kata/test_check.py::test_json_and_all",
    "kata/test_check.py::test_loops_and_floods",
    "kata/test_check.py::test_pass_and_fail",
    "kata/test_check.py::test_prefix_typo_and_path",
    "kata/test_check.py::test_references_pass_without_fork_in_one_interpreter",
    "kata/test_newcomer.py::test_from_init_to_grade",
    "kata/test_progress.py::test_full_disk",
    "notebooks/test_gradebook.py",
    "notebooks/test_gradebook_entering.py",
    "notebooks/test_harmless.py",
    "notebooks/test_release.py",
    "readers/test_readers.py::test_a_class_with_one_of_each",
    "readers/test_readers.py::test_grade_reports_everybody",
    "sandbox/test_container.py",
    "sandbox/test_hostile.py",
    "test_grade_command.py::test_a_class_again",
    "test_grade_command.py::test_a_run_that_is_cut_off_goes_on",
    "test_grade_command.py::test_grader_faults_exit_3",
    "test_grade_command.py::test_results_are_kept_in_postgresql",
    "test_grade_command.py::test_the_same_seed_repeats_the_inputs",
    "test_plain.py",
    "test_wheel.py",
)
"""Half of the time: with `KATA_DRAW`, which `.ci/run` sets, half of these lines are left out, drawn
at random. Tests of a file share what is dear, so a line is run as a whole or not at all."""


class _Sharing(LoadScopeScheduling):  # type: ignore[misc]
    """One worker for the tests of a file in ``SHARED``; any worker for every other test.

    What `--dist loadgroup` promises; with pytest 9.2, pytest-xdist 3.8 does not see the groups.
    """

    def _split_scope(self, nodeid: str) -> str:
        name = nodeid.partition("::")[0].removeprefix("tests/")
        return name if name in SHARED else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> _Sharing:
    return _Sharing(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long tests first, and leave out the rare ones."""
    names = {
        item: str(item.path.relative_to(TOY.parent))
        for item in items
        if item.path.is_relative_to(TOY.parent)
    }
    ranks = {name: number for number, name in enumerate(LONG)}
    items.sort(key=lambda item: ranks.get(names.get(item, ""), len(LONG)))
    if os.environ.get("KATA_ALL_TESTS"):
        return
    skip = pytest.mark.skip(reason="takes long; run by `make test-all`")
    ids = {item: f"{name}::{item.name}" for item, name in names.items()}
    for item, id in ids.items():
        if id.startswith(RARE):
            item.add_marker(skip)
    chance = random.Random(os.environ.get("PYTEST_XDIST_TESTRUNUID"))  # the same in each worker
    for prefix, count in DRAWN.items():
        alike = [item for item, id in ids.items() if id.startswith(prefix)]
        for item in chance.sample(alike, max(0, len(alike) - count)):
            item.add_marker(skip)
    if os.environ.get("KATA_DRAW"):
        out = tuple(chance.sample(HALVED, len(HALVED) // 2))
        skip = pytest.mark.skip(reason="not drawn this time; run by `make test`")
        for item, id in ids.items():
            if id.startswith(out):
                item.add_marker(skip)


@pytest.fixture(scope="session")
def toy() -> Course:
    """The toy course: three exercises that the engine has never heard of."""
    return outline.load(TOY)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """SQLAlchemy URL of a PostgreSQL database; skips where no server is installed."""
    programs = server_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed")
    with server(programs) as url:
        yield url


@pytest.fixture(scope="session", autouse=True)
def _valid_results() -> Iterator[None]:
    """Whatever a test writes into ``results.jsonl`` is what the schema says."""
    line = jsonl.line

    def valid(values: dict[str, Any]) -> str:
        assert not (wrong := results_schema.problems(values)), wrong
        return line(values)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jsonl, "line", valid)
        yield


@pytest.fixture(scope="session")
def walls() -> None:
    """Skip where no wall can be built."""
    reason = bubblewrap.probe()
    if reason:
        pytest.skip(reason)


@pytest.fixture
def bundle(toy: Course, tmp_path: Path) -> Path:
    """A class bundle of the toy course, as `autograde release` writes it, without notebooks."""
    from autograder.authoring import public_checks
    from autograder.authoring.class_bundle import CHECKS
    from autograder.authoring.outline_text import outline_text

    root = tmp_path / "bundle"
    public = {}
    for exercise in toy.exercises:
        reduced = public_checks.reduced(toy, exercise)
        public[exercise.id] = reduced
        stub = toy.stub(exercise).read_text()
        for path, text in (
            (f"exercises/{exercise.chapter}/{exercise.id}.py", stub),
            (f".kata/pristine/exercises/{exercise.chapter}/{exercise.id}.py", stub),
            *(
                (f"{CHECKS}/{exercise.chapter}/{place}", text)
                for place, text in reduced.files.items()
            ),
        ):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
    (root / "outline.toml").write_text(outline_text(toy, toy.chapters, public, CHECKS))
    return root
