"""Whom a zygote runs as: two runs on one machine must not share a user's limit on processes."""

from __future__ import annotations

import os

import pytest

from autograder.sandbox import bubblewrap


def test_each_process_has_users_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bubblewrap, "mapped", lambda uid: True)
    seen = set()
    for pid in (7, 8, 4_194_304):
        monkeypatch.setattr(os, "getpid", lambda pid=pid: pid)
        seen |= {bubblewrap.user(None, trusted) for trusted in (False, True)}
    assert len(seen) == 6 and max(seen) < 1 << 31


def test_where_few_ids_are_mapped(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a rootless container there are 65 536 ids."""
    monkeypatch.setattr(bubblewrap, "mapped", lambda uid: uid < 65_536)
    seen = {bubblewrap.user(None, trusted) for trusted in (False, True)}
    assert len(seen) == 2 and max(seen) < 65_536
    assert bubblewrap.user(3, trusted=True) == bubblewrap.SANDBOX_UID + 7


def test_the_map_is_read() -> None:
    assert bubblewrap.mapped(os.getuid()) and not bubblewrap.mapped(1 << 33)
