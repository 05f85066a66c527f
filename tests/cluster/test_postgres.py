"""Two coordinators, one cluster, one database: each result is stored once, and both have it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from bench.yard import Yard
from tests.cluster.test_deaths import TOY, exact, graded, texts


def test_two_coordinators_share_a_cluster_and_a_database(
    yard: Yard, class_of: Callable[[dict[str, str]], Path], tmp_path: Path, postgres: str
) -> None:
    yard.scheduler()
    workers = [yard.stand_in(TOY, slots=2) for _ in range(2)]
    class_ = class_of(texts(40))
    outs = [tmp_path / "one", tmp_path / "two"]
    asked = ("--only", "double", "--seed", "shared", "--db", postgres)
    runs = [yard.grade(TOY, class_, out, *asked) for out in outs]
    for run, out in zip(runs, outs, strict=True):
        assert run.code() == 0, run.said
        exact(out, class_, 40)
    assert len(graded(*workers)) == 40
    engine = sa.create_engine(postgres)
    with engine.connect() as connection:
        query = "SELECT count(*), count(DISTINCT key) FROM kata_graded WHERE result LIKE '%shared%'"
        assert tuple(connection.execute(sa.text(query)).one()) == (40, 40)
    engine.dispose()
