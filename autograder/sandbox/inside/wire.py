"""Frames between the judge and the sandbox: msgpack with caps, never pickle.

A frame is a 4-byte big-endian length, that many bytes of msgpack ("control"), and
then the attachments that the control part announces: the raw bytes of arrays. The
control part is a pair, the lengths of the attachments and the message, and small by
contract (``CONTROL_CAP``); arrays travel outside it and are checked against their
declared shape.

Both sides import this module. What the judge decodes is exact built-in types, NumPy
arrays, :class:`TensorData` and :class:`Opaque`; a subclass or an unknown object never
crosses as itself. What decoding may cost is in :mod:`autograder.sandbox.inside.decoding`.
"""

from __future__ import annotations

import functools
import struct
import sys
from typing import Any

import msgpack

from autograder.sandbox.inside import decoding
from autograder.sandbox.inside.bare import BUILTINS as __builtins__  # type: ignore # noqa: F401
from autograder.sandbox.inside.decoding import decode
from autograder.sandbox.inside.evidence import (
    ARRAY,
    BIGINT,
    COMPLEX,
    DTYPES,
    FROZENSET,
    MOST_INT_BITS,
    OPAQUE,
    SET,
    TENSOR,
    TUPLE,
    Malformed,
    Opaque,
    TensorData,
)

__all__ = [
    "CONTROL_CAP",
    "DEPTH_CAP",
    "DTYPES",
    "HEADER_BYTES",
    "Malformed",
    "Opaque",
    "TensorData",
    "control_length",
    "decode",
    "encode",
    "split_control",
]

CONTROL_CAP = 1 << 20
"""Most bytes of the control part of a reply."""

REQUEST_CAP = 16 << 20
"""Most bytes of that of a request: it holds a source file of up to 1 MiB, and ours as a literal."""

DEPTH_CAP = 64
"""Most levels of nested tuples, sets and big integers that are sent."""

MOST_ATTACHMENTS = 4096
"""Most arrays of one message."""

_HEADER = struct.Struct(">I")
HEADER_BYTES = _HEADER.size


def _encode_array(array: Any, attachments: list[bytes]) -> list[Any]:
    # By the dtype itself: its `name` is made by functions of numpy's that are written in Python.
    name = _dtypes().get(array.dtype)
    if name is None:
        raise TypeError(f"arrays of dtype {array.dtype} do not cross the wire")
    attachments.append(array.tobytes())
    return [name, list(array.shape), len(attachments) - 1]


@functools.cache
def _dtypes() -> dict[Any, str]:
    import numpy

    return {numpy.dtype(name): name for name in DTYPES}


_met: dict[str, Any] | None = None


def meet() -> None:
    """Keep the libraries that are loaded now: a submission may put others in their place."""
    global _met
    _met = {name: sys.modules[name] for name in ("numpy", "torch") if name in sys.modules}
    if "numpy" in _met:
        decoding.numpy_ = _met["numpy"]
        _dtypes()
    _kinds.update(_looked_up())


def _looked_up() -> dict[Any, str]:
    """The types that cross as arrays and tensors, of the libraries that are loaded."""
    libraries: Any = sys.modules if _met is None else _met
    kinds: dict[Any, str] = {}
    if (numpy := libraries.get("numpy")) is not None:
        kinds[getattr(numpy, "ndarray", None)] = "array"
    if (torch := libraries.get("torch")) is not None:
        kinds[getattr(torch, "Tensor", None)] = "tensor"
        kinds[getattr(getattr(torch, "nn", None), "Parameter", None)] = "tensor"
    return kinds


_kinds: dict[Any, str] = {}


def _kind(kind: type) -> str:
    # A judge may load a library later; a worker has met those that count.
    return (_looked_up() if _met is None else _kinds).get(kind, "")


def _plain_tensor(value: Any) -> tuple[Any, str, str]:
    """A tensor's values on the CPU, its dtype and its device; no mode of the student's is asked."""
    torch = (sys.modules if _met is None else _met)["torch"]
    with torch._C.DisableTorchFunction(), torch._C._DisableTorchDispatch():
        plain = value.detach().to("cpu")
        dtype, device = str(value.dtype).removeprefix("torch."), str(value.device)
        if dtype == "bfloat16":
            plain = plain.float()
        return plain.contiguous().numpy(), dtype, device


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
            return self._nested(TUPLE, list(value))
        if kind is set or kind is frozenset:
            return self._nested(SET if kind is set else FROZENSET, list(value))
        if kind is int:
            if value.bit_length() > MOST_INT_BITS:
                return self._nested(OPAQUE, f"int of more than {MOST_INT_BITS} bits")
            size = value.bit_length() // 8 + 1
            return msgpack.ExtType(BIGINT, value.to_bytes(size, "big", signed=True))
        if kind is complex:
            return msgpack.ExtType(COMPLEX, struct.pack(">dd", value.real, value.imag))
        if kind is bytearray:
            return bytes(value)
        # Exact types only, and only if the library is loaded already: looking must not import it.
        library = _kind(kind)
        if library == "array":
            return self._nested(ARRAY, _encode_array(value, self.attachments))
        if library == "tensor":
            array, dtype, device = _plain_tensor(value)
            return self._nested(TENSOR, [*_encode_array(array, self.attachments), dtype, device])
        # As `type` has them: asking the class could run the student's code from here.
        module, name = _MODULE.__get__(kind), _QUALNAME.__get__(kind)
        module = module if type(module) is str else "?"
        name = name if type(name) is str else "?"
        prefix = "" if module in ("builtins", "__main__") else f"{module}."
        return self._nested(OPAQUE, f"{prefix}{name}"[:200])


def encode(value: Any, cap: int = CONTROL_CAP) -> bytes:
    """One frame that holds ``value``.

    Raises ``ValueError`` where the control part would pass ``cap`` bytes or nests
    too deeply, ``TypeError`` for an array of a dtype outside :data:`DTYPES`.
    """
    encoder = _Encoder()
    body = encoder.pack(value)
    control = msgpack.packb([[len(a) for a in encoder.attachments], body], use_bin_type=True)
    assert isinstance(control, bytes)
    if len(control) > cap:
        raise ValueError(f"a message of {len(control)} bytes (at most {cap})")
    return b"".join([_HEADER.pack(len(control)), control, *encoder.attachments])


def control_length(header: bytes, cap: int = CONTROL_CAP) -> int:
    """Length of the control part that a 4-byte header announces; ``Malformed`` over the cap."""
    (length,) = _HEADER.unpack(header)
    if length > cap:
        raise Malformed(f"a reply of {length} bytes was announced; at most {cap}")
    return int(length)


def split_control(control: bytes, attachment_cap: int) -> tuple[bytes, list[int]]:
    """The body and the attachment lengths of a control part.

    ``attachment_cap`` is the most bytes that the attachments may take together.
    """
    # Read by hand: it is three headers, and a general reader would build whatever is sent.
    try:
        if control[:3] == b"\x92\x90\xc4" and len(control) == control[3] + 4:
            return control[4:], []  # as most are
        if control[0] != 0x92:
            raise ValueError("not a pair")
        count, at = _announced(control, 1, 0x90, _ARRAYS)
        if count > MOST_ATTACHMENTS:
            raise ValueError("too many arrays")
        lengths = []
        for _ in range(count):
            length, at = _announced(control, at, 0, _NUMBERS)
            lengths.append(length)
        size, at = _announced(control, at, None, _BYTES)
        if at + size != len(control):
            raise ValueError("more or fewer bytes than announced")
    except (ValueError, IndexError, KeyError, struct.error) as error:
        raise Malformed("a reply that is not in the wire format") from error
    if sum(lengths) > attachment_cap:
        raise Malformed(f"a reply with more than {attachment_cap} bytes of arrays")
    return control[at:], lengths


_ARRAYS = {0xDC: struct.Struct(">H")}
_BYTES = {0xC4: struct.Struct(">B"), 0xC5: struct.Struct(">H"), 0xC6: struct.Struct(">I")}
_NUMBERS = {
    0xCC: struct.Struct(">B"),
    0xCD: struct.Struct(">H"),
    0xCE: struct.Struct(">I"),
    0xCF: struct.Struct(">Q"),
}


def _announced(
    control: bytes, at: int, small: int | None, sizes: dict[int, struct.Struct]
) -> tuple[int, int]:
    """The number at ``at`` and where it ends; below ``small`` + 16 (128) it is the byte itself."""
    byte = control[at]
    if small is not None and small <= byte < (small + 16 if small else 128):
        return byte - small, at + 1
    form = sizes[byte]
    (number,) = form.unpack_from(control, at + 1)
    return int(number), at + 1 + form.size
