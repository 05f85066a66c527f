"""Hidden grader of ``checkpoints``."""
