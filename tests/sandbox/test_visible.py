"""Which files a worker in a container may open: rules that grant, and never what is secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.sandbox import bubblewrap, masking, visible


@pytest.fixture
def prefix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Python with packages: our own, other projects', and private graders."""
    prefix = tmp_path.resolve() / "python"
    site = prefix / "lib" / "python3.11" / "site-packages"
    for name in ("numpy/core", "autograder/graders", "graders/private"):
        (site / name).mkdir(parents=True)
    (prefix / "bin").mkdir()
    (site / "numpy" / "__init__.py").write_text("")
    (site / "leads").symlink_to(site / "graders")
    monkeypatch.setattr(bubblewrap, "python_folders", lambda: [prefix])
    return prefix


def granted(rules: list[tuple[str, str]], path: Path) -> set[str]:
    """What rules grant for a path: those of each folder above it add up."""
    return {grant for place, grant in rules if path.is_relative_to(place)}


def test_secrets_among_packages_are_not_granted(prefix: Path) -> None:
    site = prefix / "lib" / "python3.11" / "site-packages"
    rules = visible.rules([site / "graders" / "private"], gpu=False)
    for name in ("bin/python", "lib/python3.11/site-packages/numpy/core/a.so"):
        assert "read" in granted(rules, prefix / name)
    for name in ("autograder/graders/test_x.py", "graders/private/test_y.py"):
        assert granted(rules, site / name) == {"list"}
    # A link is no way around it.
    assert str(site / "leads") not in dict(rules)


def test_without_secrets_a_folder_is_one_rule(prefix: Path, tmp_path: Path) -> None:
    (prefix / "lib/python3.11/site-packages/autograder/graders").rmdir()
    (prefix / "lib/python3.11/site-packages/autograder").rmdir()
    rules = dict(visible.rules([tmp_path / "elsewhere"], gpu=False))
    assert rules[str(prefix)] == "read"
    assert rules["/dev/null"] == "use" and rules["/dev/shm"] == "share" and rules["/proc"] == "look"
    assert not {"/", "/etc", "/home", "/root", "/tmp", "/dev", "/sys", "/run"} & set(rules)
    assert {grant for path, grant in rules.items() if path.startswith("/etc")} <= {"read"}


def test_what_cannot_be_hidden_is_refused(prefix: Path) -> None:
    with pytest.raises(masking.Exposed, match="cannot be hidden"):
        visible.rules([prefix], gpu=False)
