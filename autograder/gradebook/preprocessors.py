"""nbgrader preprocessors: stubs for releases, results for autograding."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader import utils
from nbgrader.preprocessors import ClearSolutions, NbGraderPreprocessor, SaveAutoGrades

from autograder import stubs
from autograder.gradebook.results import KataGrading, results_for
from autograder.model import Result
from autograder.report.cell_output import feedback

_OPEN = "kata_open"
"""In the resources: grade ids that a person has to look at, and the points that are sure."""

CHECKS = "-checks"


class ClearExercises(ClearSolutions):  # type: ignore[misc]
    """Clears solutions as nbgrader does, and ours as ``autograde stubs`` does.

    A region of helpers at module level leaves nothing behind, where nbgrader would leave a
    ``raise`` that no student could get past.
    """

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        self.course = KataGrading(parent=self).opened()
        self.known = {e.id: e for e in self.course.exercises}
        return super().preprocess(nb, resources)  # type: ignore[no-any-return]

    def preprocess_cell(
        self, cell: NotebookNode, resources: Any, index: int
    ) -> tuple[NotebookNode, Any]:
        """Replace one solution cell by its stub."""
        exercise = self.known.get(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
        if exercise is None or not utils.is_solution(cell):
            return super().preprocess_cell(cell, resources, index)  # type: ignore[no-any-return]
        path = Path(f"the cell of {exercise.id}")
        cell.source = stubs.stub_text(exercise, cell.source, path).rstrip("\n")
        return cell, resources


class InsertResults(NbGraderPreprocessor):  # type: ignore[misc]
    """In place of ``Execute``: runs nothing, and gives each checks cell its result's outputs."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        converter = self.parent.parent
        about = resources["nbgrader"]
        results = results_for(converter, about["assignment"], about["student"])
        left: dict[str, float | None] = {}
        for cell in nb.cells:
            if cell.cell_type != "code":
                continue
            cell.outputs, cell.execution_count = [], None
            if not utils.is_grade(cell):
                continue
            grade_id = cell.metadata.nbgrader["grade_id"]
            result = results.get(grade_id.removesuffix(CHECKS))
            if result is not None and grade_id.endswith(CHECKS):
                cell.outputs = outputs(result)
                if result.faulted:
                    left[grade_id] = result.points if result.max_points else None
            elif not utils.is_solution(cell):
                # Without an output nbgrader would give it full marks.
                cell.outputs = _left_open()
                left[grade_id] = None
        resources[_OPEN] = left
        return nb, resources


def outputs(result: Result) -> list[NotebookNode]:
    """Feedback, then the points as a plain number, which is what nbgrader reads."""
    number = max(0.0, min(result.points, result.max_points))
    return [
        new_output("stream", name="stdout", text=feedback(result)),
        new_output("execute_result", data={"text/plain": repr(round(number, 2))}),
    ]


def _left_open() -> list[NotebookNode]:
    text = "This cell belongs to no exercise of the course: it was not run. Grade it by hand.\n"
    return [
        new_output("stream", name="stdout", text=text),
        new_output("execute_result", data={"text/plain": "0"}),
    ]


class SaveMarks(SaveAutoGrades):  # type: ignore[misc]
    """Saves marks as nbgrader does; what a grader's fault leaves open is left for a person."""

    def _add_score(self, cell: NotebookNode, resources: Any) -> None:
        super()._add_score(cell, resources)
        grade_id = cell.metadata["nbgrader"]["grade_id"]
        left = resources.get(_OPEN, {})
        if grade_id in left:
            grade = self.gradebook.find_grade(
                grade_id, self.notebook_id, self.assignment_id, self.student_id
            )
            grade.auto_score = left[grade_id]
            grade.needs_manual_grade = True
            self.gradebook.db.commit()
