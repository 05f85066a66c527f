"""The private repository that grades a class with GitHub Actions."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.authoring import github_repository
from autograder.authoring.github_repository import FOR_STUDENTS, WORKFLOW, RepositoryError
from autograder.outline import Course
from tests.in_process import autograde

_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}")
_OFFICIAL = re.compile(r"actions/[\w-]+@v\d+")


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory, toy: Course) -> Path:
    out = tmp_path_factory.mktemp("github") / "grading"
    done = autograde("release", out, "--github", "--course", toy.root)
    assert done.exit_code == 0 and "hidden checks" in done.output, done.output
    return out


@pytest.fixture(scope="module")
def workflow(repository: Path) -> dict[str, Any]:
    return load(repository / WORKFLOW)


def load(path: Path) -> dict[str, Any]:
    yaml = pytest.importorskip("yaml")
    values: dict[Any, Any] = yaml.safe_load(path.read_text())
    values["on"] = values.pop(True)  # YAML 1.1's word for yes
    return values


def steps(workflow: dict[str, Any], *jobs: str) -> Iterator[dict[str, Any]]:
    for name, job in workflow["jobs"].items():
        if not jobs or name in jobs:
            yield from job["steps"]


@pytest.mark.parametrize("name", [WORKFLOW, FOR_STUDENTS])
def test_it_has_few_rights_and_trusts_few(repository: Path, name: str) -> None:
    values = load(repository / name)
    assert values["permissions"] == {"contents": "read"}
    assert "pull_request_target" not in values["on"]
    for job in values["jobs"].values():
        assert job["timeout-minutes"] <= 360
    for step in steps(values):
        if "uses" in step:
            assert _OFFICIAL.fullmatch(step["uses"])
        if step.get("uses", "").startswith("actions/checkout"):
            assert step["with"]["persist-credentials"] is False
        # An expression in a script would be code, of anyone who chooses its value.
        assert not _EXPRESSION.search(step.get("run", ""))


def test_the_token_is_not_where_submissions_run(workflow: dict[str, Any]) -> None:
    used = [step for step in steps(workflow) if "secrets." in str(step)]
    assert used and all(step in list(steps(workflow, "collect")) for step in used)
    assert "secrets." not in str(workflow["jobs"]["grade"])
    collect = " ".join(step.get("run", "") for step in steps(workflow, "collect"))
    assert "autograde" not in collect and "python" not in collect


def test_scripts_are_shell_and_commands_are_ours(repository: Path) -> None:
    for name in (WORKFLOW, FOR_STUDENTS):
        for step in steps(load(repository / name)):
            done = subprocess.run(["bash", "-n"], input=step.get("run", ""), text=True, check=False)
            assert done.returncode == 0
    (grade,) = [s["run"] for s in steps(load(repository / WORKFLOW)) if s.get("name") == "Grade"]
    known = autograde("grade", "--help").output
    options = re.findall(r"(?<= )--[a-z-]+", grade.replace("unshare --net", ""))
    assert options and all(option in known for option in options)
    assert "--walls container" in grade and "--allow-network" not in grade
    assert "unshare --net" in grade


def test_the_repositories_of_a_class_are_fetched(workflow: dict[str, Any], tmp_path: Path) -> None:
    """With a `gh` that stands in for GitHub's: a template, an empty one, another assignment."""
    gh = tmp_path / "gh"
    gh.write_text(
        """#!/bin/sh
        if [ "$1" = repo ]; then printf '%s\\n' hw1 hw1-ann hw1-bob-x hw1-empty hw2-ann; exit; fi
        case $2 in *empty*) echo gone >&2; exit 1 ;; esac
        echo "$GH_TOKEN of $2"
        """
    )
    gh.chmod(0o755)
    (fetch,) = [s for s in steps(workflow) if "Fetch" in s.get("name", "")]
    env = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "GH_TOKEN": "t", "OWNER": "org"}
    done = subprocess.run(
        ["bash", "-e", "-c", fetch["run"]],
        env={**env, "ASSIGNMENT": "hw1"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    found = {p.name: p.read_text() for p in (tmp_path / "submissions").iterdir()}
    assert found == {
        "ann.tar.gz": "t of repos/org/hw1-ann/tarball\n",
        "bob-x.tar.gz": "t of repos/org/hw1-bob-x/tarball\n",
    }
    assert "::warning::hw1-empty was not fetched" in done.stdout
    assert "2 submissions" in done.stdout and (tmp_path / "submissions.tar").is_file()


def test_students_get_nothing_hidden(repository: Path) -> None:
    text = (repository / FOR_STUDENTS).read_text()
    assert "secrets" not in text and "kata check" in text
    assert FOR_STUDENTS.split("/")[0] not in WORKFLOW  # it does not run in this repository


def test_an_older_one_is_replaced_and_another_folder_is_not(
    repository: Path, toy: Course, tmp_path: Path
) -> None:
    (repository / ".git").mkdir(exist_ok=True)
    (repository / "submissions").mkdir(exist_ok=True)
    one = [e for e in toy.exercises if e.id == "stack"]
    files = github_repository.write(toy, one, repository)
    assert not list(repository.rglob("*double*")) and (repository / ".git").is_dir()
    assert (repository / "submissions").is_dir() and repository / WORKFLOW in files
    (tmp_path / "mine.txt").touch()
    with pytest.raises(RepositoryError, match=r"it holds mine\.txt"):
        github_repository.write(toy, one, tmp_path)
    with pytest.raises(RepositoryError, match="is not a folder"):
        github_repository.write(toy, one, tmp_path / "mine.txt")
