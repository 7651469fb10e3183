"""How is a value written in TOML? For what people paste into alliance.toml and for the cells of alliance.xlsx that hold a rule.

The standard library reads TOML and does not write it; this writes values on one line. It writes no documents.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def inline(value: Any) -> str:
    """A value on one line.

    >>> inline({"column": "gender", "is": ["woman", 2, True]})
    '{ column = "gender", is = ["woman", 2, true] }'
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        inside = ", ".join(f"{key(str(name))} = {inline(part)}" for name, part in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(inline(part) for part in value) + "]"
    if isinstance(value, int | float):
        return repr(value)
    return quoted(str(value))


def quoted(text: str) -> str:
    """Text as a TOML string: JSON's escapes are TOML's, but for the one character that JSON leaves as it is."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def key(name: str) -> str:
    """A key, in quotes where it needs them."""
    return name if _BARE.fullmatch(name) else quoted(name)


def read_inline(text: str) -> Any:
    """The value written in `text`. Raises ValueError when it is not exactly one TOML value."""
    try:
        read = tomllib.loads(f"value = {text}")
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    if set(read) != {"value"}:
        raise ValueError("more than one value")
    return read["value"]
