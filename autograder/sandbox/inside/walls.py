"""The kinds of walls, by the names that options and results have for them."""

from __future__ import annotations

from enum import StrEnum


class Walls(StrEnum):
    """What submissions run behind, false where that is nothing: docs/containers.md."""

    NAMESPACES = "namespaces"
    """Linux namespaces, which bubblewrap and each worker make: the default."""

    CONTAINER = "container"
    """Within a container without a network: a user and Landlock rules for each worker."""

    CONTAINER_NETWORK = "container+network"
    """The same where the container has a route out, which the person who grades accepts."""

    NONE = "none"
    """Submissions may do what the person who grades may do."""

    def __bool__(self) -> bool:
        return self is not Walls.NONE

    @property
    def container(self) -> bool:
        """Whether the container is one of the walls."""
        return self in (Walls.CONTAINER, Walls.CONTAINER_NETWORK)
