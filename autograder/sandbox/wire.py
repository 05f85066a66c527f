"""Frames between the judge and the sandbox: msgpack with caps, never pickle.

A frame is a 4-byte big-endian length, that many bytes of msgpack ("control"), and
then the attachments that the control part announces: the raw bytes of arrays. The
control part is small by contract (``CONTROL_CAP``), because a few megabytes of empty
containers decode to half a gigabyte; arrays travel outside it and are checked against
their declared shape before anything is allocated.

Both sides import this module. What the judge decodes is exact built-in types, NumPy
arrays, :class:`TensorData` and :class:`Opaque`; a subclass or an unknown object never
crosses as itself.
"""

from __future__ import annotations

import math
import struct
import sys
from dataclasses import dataclass
from typing import Any, NoReturn

import msgpack

from autograder.sandbox.bare import BUILTINS as __builtins__  # type: ignore # noqa: F401

CONTROL_CAP = 1 << 20
"""Most bytes of one control part."""

DEPTH_CAP = 64
"""Most levels of nested tuples, sets and big integers."""

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

_TUPLE, _SET, _BIGINT, _ARRAY, _OPAQUE, _COMPLEX, _TENSOR, _FROZENSET = range(1, 9)
_HEADER = struct.Struct(">I")
HEADER_BYTES = _HEADER.size


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


def _encode_array(array: Any, attachments: list[bytes]) -> list[Any]:
    name = array.dtype.name
    if name not in DTYPES:
        raise TypeError(f"arrays of dtype {name} do not cross the wire")
    attachments.append(array.tobytes())
    return [name, list(array.shape), len(attachments) - 1]


_MODULE, _QUALNAME = type.__dict__["__module__"], type.__dict__["__qualname__"]


class _Encoder:
    def __init__(self) -> None:
        self.attachments: list[bytes] = []
        self.depth = 0

    def pack(self, value: Any) -> bytes:
        packed = msgpack.packb(value, default=self._default, strict_types=True, use_bin_type=True)
        assert isinstance(packed, bytes)
        return packed

    def _nested(self, code: int, value: Any) -> msgpack.ExtType:
        self.depth += 1
        if self.depth > DEPTH_CAP:
            raise ValueError("nested too deeply to be sent")
        try:
            return msgpack.ExtType(code, self.pack(value))
        finally:
            self.depth -= 1

    def _default(self, value: Any) -> Any:
        kind = type(value)
        if kind is tuple:
            return self._nested(_TUPLE, list(value))
        if kind is set or kind is frozenset:
            return self._nested(_SET if kind is set else _FROZENSET, list(value))
        if kind is int:
            if value.bit_length() > 8 * 4096:
                return self._nested(_OPAQUE, "int of more than 32768 bits")
            size = value.bit_length() // 8 + 1
            return msgpack.ExtType(_BIGINT, value.to_bytes(size, "big", signed=True))
        if kind is complex:
            return msgpack.ExtType(_COMPLEX, struct.pack(">dd", value.real, value.imag))
        if kind is bytearray:
            return bytes(value)
        # Exact types only, and only if the library is loaded already: looking must not import it.
        numpy = sys.modules.get("numpy")
        if numpy is not None and kind is getattr(numpy, "ndarray", None):
            return self._nested(_ARRAY, _encode_array(value, self.attachments))
        torch = sys.modules.get("torch")
        if torch is not None and kind in (
            getattr(torch, "Tensor", None),
            getattr(getattr(torch, "nn", None), "Parameter", None),
        ):
            plain = value.detach().to("cpu")
            dtype, device = str(value.dtype).removeprefix("torch."), str(value.device)
            if dtype == "bfloat16":
                plain = plain.float()
            body = _encode_array(plain.contiguous().numpy(), self.attachments)
            return self._nested(_TENSOR, [*body, dtype, device])
        # As `type` has them: asking the class could run the student's code from here.
        module, name = _MODULE.__get__(kind), _QUALNAME.__get__(kind)
        module = module if type(module) is str else "?"
        prefix = "" if module in ("builtins", "__main__") else f"{module}."
        return self._nested(_OPAQUE, f"{prefix}{name}"[:200])


def encode(value: Any) -> bytes:
    """One frame that holds ``value``.

    Raises ``ValueError`` where the control part would pass :data:`CONTROL_CAP` or nests
    too deeply, ``TypeError`` for an array of a dtype outside :data:`DTYPES`.
    """
    encoder = _Encoder()
    body = encoder.pack(value)
    control = msgpack.packb([[len(a) for a in encoder.attachments], body], use_bin_type=True)
    assert isinstance(control, bytes)
    if len(control) > CONTROL_CAP:
        raise ValueError(f"a message of {len(control)} bytes (at most {CONTROL_CAP})")
    return b"".join([_HEADER.pack(len(control)), control, *encoder.attachments])


def control_length(header: bytes) -> int:
    """Length of the control part that a 4-byte header announces; ``Malformed`` over the cap."""
    (length,) = _HEADER.unpack(header)
    if length > CONTROL_CAP:
        raise Malformed(f"a reply of {length} bytes was announced; at most {CONTROL_CAP}")
    return int(length)


def split_control(control: bytes, attachment_cap: int) -> tuple[bytes, list[int]]:
    """The body and the attachment lengths of a control part.

    ``attachment_cap`` is the most bytes that the attachments may take together.
    """
    try:
        lengths, body = msgpack.unpackb(control, raw=False, max_array_len=4096, max_map_len=0)
    except Exception as error:  # msgpack raises many types, all of them "not our format"
        raise Malformed("a reply that is not in the wire format") from error
    if type(body) is not bytes or type(lengths) is not list:
        raise Malformed("a reply that is not in the wire format")
    if any(type(n) is not int or n < 0 for n in lengths) or sum(lengths) > attachment_cap:
        raise Malformed(f"a reply with more than {attachment_cap} bytes of arrays")
    return body, lengths


class _Decoder:
    def __init__(self, attachments: list[bytes]) -> None:
        self.attachments = attachments
        self.depth = 0

    def unpack(self, data: bytes) -> Any:
        self.depth += 1
        if self.depth > DEPTH_CAP + 2:
            raise Malformed("a reply nested too deeply")
        try:
            return msgpack.unpackb(
                data,
                raw=False,
                strict_map_key=False,
                ext_hook=self._ext,
                object_pairs_hook=_mapping,
            )
        finally:
            self.depth -= 1

    def _ext(self, code: int, data: bytes) -> Any:
        if code == _BIGINT:
            return int.from_bytes(data[:4097], "big", signed=True)
        if code == _COMPLEX:
            return complex(*struct.unpack(">dd", data))
        value = self.unpack(data)
        if code == _OPAQUE:
            return Opaque(str(value)[:200])
        if type(value) is not list:
            raise Malformed("a reply that is not in the wire format")
        if code == _TUPLE:
            return tuple(value)
        if code in (_SET, _FROZENSET):
            return (set if code == _SET else frozenset)(value)
        if code == _ARRAY:
            return self._array(value)
        if code == _TENSOR:
            return TensorData(self._array(value[:3]), str(value[3])[:40], str(value[4])[:40])
        raise Malformed(f"an unknown kind of value ({code})")

    def _array(self, value: list[Any]) -> Any:
        import numpy as np

        name, shape, index = value
        if name not in DTYPES or type(shape) is not list or len(shape) > 16:
            raise Malformed("an array of a dtype or shape that is not allowed")
        if any(type(n) is not int or n < 0 for n in shape):
            raise Malformed("an array of a dtype or shape that is not allowed")
        dtype, data = np.dtype(name), self.attachments[index]
        if math.prod(shape) * dtype.itemsize != len(data):
            raise Malformed("an array whose bytes do not fit its shape")
        return np.frombuffer(data, dtype).reshape(shape).copy()


def _mapping(pairs: Any) -> dict[Any, Any]:
    result = {}
    for key, value in pairs:
        # Keys that hash cheaply and cannot be made to collide: a reply must not slow the judge.
        if type(key) not in (str, int, float, bool, bytes, type(None)):
            raise Malformed("a mapping whose key is not a string or a number")
        result[key] = value
    return result


def decode(body: bytes, attachments: list[bytes]) -> Any:
    """The value of a frame's parts; ``Malformed`` for anything outside the format."""
    try:
        return _Decoder(attachments).unpack(body)
    except Malformed:
        raise
    except Exception as error:
        _malformed(error)


def _malformed(error: Exception) -> NoReturn:
    raise Malformed(f"a reply that is not in the wire format ({type(error).__name__})") from error
