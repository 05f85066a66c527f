"""The vocabulary of graders: what they repeat, once.

Words are of two kinds. Those that run *in the sandbox* are used within an observation, beside the
submission; they come along by themselves. Those that run *in the judge* read what came back and
fail the check: ``read``, ``read_paced``, ``matches``, ``kind_of``, ``same``, ``difference``,
``Refusal``, ``beside_server`` and all whose names begin with ``expect_``. ``docs/vocabulary.md``
says which word checks what.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograder.judging.comparing import difference, same
from autograder.judging.vocabulary.clocks import fake_clock, replaced
from autograder.judging.vocabulary.decorating import (
    WRAPS,
    expect_metadata,
    expect_method_calls,
    lost_metadata,
    method_calls,
)
from autograder.judging.vocabulary.evidence import expect_in_order, kind_of, matches, read
from autograder.judging.vocabulary.files import in_another_locale, put
from autograder.judging.vocabulary.gates import at_once, company, expect_all_ended
from autograder.judging.vocabulary.iterating import (
    counted,
    drained,
    expect_drained,
    paced,
    read_paced,
    take,
)
from autograder.judging.vocabulary.leftovers import (
    alive,
    descriptors,
    expect_nothing_left,
    polled,
    processes,
    shared_blocks,
    threads,
)
from autograder.judging.vocabulary.measures import expect_peak, expect_speed, retained, traced_peak
from autograder.judging.vocabulary.refusals import (
    Refusal,
    error_of,
    expect_refusal,
    expect_refusals,
    kinds_of,
    refusal,
)
from autograder.judging.vocabulary.servers import LIBRARY, WAITING_ROOM, asked, beside_server
from autograder.judging.vocabulary.tasks import (
    coroutine_end,
    coroutines,
    coroutines_rest,
    in_company,
)

if TYPE_CHECKING:
    from autograder.judging.vocabulary.cuda import fake_cuda
    from autograder.judging.vocabulary.http_client import HTTP_CLIENT

__all__ = [
    "HTTP_CLIENT",
    "LIBRARY",
    "WAITING_ROOM",
    "WRAPS",
    "Refusal",
    "alive",
    "asked",
    "at_once",
    "beside_server",
    "company",
    "coroutine_end",
    "coroutines",
    "coroutines_rest",
    "counted",
    "descriptors",
    "difference",
    "drained",
    "error_of",
    "expect_all_ended",
    "expect_drained",
    "expect_in_order",
    "expect_metadata",
    "expect_method_calls",
    "expect_nothing_left",
    "expect_peak",
    "expect_refusal",
    "expect_refusals",
    "expect_speed",
    "fake_clock",
    "fake_cuda",
    "in_another_locale",
    "in_company",
    "kind_of",
    "kinds_of",
    "lost_metadata",
    "matches",
    "method_calls",
    "paced",
    "polled",
    "processes",
    "put",
    "read",
    "read_paced",
    "refusal",
    "replaced",
    "retained",
    "same",
    "shared_blocks",
    "take",
    "threads",
    "traced_peak",
]

_DEAR = {"HTTP_CLIENT": "http_client", "fake_cuda": "cuda"}
"""Words of one exercise, and the modules that hold them: read when they are asked for."""


def __getattr__(name: str) -> Any:
    if name in _DEAR:
        import importlib

        return getattr(importlib.import_module(f"{__name__}.{_DEAR[name]}"), name)
    raise AttributeError(f"the vocabulary has no word {name!r}")
