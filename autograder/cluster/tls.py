"""The address of a scheduler, and its TLS: a folder with three files, as Dask takes them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from distributed import Security
from distributed.comm.addressing import parse_address, parse_host_port

from autograder.errors import KataError

SCHEMES = ("tcp", "tls", "ws", "wss", "ucx")
"""How Dask talks between machines."""

FILES = ("ca.pem", "cert.pem", "key.pem")
"""The authority's certificate, this machine's own, and its key."""


@dataclass(frozen=True, slots=True)
class Tls:
    """A folder with :data:`FILES`."""

    folder: Path

    def security(self) -> Security:
        """For Dask: nobody connects without a certificate of the same authority."""
        authority, certificate, key = (str(self.folder / name) for name in FILES)
        return Security(
            tls_ca_file=authority,
            **{f"tls_{role}_cert": certificate for role in ("client", "worker", "scheduler")},
            **{f"tls_{role}_key": key for role in ("client", "worker", "scheduler")},
            require_encryption=True,
        )


def _check(address: str) -> None:
    """:class:`KataError` for what Dask cannot connect to: its client would print a traceback."""
    try:
        scheme, location = parse_address(address)
        host, port = parse_host_port(location)
    except ValueError:
        scheme, host, port = "", "", 0
    if scheme not in SCHEMES or not host or not 0 < port < 65536:
        raise KataError(
            f"--scheduler {address!r} is not the address of a scheduler: write tcp://host:8786"
        )


def tls_of(folder: Path | None, address: str) -> Tls | None:
    """The TLS of ``--tls FOLDER``; :class:`KataError` where files are missing, or where the
    scheduler's address is not one or does not ask for it."""
    _check(address)
    if folder is None:
        if address.startswith("tls://"):
            raise KataError(f"{address} needs --tls FOLDER, with {', '.join(FILES)} in it")
        return None
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise KataError(f"--tls {folder} has no {missing[0]}: it must hold {', '.join(FILES)}")
    if not address.startswith("tls://"):
        raise KataError(f"--tls needs a scheduler address such as tls://host:8786, not {address}")
    return Tls(folder)
