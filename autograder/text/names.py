"""File names for students, whatever their folders were called."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_UNSAFE = re.compile(r"[^\w.@+-]+")
_LONGEST = 120
_LONGEST_BYTES = 200  # a name takes 255 bytes at most on most file systems
# Names that mean a device on Windows, with or without an extension.
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?$", re.IGNORECASE)
_DIGITS = 24  # of a digest: 96 bits, so nobody finds a name that shares another's
# What ends like a digest of ours gets one, too: it could be another student's whole name.
_LIKE_OURS = re.compile(r"-[0-9a-f]{8,}$", re.IGNORECASE)


def file_name(student: str, suffix: str) -> str:
    """``<student><suffix>``, safe on every file system and different for different students.

    A name that had to be changed carries a digest, so two students whose names differ in a
    slash do not share a page; so does a name that looks as if it carried one.
    """
    stem = _UNSAFE.sub("_", student).lstrip(".-")[:_LONGEST]
    while len(stem.encode("utf-8", "replace")) > _LONGEST_BYTES:
        stem = stem[:-1]
    changed = stem != student or not stem or _RESERVED.match(stem) or _LIKE_OURS.search(stem)
    # On a file system that ignores case or ways of writing, Ann and ann would be one file.
    if changed or stem != unicodedata.normalize("NFKC", stem).casefold():
        digest = hashlib.sha256(student.encode("utf-8", "surrogatepass")).hexdigest()
        stem = f"{stem or 'student'}-{digest[:_DIGITS]}"
    return f"{stem}{suffix}"
