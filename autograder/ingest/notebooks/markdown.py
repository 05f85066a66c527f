"""Markdown that a student wrote, made harmless before anything renders it.

nbgrader and nbconvert put a cell's HTML, its links and its formulas into the page as they are. So
the text itself is changed: wherever a character could begin something active, a WORD JOINER
(U+2060, which takes no space) follows it, and every renderer shows it as the text that it is. Then
it is rendered once, and what has anything but plain formatting in it (an element, an attribute or
an address that is not on the list) is shown as it was typed, in a block of code.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import re
import signal
from collections.abc import Iterator
from typing import Any

import bleach
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

SHOWN_CAP = 20_000
"""Most characters of one cell that a page shows: what renders pages has no limits of its own."""

_ATTACHED_CAP = 4 << 20  # characters of base64 of one cell's pictures
_SECONDS = 1.0  # of CPU time that rendering one cell may take

_JOINER = "\N{WORD JOINER}"
_ENTITIES = "amp|lt|gt|quot|apos|nbsp|ndash|mdash|hellip|times|le|ge|ne|larr|rarr|deg|middot"
_BETWEEN = r"[\s\\]{0,4}"
_SCHEMES = "|".join(
    _BETWEEN.join(name)
    for name in (
        "javascript",
        "vbscript",
        "livescript",
        "data",
        "file",
        "blob",
        "filesystem",
        "jar",
        "about",
        "intent",
        "view-source",
    )
)
_PICTURE = r"image/(?:png|jpeg|gif|webp);base64,"
_ACTIVE = (
    re.compile(r"<(?=[A-Za-z/!?])"),  # a tag, a comment, an address
    re.compile(
        rf"&(?!(?:{_ENTITIES});)(?=#|[A-Za-z][A-Za-z0-9]{{1,40}};)"
    ),  # a character in disguise
    # Commands of MathJax that make links, styles and elements, or load more commands.
    re.compile(
        r"\\(?=(?:href|url|style|class|cssId|require|unicode|bbox|includegraphics|html[A-Za-z]*|"
        r"data|mmlToken|texttip|tooltip|Tip|toggle|action|csname|catcode)(?![A-Za-z]))",
        re.IGNORECASE,
    ),
    re.compile(rf"(?:{_SCHEMES}){_BETWEEN}(?=:(?!{_PICTURE}))", re.IGNORECASE),
    re.compile(r"[`~]{3}[ \t]*(?=mermaid)", re.IGNORECASE),  # which draws with scripts
)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\ud800-\udfff]")

_TAGS = frozenset(
    re.findall(
        r"\w+",
        """
    a abbr b blockquote br code dd del div dl dt em figure h1 h2 h3 h4 h5 h6 hr i img ins li mark ol
    p pre s section span strong sub sup table tbody td th thead tr ul input
""",
    )
)
_ATTRIBUTES = frozenset(["align", "alt", "colspan", "id", "rowspan", "start", "title"])
_CLASSES = re.compile(
    r"anchor-link|highlight|language-[\w+.-]*|[a-z]{1,3}\d?|footnotes?|math|"
    r"task-list-item(?:-checkbox)?"
)
_ALIGNED = re.compile(r"text-align: ?(?:left|right|center);?")
_LINK = re.compile(r"(?:https?://|mailto:|#)[^\s]*|[\w%./?=&-]*(?:#[^\s]*)?", re.IGNORECASE)


_REHEARSED = """\
# One of each

Plain, *emphasis*, **strong**, `code`, ~~gone~~, $x^2$, [a link](https://example.org "t"), <b>b</b>.

> quoted

- [ ] item
1. item

| a | b |
|---|:-:|
| 1 | &lt; |

```python
x = 1
```

$$y$$

---
"""


class _Unsafe(BaseException):  # no library's `except Exception` is meant to catch it
    """The rendered text holds something that is not on the list, or rendering it failed."""


def harmless(source: str, attachments: Any = None, *, known: bool = False) -> tuple[str, Any]:
    """A markdown cell's text and pictures that do nothing but show themselves.

    ``known`` says that the text stands in the course's own lesson: it is not rendered to see.
    What is not a picture, or too large a one, is left out. Must run in a reader.
    """
    pictures = _pictures(attachments)
    if len(source) > SHOWN_CAP:
        return literal(source), None
    neutral = _neutral(source)
    if known and "attachment:" not in neutral:
        return neutral, pictures or None
    try:
        with _time_limit(_SECONDS):
            _look_through(neutral, pictures)
    except _Unsafe:
        return literal(source), None
    return neutral, pictures or None


def rehearse() -> None:
    """Have the libraries build what they build at their first use: a reader then need not.

    A small notebook takes a reader 10 ms of CPU time instead of 40.
    """
    harmless(_REHEARSED)


def literal(source: str) -> str:
    """The text as it was typed, as a block of code; cut where it is very long."""
    shown = _neutral(source[:SHOWN_CAP])
    if len(source) > SHOWN_CAP:
        shown += f"\n… cut: this cell has {len(source)} characters"
    longest = max((len(run) for run in re.findall(r"`+", shown)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{shown}\n{fence}"


def _neutral(source: str) -> str:
    source = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", source)
    for pattern in _ACTIVE:
        source = pattern.sub(lambda found: found[0] + _JOINER, source)
    return source


def _pictures(attachments: Any) -> dict[str, dict[str, str]]:
    """Attachments that are pictures of a common kind, one kind for each name."""
    neutral: dict[str, dict[str, str]] = {}
    left = _ATTACHED_CAP
    for name, bundle in attachments.items() if isinstance(attachments, dict) else ():
        for kind in ("image/png", "image/jpeg", "image/gif", "image/webp"):
            data = bundle.get(kind) if isinstance(bundle, dict) else None
            if isinstance(data, list) and all(isinstance(part, str) for part in data):
                data = "".join(data)
            if isinstance(name, str) and isinstance(data, str) and len(data) <= left:
                with contextlib.suppress(binascii.Error, ValueError):
                    whole = base64.b64decode("".join(data.split()), validate=True)
                    neutral[_CONTROL.sub("", name)[:200]] = {kind: base64.b64encode(whole).decode()}
                    left -= len(data)
                    break
    return neutral


@contextlib.contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """:class:`_Unsafe` after ``seconds`` of this process's CPU time."""

    def too_long(number: int, frame: Any) -> None:
        raise _Unsafe

    before = signal.signal(signal.SIGVTALRM, too_long)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _look_through(source: str, pictures: dict[str, dict[str, str]]) -> None:
    """Render as nbconvert does; :class:`_Unsafe` where more than formatting comes of it."""
    try:
        rendered = MarkdownWithMath(
            renderer=IPythonRenderer(escape=False, attachments=pictures)
        ).render(source)
        if not {name.lower() for name in re.findall(r"<[/!?]?([^\s/>]*)", rendered)} <= _TAGS:
            raise _Unsafe

        def allowed(tag: str, name: str, value: str) -> bool:
            if not _is_plain(tag, name, value):
                raise _Unsafe
            return True

        bleach.clean(
            rendered,
            tags=_TAGS,
            attributes=allowed,
            protocols=["http", "https", "mailto", "data"],
            strip=False,
        )
    except _Unsafe:
        raise
    except Exception as error:  # what cannot be rendered here would stop nbgrader there
        raise _Unsafe from error


def _is_plain(tag: str, name: str, value: str) -> bool:
    if name == "src":
        return tag == "img" and re.match(f"data:{_PICTURE}", value) is not None
    if name == "href":
        return tag == "a" and _LINK.fullmatch(value) is not None
    if name == "class":
        return all(_CLASSES.fullmatch(word) for word in value.split())
    if name == "style":
        return _ALIGNED.fullmatch(value) is not None
    if tag == "input":
        return (name, value) in {("type", "checkbox"), ("disabled", ""), ("checked", "")}
    return name in _ATTRIBUTES
