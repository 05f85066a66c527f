"""A late penalty: a share of the score for every day that has begun."""

from __future__ import annotations

import math

from nbgrader.plugins import BasePlugin
from traitlets import Float


class LatePenalty(BasePlugin):  # type: ignore[misc]
    """``per_day`` of the score for each day begun after ``grace_minutes``, ``at_most`` in all."""

    per_day = Float(0.1, help="Share of the score that each day begun costs.").tag(config=True)
    grace_minutes = Float(15.0, help="Minutes after the due date that cost nothing.").tag(
        config=True
    )
    at_most = Float(1.0, help="Largest share of the score that lateness costs.").tag(config=True)

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """Points to take off, None where there are none. nbgrader calls this for each notebook."""
        seconds = total_seconds_late - 60 * self.grace_minutes
        if seconds <= 0:
            return None
        share = min(self.per_day * math.ceil(seconds / 86_400), self.at_most, 1.0)
        return round(score * share, 2)
