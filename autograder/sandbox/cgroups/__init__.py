"""A control group for each worker, where this machine lets us make one (Linux).

It bounds memory (anonymous, shared, socket buffers, the kernel's own) and processes for all that
a worker starts, counts the CPU time of what has ended unnoticed, and stops the whole tree at once.
Both versions of the kernel's interface are used as they are found: see cgroups(7). What one of
them does not offer is looked at from outside instead (:mod:`autograder.sandbox.bounds`).

``delegation.py``: where groups can be made. ``group.py``: one group. ``cleanup.py``: their end.
"""

from autograder.sandbox.cgroups.cleanup import remove_left, sweep, sweep_all
from autograder.sandbox.cgroups.delegation import Delegated
from autograder.sandbox.cgroups.group import Group, make

__all__ = ["Delegated", "Group", "make", "remove_left", "sweep", "sweep_all"]
