"""What workers must have in common with their coordinator, and how jobs find those that do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autograder.cluster import parcels
from autograder.cluster.facts import Facts, facts_of, other_versions, refusal
from autograder.model import CheckResult, Job, Result, Verdict, Walls
from autograder.outline import Course

VERSIONS = {"Python": "3.11.7", "torch": "2.13.0"}
OURS = Facts("e" * 64, {"double": "1", "stack": "2"}, Walls.NAMESPACES, VERSIONS)


@pytest.mark.parametrize(
    ("theirs", "why"),
    [
        (replace(OURS, needs=("gpu",), slots=4), ""),
        (replace(OURS, engine="f" * 64), "its engine is ffffffffffff, not eeeeeeeeeeee"),
        (replace(OURS, graders={"double": "1", "stack": "3"}), "graders differ (stack; 1 of 2)"),
        (replace(OURS, graders={**OURS.graders, "more": "1"}), "graders differ (more; 1 of 2)"),
        (replace(OURS, walls=Walls.NONE), "it has no walls, as asked for"),
        (replace(OURS, walls=Walls.CONTAINER), "its walls are container, not namespaces"),
        (replace(OURS, versions={**OURS.versions, "torch": "none"}), "torch none, not torch 2.13"),
    ],
)
def test_a_worker_fits_or_the_reason_is_said(theirs: Facts, why: str) -> None:
    said = refusal(OURS, theirs, mixed=False)
    assert said == why if not why else why in said
    # A task finds a worker by a resource that it announces: those that fit, and no other.
    for mixed in (False, True):
        asked = OURS.asked((), alone=False, mixed=mixed)
        fits = all(theirs.resources().get(name, 0) >= much for name, much in asked.items())
        assert fits is (not refusal(OURS, theirs, mixed=mixed))


def test_mixed_forgives_versions_and_nothing_else() -> None:
    theirs = replace(OURS, versions={"Python": "3.12.3", "torch": "2.13.0"})
    assert refusal(OURS, theirs, mixed=False) and not refusal(OURS, theirs, mixed=True)
    assert other_versions(OURS, theirs) == "Python 3.12.3"
    assert refusal(OURS, replace(theirs, engine="x"), mixed=True)


def test_a_check_that_needs_a_gpu_goes_where_one_is_announced() -> None:
    without, with_gpu = replace(OURS, slots=4), replace(OURS, slots=4, needs=("gpu",))
    asked = OURS.asked(("gpu",), alone=False, mixed=False)
    assert asked["GPU"] == 1 == with_gpu.resources()["GPU"]
    assert "GPU" not in without.resources()
    assert "GPU" not in OURS.asked((), alone=False, mixed=False)


def test_facts_travel_and_know_the_course(toy: Course) -> None:
    facts = facts_of(toy, (), walls=Walls.NAMESPACES, slots=3)
    assert Facts.from_dict(facts.as_dict()) == facts
    assert facts.graders.keys() == {e.id for e in toy.exercises}
    assert facts.alike() != facts_of(toy, (), walls=Walls.NONE, slots=3).alike()
    assert facts.alike() == facts_of(toy, (), walls=Walls.NAMESPACES).alike()


def test_jobs_and_results_come_out_of_a_parcel_as_they_went_in() -> None:
    odd = "a\udcffb"
    job = Job(odd, "double", b"\xff\x00", "7", ("one",), files=(("t.csv", b"1\r\n"),))
    parcel = parcels.Parcel("topic", 3, (job, job), gpu=True)
    assert parcels.unpack(parcels.pack(parcel)) == parcel
    check = CheckResult(
        "t", "T", Verdict.FAILED, 0.1, 0.3, True, odd, seconds=1 / 3, needs=("gpu",)
    )
    result = Result(odd, "double", "7", (check,), 0.3, Verdict.FAILED, review=("line 3: x",))
    reply = parcels.unpack_reply(parcels.pack_reply([result], 0.5, "w", {"Python": "3"}))
    assert reply == parcels.Reply((result,), 0.5, "w", {"Python": "3"})
