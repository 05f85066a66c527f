"""A cluster of three hosts, one of which is cut off: each is a network namespace."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench.yard import Yard, wait
from tests.cluster.test_deaths import TOY, exact, graded, texts

WORKERS = (1, 2)


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


@pytest.fixture
def hosts() -> Iterator[list[str]]:
    """Names of three namespaces: the first, 10.77.N.1, is linked to the N-th other, 10.77.N.2."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        pytest.skip("needs root and iproute2")
    tag = secrets.token_hex(3)
    names = [f"kata-{tag}-{n}" for n in (0, *WORKERS)]
    try:
        try:
            for name in names:
                ip("netns", "add", name)
        except subprocess.CalledProcessError as error:
            pytest.skip(f"no network namespaces: {error.stderr.decode().strip()}")
        for name in names:
            ip("-n", name, "link", "set", "lo", "up")
        for n in WORKERS:
            near, far = f"k{tag}{n}a", f"k{tag}{n}b"
            ip("-n", names[0], "link", "add", near, "type", "veth", "peer", far)
            ip("-n", names[0], "link", "set", far, "netns", names[n])
            for host, link, last in ((names[0], near, 1), (names[n], far, 2)):
                ip("-n", host, "address", "add", f"10.77.{n}.{last}/24", "dev", link)
                ip("-n", host, "link", "set", link, "up")
            # The scheduler has one address for all.
            ip("-n", names[n], "route", "add", "default", "via", f"10.77.{n}.1")
        yield names
    finally:
        for name in names:
            subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)


def test_a_host_that_is_cut_off_from_the_network_loses_nothing(
    yard: Yard, hosts: list[str], class_of: Callable[[dict[str, str]], Path], tmp_path: Path
) -> None:
    yard.host, yard.address = hosts[0], "tcp://10.77.1.1:0"
    yard.scheduler(**{"worker-ttl": "1s"})  # Dask waits for ten heartbeats: 5 s
    workers = []
    for n in WORKERS:
        yard.host = hosts[n]
        workers.append(yard.stand_in(TOY))
    yard.host = hosts[0]
    class_, out = class_of(texts(40, "wait 0.05")), tmp_path / "out"
    run = yard.grade(TOY, class_, out, "--only", "double")
    wait(lambda: all(map(graded, workers)), run.alive, lambda: run.said)
    ip("-n", hosts[2], "link", "set", f"k{hosts[2].split('-')[1]}2b", "down")
    assert run.code() == 0, run.said
    exact(out, class_, 40)
    assert run.said.count("graded 40 of 40") == 1
