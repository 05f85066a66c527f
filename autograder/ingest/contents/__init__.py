"""The bytes of one submission, read in a reader process: from files to answers."""
