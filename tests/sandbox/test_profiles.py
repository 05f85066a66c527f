"""What a sandbox imports ahead: an installation that is broken is nobody's wrong answer."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.environment import PACKAGE
from autograder.sandbox.inside import profiles


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of an empty package that ``profiles`` imports, with one that is not there."""
    name = "stands_in_for_numpy"
    folder = tmp_path / name
    folder.mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(profiles, "PROFILES", {"numpy": ("not_installed_at_all", name)})
    monkeypatch.setattr(profiles, "PACKAGES", ("not_installed_at_all", name))
    monkeypatch.delitem(sys.modules, name, raising=False)
    return folder


def test_what_is_not_installed_is_left_out(package: Path) -> None:
    (package / "__init__.py").write_text("")
    profiles.preload("numpy")
    assert package.name in sys.modules


def test_what_does_not_load_is_said_with_the_first_cause(package: Path) -> None:
    (package / "__init__.py").write_text(
        "try:\n    raise ImportError('libblas.so.3:\\n no such file')\n"
        "except ImportError as error:\n"
        "    raise ImportError('a page of general advice') from error\n"
    )
    with pytest.raises(ImportError, match=r"for_numpy does not load here: libblas.so.3: no such"):
        profiles.preload("numpy")


def test_a_package_whose_own_import_is_missing_does_not_load(package: Path) -> None:
    (package / "__init__.py").write_text("import its_own_dependency\n")
    with pytest.raises(ImportError, match="does not load here: No module named 'its_own"):
        profiles.preload("numpy")


def test_what_a_package_puts_off_is_done_ahead(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (package / "__init__.py").write_text("")
    done: list[str] = []
    monkeypatch.setattr(profiles, "REHEARSALS", {package.name: lambda: done.append("once")})
    profiles.preload(f"numpy+{package.name}", skip=(package.name,))
    assert done == []
    profiles.preload(f"numpy+{package.name}")
    assert done == ["once"]


def test_what_graders_import_of_python_is_there_before_a_submission() -> None:
    """Otherwise a module of the submission's could be imported in its place."""
    wanted: set[str] = set()
    for path in sorted((PACKAGE / "graders").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                wanted |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                wanted.add(node.module)
    assert len(wanted) > 20
    script = "import json, sys\nfrom autograder.sandbox.inside import profiles\n"
    script += "profiles.preload('plain')\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    there = json.loads(done.stdout)
    assert wanted
    own = {name for name in wanted if name.partition(".")[0] in sys.stdlib_module_names}
    assert own - set(there) - {"__future__"} == set()
