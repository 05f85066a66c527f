"""What `autograde` and `kata` share as programs: how they start, end and show help."""
