"""What crosses the wire beside built-in types, and the codes it travels under."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

DTYPES = frozenset(
    [
        "bool",
        "int8",
        "int16",
        "int32",
        "int64",
        "uint8",
        "uint16",
        "uint32",
        "uint64",
        "float16",
        "float32",
        "float64",
        "complex64",
        "complex128",
    ]
)

TUPLE, SET, BIGINT, ARRAY, OPAQUE, COMPLEX, TENSOR, FROZENSET = range(1, 9)
"""Extension types of msgpack."""

MOST_INT_BITS = 8 * 4096
"""An int with more bits than this arrives as an :class:`Opaque`."""


class Malformed(Exception):
    """A frame that breaks the format: too large, too deep, or not msgpack."""


@dataclass(frozen=True, slots=True)
class Opaque:
    """Stands for an object that is not plain data; equal to nothing but itself."""

    type_name: str

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return f"<a {self.type_name}>"


@dataclass(frozen=True, slots=True, eq=False)
class TensorData:
    """A torch tensor as evidence: ``array`` holds its values (ndarray, on the CPU)."""

    array: Any
    dtype: str
    device: str
