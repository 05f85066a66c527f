"""Whether bytes are Python source text, decided as Python itself decides it.

For readers only: a codec that a submission names may cost any amount of time or memory.
"""

from __future__ import annotations

import ast
import re
import warnings

# PEP 263: a declaration stands in a comment of one of the first two lines.
_DECLARED = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_REFUSED = re.compile(r"encoding|codec|decode|null byte|\bBOM\b", re.IGNORECASE)
BOM = b"\xef\xbb\xbf"


def encoding_problem(data: bytes) -> str:
    """Why the bytes are no Python source text, in words; empty if they are."""
    wide = _wide(data)
    if wide:
        return f"is {wide} text, which Python does not read: save it as UTF-8"
    if b"\0" in data:
        return "holds zero bytes: it is not a text file"
    declared = _declaration(data)
    if not declared or re.fullmatch(r"(?i)utf-?_?8", declared):
        try:
            data.decode("utf-8")
        except UnicodeDecodeError as error:
            return f"{_no_text(data, error)}; save it as UTF-8"
        return ""
    refusal = _refusal(data)
    if not refusal:
        return ""
    try:
        data.decode(declared)
    except UnicodeDecodeError as error:
        if error.start < len(data) and error.encoding.replace("_", "-") != "punycode":
            return _no_text(data, error)
    except Exception:  # a codec may raise anything; Python's own words say it best
        pass
    return f"names an encoding that cannot be used ({refusal})"


def _wide(data: bytes) -> str:
    """``UTF-16`` or ``UTF-32`` where that is what the bytes are, by their mark or their zeros."""
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "UTF-32"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    if b"\0" not in data:
        return ""
    head = data[:512]
    zeros = max(head[::2].count(0), head[1::2].count(0))
    return "UTF-16" if len(head) > 8 and 2 * head.count(0) > zeros > 0.35 * len(head) else ""


def _declaration(data: bytes) -> str:
    """The encoding that the file names; empty where it names none."""
    lines = data.removeprefix(BOM)[:20_000].splitlines()[:2]
    for line in lines:
        match = _DECLARED.match(line)
        if match:
            return match[1].decode("ascii", "replace")
        if line.strip() and not line.strip().startswith(b"#"):
            break
    return ""


def _refusal(data: bytes) -> str:
    """Python's own words where it refuses the encoding of a file; empty where it takes it.

    What is wrong beyond the encoding is no matter here: it is told when the file is loaded.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(data)
    except SyntaxError as error:
        words = str(error.msg)
        return words[:120] if _REFUSED.search(words) and not _has_own_words(error) else ""
    except (LookupError, UnicodeError, ValueError, AssertionError) as error:
        return (str(error) or type(error).__name__)[:120]
    except RecursionError:
        return ""  # Python read it, and it is for the sandbox to say what it is worth
    return ""


def _has_own_words(error: SyntaxError) -> bool:
    """Whether the error is about a place within the text, such as a string with a bad escape."""
    return (error.lineno or 0) > 0 and "(unicode error)" in str(error.msg) and bool(error.text)


def _no_text(data: bytes, error: UnicodeDecodeError) -> str:
    line = data.count(b"\n", 0, error.start) + 1
    return f"is not {error.encoding} text: byte 0x{data[error.start]:02x} in line {line}"
