"""Whether this machine, or this container, has a way out to a network."""

from __future__ import annotations

import contextlib
import errno
import socket
from collections.abc import Iterator
from pathlib import Path

_REJECT = 0x0200  # RTF_REJECT: an address that cannot be reached
_LOCAL = 0x80000000  # RTF_LOCAL: this machine's own addresses
_DOCUMENTATION = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
"""Addresses that nobody has (RFC 5737, RFC 3849)."""


def out(root: Path = Path("/")) -> list[str]:
    """Each way out, in words: ``eth0 has a default route``. Empty where loopback is all there is.

    ``root`` is where /proc is looked for; on ``/`` the kernel is also asked whether it would send
    a packet, because a route may be in a table that /proc does not show. None is sent.
    """
    found = [*_ipv4(root / "proc/net/route"), *_ipv6(root / "proc/net/ipv6_route")]
    if root == Path("/") and not found:
        found += [f"the kernel has a route to {address}" for address in _reached()]
    return list(dict.fromkeys(found))


def _rows(path: Path) -> Iterator[list[str]]:
    with contextlib.suppress(OSError):  # without IPv6 there is no such file
        for line in path.read_text().splitlines():
            if row := line.split():
                yield row


def _words(interface: str, default: bool) -> str:
    return f"{interface} has {'a default route' if default else 'a route'}"


def _ipv4(path: Path) -> Iterator[str]:
    for row in _rows(path):
        interface, destination, flags = row[0], row[1], row[3]
        if interface not in ("Iface", "lo") and not int(flags, 16) & _REJECT:
            yield _words(interface, destination == "00000000")


def _ipv6(path: Path) -> Iterator[str]:
    for row in _rows(path):
        length, flags, interface = row[1], int(row[8], 16), row[9]
        if interface != "lo" and not flags & (_REJECT | _LOCAL):
            yield _words(interface, length == "00")


def _reached() -> Iterator[str]:
    for family, address in _DOCUMENTATION:
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((address, 9))
        except OSError as error:
            if error.errno in (errno.EPERM, errno.EACCES):  # a firewall, with a route behind it
                yield address
            continue
        yield address
