"""What a run takes over from the shell that started it, and what not."""

from __future__ import annotations

import json
import os
import shutil
import site
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import environment, machine
from autograder.outline import Course
from autograder.sandbox import bubblewrap

SHELL = {
    "PYTEST_ADDOPTS": "--cov=. --no-such-option",
    "PYTEST_PLUGINS": "no_such_plugin",
    "PYTHONOPTIMIZE": "2",
    "PYTHONWARNINGS": "error",
    "PYTHONHASHSEED": "0",
    "PYTHONSTARTUP": "/nowhere.py",
    "PYTHONIOENCODING": "ascii",
    "PYTHONUTF8": "0",
    "PYTHONCOERCECLOCALE": "0",
    "PYTHONDEVMODE": "1",
    "PYTHONINTMAXSTRDIGITS": "640",
    "LC_ALL": "C",
    "LANGUAGE": "tr",
    "TZ": "Nowhere/Else",
    "https_proxy": "http://127.0.0.1:1",
    "COVERAGE_PROCESS_START": "/nowhere",
    "OMP_NUM_THREADS": "64",
    "TERM": "dumb",
    "COLUMNS": "20",
    "TMPDIR": "/nowhere",
    "XDG_RUNTIME_DIR": "/nowhere",
}
KEPT = {
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "TMPDIR",
    "TEMP",
    "TMP",
    "XDG_RUNTIME_DIR",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "CUDA_VISIBLE_DEVICES",
    "CUDA_DEVICE_ORDER",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONPYCACHEPREFIX",
    "PYTHONUTF8",
    "LANG",
    "PYTHONPATH",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD",
    *environment.MATH,
}


def test_a_helper_gets_what_is_named_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**SHELL, "LD_PRELOAD": "x.so", "CUDA_VISIBLE_DEVICES": "1"}.items():
        monkeypatch.setenv(name, value)
    made = environment.helper()
    assert set(made) <= KEPT
    assert made["CUDA_VISIBLE_DEVICES"] == "1" and made["TMPDIR"] == "/nowhere"
    assert made["OMP_NUM_THREADS"] == "1" and made["PYTHONUTF8"] == "1"
    assert made["LANG"] == "C.UTF-8" and made["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] == "1"


def test_this_package_is_found_by_where_it_lies(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PYTHONPATH", "/the/shells")
    monkeypatch.setattr(environment, "_user_packages", list)
    assert environment.python_path() == str(environment.PACKAGE.parent)
    assert environment.python_path(Path("/kata")) == "/kata"
    monkeypatch.setattr(site, "getsitepackages", lambda: [str(environment.PACKAGE.parent)])
    assert environment.python_path() == ""
    # A folder before the standard library could stand in for parts of it.
    assert "PYTHONPATH" not in environment.helper()


def test_packages_of_the_user_are_found_where_grading_needs_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(site, "ENABLE_USER_SITE", True)
    monkeypatch.setattr(site, "getusersitepackages", lambda: str(tmp_path))
    assert str(tmp_path) not in environment.python_path()
    monkeypatch.setattr(environment, "PACKAGE", tmp_path / "autograder")
    assert str(tmp_path) in environment.python_path()


def test_pytest_within_this_process_hears_nothing_of_the_shell(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", "--cov=.")
    before = {k: v for k, v in os.environ.items() if k.startswith("PYTEST_")}
    with environment.without_pytest_settings():
        left = {k for k in os.environ if k.startswith("PYTEST_")}
        assert left == {"PYTEST_DISABLE_PLUGIN_AUTOLOAD"}
    assert {k: v for k, v in os.environ.items() if k.startswith("PYTEST_")} == before


@pytest.mark.parametrize(
    "variables",
    [
        {"PYTHONOPTIMIZE": "2"},
        {"PYTHONWARNINGS": "error"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
)
def test_a_program_starts_anew_where_its_python_was_told_otherwise(
    variables: dict[str, str],
) -> None:
    code = (
        "import json, os, sys\n"
        "from autograder import environment\n"
        "sys.argv = ['x', 'a b', '--c']\n"
        "os.execve = lambda program, command, values: print(json.dumps([command, values]))\n"
        "environment.restart('the.module')\n"
    )
    values = {**os.environ, "PYTHONPATH": str(environment.PACKAGE.parent), **variables}
    done = subprocess.run(
        [sys.executable, "-c", code], env=values, capture_output=True, text=True, check=True
    )
    command, made = json.loads(done.stdout)
    assert command[-4:] == ["-m", "the.module", "a b", "--c"]
    assert not {*variables} - {"LC_ALL"} & {*made}
    again = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code],
        env=made,
        capture_output=True,
        text=True,
        check=True,
    )
    assert again.stdout == ""


def test_a_shell_full_of_settings_changes_no_mark(toy: Course, tmp_path: Path, walls: None) -> None:
    """Names that are no ASCII, a course in a folder of odd characters, plugins on the path."""
    odd = tmp_path / "a::b [c] $HOME 50% ?x=1 #'é"
    plugins = odd / "plugins"
    metadata = plugins / "evil-1.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Name: evil\nVersion: 1\n")
    (metadata / "entry_points.txt").write_text("[pytest11]\nevil = evil\n")
    (plugins / "evil.py").write_text("1 / 0")
    for name in ("conftest.py", "class/José 山田/conftest.py"):
        (odd / name).parent.mkdir(parents=True, exist_ok=True)
        (odd / name).write_text("1 / 0")
    (odd / "pytest.ini").write_text("[pytest]\naddopts = --nonsense\nfilterwarnings = error\n")
    (odd / "class/José 山田/double.py").write_text("def double(x):\n    return 2 * x\n")
    shutil.copytree(toy.root, odd / "course")
    values = {
        **{k: v for k, v in os.environ.items() if k not in ("HOME", "USER", "LOGNAME")},
        **SHELL,
        "PYTHONPATH": f"{environment.PACKAGE.parent}{os.pathsep}{plugins}",
    }
    command = [sys.executable, "-m", "autograder.cli", "grade", "class", "--course", "course"]
    done = subprocess.run(
        [*command, "--out", "out", "--only", "double"],
        cwd=odd,
        env=values,
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (line,) = (odd / "out/results.jsonl").read_text(encoding="utf-8").splitlines()
    result = json.loads(line)
    assert (result["student"], result["points"], result["max_points"]) == ("José 山田", 4, 4)
    assert sorted(p.name for p in odd.iterdir()) == [
        "class",
        "conftest.py",
        "course",
        "out",
        "plugins",
        "pytest.ini",
    ]


def test_a_sandbox_is_told_which_gpu_to_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "3")
    assert bubblewrap.unwalled_environment()["CUDA_VISIBLE_DEVICES"] == "3"
    assert "CUDA_VISIBLE_DEVICES" not in bubblewrap.environment()


def test_no_home_and_no_entry_for_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", nowhere)
    assert Path(sys.prefix) in bubblewrap.python_folders()


def test_a_container_with_the_time_of_one_core(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    files = {"cpu.max": "150000 100000\n", "inner/cpu.max": "max 100000\n"}
    (tmp_path / "inner").mkdir()
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    found = [(frozenset[str](), tmp_path, tmp_path / "inner")]
    monkeypatch.setattr("autograder.machine.hierarchies", lambda: iter(found))
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(8)), raising=False)
    assert machine.cores.__wrapped__() == 1
    (tmp_path / "cpu.max").write_text("max 100000\n")
    assert machine.cores.__wrapped__() == 8
    old = tmp_path / "old"
    old.mkdir()
    (old / "cpu.cfs_quota_us").write_text("250000\n")
    (old / "cpu.cfs_period_us").write_text("100000\n")
    found[:] = [(frozenset({"cpu"}), old, old)]
    assert machine.cores.__wrapped__() == 2
    (old / "cpu.cfs_quota_us").write_text("-1\n")
    assert machine.cores.__wrapped__() == 8


@pytest.mark.parametrize("chosen", ["", "-1", " "])
def test_a_gpu_that_this_run_may_not_use_is_none(
    monkeypatch: pytest.MonkeyPatch, chosen: str
) -> None:
    monkeypatch.setattr(Path, "glob", lambda path, pattern: iter([Path(os.devnull)]))
    monkeypatch.setattr(machine, "_torch_knows_gpus", lambda: True)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    assert machine._gpu()
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", chosen)
    assert not machine._gpu()
