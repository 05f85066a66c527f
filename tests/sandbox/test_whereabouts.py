"""Where a worker's code was at a timeout, from what faulthandler writes."""

from __future__ import annotations

from autograder.sandbox.whereabouts import parsed

SAID = """Thread 0x00007f01 (most recent call first):
  File "/tmp/submission/helper.py", line 9 in wait
  File "/usr/lib/python3/threading.py", line 1002 in run

Current thread 0x00007f02 (most recent call first):
  File "/usr/lib/python3/json/decoder.py", line 353 in raw_decode
  File "/tmp/submission/count_up.py", line 12 in __next__
  File "/tmp/submission/count_up.py", line 20 in run
  File "/kata/observation.py", line 4 in seen
"""


def test_the_innermost_frame_is_the_last() -> None:
    assert parsed(SAID, "count_up", frozenset()) == [[20, "run"], [12, "__next__"]]


def test_another_thread_where_this_one_waits_elsewhere() -> None:
    assert parsed(SAID, "other", frozenset(["helper.py"])) == [[9, "wait", "helper.py"]]
    assert parsed(SAID, "other", frozenset()) == []


def test_anything_else_is_nothing() -> None:
    for said in ("", "Current thread\n", SAID[:60], SAID.replace("submission", "elsewhere")):
        assert parsed(said, "count_up", frozenset(["helper.py"])) == []
