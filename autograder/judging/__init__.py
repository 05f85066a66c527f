"""What a mark depends on: checks, evidence, measuring, and the vocabulary of graders."""
