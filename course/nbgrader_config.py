# nbgrader with Kata's execution. `autograde build` copies this file into an nbgrader course,
# where you may edit it. These commands and formgrader's button then give the same marks:
#
#   autograde grade submitted --gradebook .      the whole class, all chapters, in parallel
#   nbgrader autograde ch02_iterators_generators
from pathlib import Path

from autograder.store import database_url

c = get_config()  # noqa: F821 - nbgrader provides it

c.CourseDirectory.course_id = "kata"
# As by default, but with any character in the folder's name.
c.CourseDirectory.db_url = database_url(Path(__file__).with_name("gradebook.db"))

# Releases: our stubs instead of nbgrader's `raise NotImplementedError()`; the outputs that a
# lesson states stay.
c.GenerateAssignment.preprocessors = [
    "nbgrader.preprocessors.IncludeHeaderFooter",
    "nbgrader.preprocessors.LockCells",
    "autograder.gradebook.preprocessors.ClearExercises",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ClearMarkScheme",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# Submissions: read by our exporter, which mends what is broken; never executed. `InsertResults`
# stands where nbgrader has `Execute`.
c.Autograde.exporter_class = "autograder.gradebook.exporter.SubmissionExporter"
c.Autograde.pre_convert_hook = "autograder.gradebook.exporter.keep_renamed"
c.Autograde.sanitize_preprocessors = ["nbgrader.preprocessors.CheckCellMetadata"]
c.Autograde.autograde_preprocessors = [
    "autograder.gradebook.preprocessors.InsertResults",
    "nbgrader.preprocessors.LimitOutput",
    "autograder.gradebook.preprocessors.SaveMarks",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# Where finished results are kept and found, and how submissions are graded.
c.KataGrading.out = "out"
# c.KataGrading.jobs = 8
# c.KataGrading.graders = ["private-graders"]
# c.CourseDirectory.db_url = "postgresql+psycopg://grader@db.example.edu/kata"

# Late submissions: needs a due date (formgrader, "Edit assignment") and timestamp.txt.
c.AssignLatePenalties.plugin_class = "autograder.gradebook.late.LatePenalty"
c.LatePenalty.per_day = 0.1
c.LatePenalty.grace_minutes = 15
c.LatePenalty.at_most = 0.5
