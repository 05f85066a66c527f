"""Processes seen from outside: a worker and its descendants, their memory and CPU time."""
