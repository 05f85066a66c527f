"""File names for students, whatever their folders were called."""

from __future__ import annotations

import hashlib
import re

_UNSAFE = re.compile(r"[^\w.@+-]+")
_LONGEST = 120
# Names that mean a device on Windows, with or without an extension.
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?$", re.IGNORECASE)


def file_name(student: str, suffix: str) -> str:
    """``<student><suffix>``, safe on every file system and different for different students.

    A name that had to be changed carries a few digits of a digest, so two students whose
    names differ in a slash do not share a page.
    """
    stem = _UNSAFE.sub("_", student).lstrip(".-")[:_LONGEST]
    changed = stem != student or not stem or _RESERVED.match(stem)
    # On a file system that ignores case, Ann and ann would be one file.
    if changed or stem != stem.lower():
        stem = f"{stem or 'student'}-{hashlib.sha256(student.encode()).hexdigest()[:8]}"
    return f"{stem}{suffix}"
