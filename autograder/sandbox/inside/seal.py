"""The tag on each reply: shows that it comes from the worker and not from a submission in it.

A submission shares the worker's process and its descriptors, so it can write to the wire. It does
not have the key: the judge sends one to each worker ahead of everything else, and a reply counts
only with the keyed hash (BLAKE2b, RFC 7693) of its number and its bytes.
"""

from __future__ import annotations

import os
from hashlib import blake2b
from hmac import compare_digest

from autograder.sandbox.inside.bare import BUILTINS as __builtins__  # type: ignore # noqa: F401

KEY_BYTES = 16
TAG_BYTES = 16


def new_key() -> bytes:
    """A key for one worker."""
    return os.urandom(KEY_BYTES)


def tag(key: bytes, number: int, *parts: bytes | bytearray) -> bytes:
    """The tag of reply ``number`` (from 1) whose bytes are ``parts``, one after the other."""
    state = blake2b(number.to_bytes(8, "big"), key=key, digest_size=TAG_BYTES)
    for part in parts:
        state.update(part)
    return state.digest()


def genuine(shown: bytes, expected: bytes) -> bool:
    """Whether two tags are the same, in a time that says nothing about them."""
    return compare_digest(shown, expected)
