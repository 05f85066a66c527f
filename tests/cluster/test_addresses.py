"""What is no address of a scheduler is an error in words, before Dask hears of it."""

from __future__ import annotations

import pytest

from autograder.cluster.tls import tls_of
from autograder.errors import KataError


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nonsense",
        "h",
        "tcp://",
        "tcp://h",
        "tcp://:1",
        "tcp://h:0",
        "tcp://h:99999",
        "tcp://h:x",
    ],
)
def test_no_address(address: str) -> None:
    with pytest.raises(
        KataError, match=r"is not the address of a scheduler: write tcp://host:8786"
    ):
        tls_of(None, address)


@pytest.mark.parametrize("address", ["tcp://h:8786", "h:8786", "tcp://[::1]:8786", "ws://h:80"])
def test_addresses(address: str) -> None:
    assert tls_of(None, address) is None
