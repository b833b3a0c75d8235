"""The small part of CBOR (RFC 8949) a code needs, deterministic both ways; it knows no meaning.

Unsigned and negative integers, byte strings, text, arrays, maps, tags, true and false. Reading
accepts only the one encoding that writing gives: shortest lengths, keys in order, nothing after.
"""

from dataclasses import dataclass
from typing import Any

_UNSIGNED, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _MAP, _TAG, _SIMPLE = range(8)
_FALSE, _TRUE = 20, 21
_DEEPEST = 8


@dataclass(frozen=True)
class Tagged:
    """A value under a CBOR tag."""

    tag: int
    value: Any


def encode(value: Any) -> bytes:
    """The one deterministic encoding (RFC 8949, 4.2.1); TypeError for what is not covered."""
    match value:
        case bool():
            return bytes([_SIMPLE << 5 | (_TRUE if value else _FALSE)])
        case int():
            return _head(_UNSIGNED, value) if value >= 0 else _head(_NEGATIVE, -1 - value)
        case bytes():
            return _head(_BYTES, len(value)) + value
        case str():
            text = value.encode()
            return _head(_TEXT, len(text)) + text
        case list() | tuple():
            return _head(_ARRAY, len(value)) + b"".join(map(encode, value))
        case dict():
            pairs = sorted((encode(key), encode(held)) for key, held in value.items())
            return _head(_MAP, len(pairs)) + b"".join(key + held for key, held in pairs)
        case Tagged():
            return _head(_TAG, value.tag) + encode(value.value)
    raise TypeError(f"no CBOR for {type(value).__name__}")


def decode(data: bytes) -> Any:
    """The value those bytes encode; ValueError unless they are the encoding `encode` gives."""
    value, _ = _read(data, 0, _DEEPEST)
    if encode(value) != data:
        raise ValueError("not a deterministic encoding")
    return value


def _head(major: int, number: int) -> bytes:
    if number < 24:
        return bytes([major << 5 | number])
    for extra, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if number < 1 << 8 * size:
            return bytes([major << 5 | extra]) + number.to_bytes(size, "big")
    raise ValueError("too large a number")


def _read(data: bytes, at: int, depth: int) -> tuple[Any, int]:
    if depth == 0:
        raise ValueError("nested too deeply")
    if at >= len(data):
        raise ValueError("cut short")
    major, number, at = data[at] >> 5, data[at] & 31, at + 1
    if 24 <= number <= 27 and major != _SIMPLE:
        size = 1 << number - 24
        number, at = int.from_bytes(_slice(data, at, size), "big"), at + size
    elif number > 23:
        raise ValueError("an encoding this reader does not know")
    if major in (_BYTES, _TEXT):
        held = _slice(data, at, number)
        return (held if major == _BYTES else held.decode()), at + number
    if major == _ARRAY:
        return _items(data, at, number, depth)
    if major == _MAP:
        flat, at = _items(data, at, 2 * number, depth)
        return dict(zip(flat[::2], flat[1::2], strict=True)), at
    if major == _TAG:
        value, at = _read(data, at, depth - 1)
        return Tagged(number, value), at
    if major == _SIMPLE:
        if number not in (_FALSE, _TRUE):
            raise ValueError("a simple value this reader does not know")
        return number == _TRUE, at
    return (number if major == _UNSIGNED else -1 - number), at


def _slice(data: bytes, at: int, size: int) -> bytes:
    if size > len(data) - at:
        raise ValueError("cut short")
    return data[at : at + size]


def _items(data: bytes, at: int, count: int, depth: int) -> tuple[list[Any], int]:
    if count > len(data) - at:
        raise ValueError("cut short")
    items = []
    for _ in range(count):
        item, at = _read(data, at, depth - 1)
        items.append(item)
    return items, at
