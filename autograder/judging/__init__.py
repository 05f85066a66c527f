"""All that a mark depends on beside the sandbox, the grader and the reference."""
