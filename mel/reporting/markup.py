"""How does text become HTML without ever becoming code? Only `tag` makes markup, and it escapes whatever is not markup already.

It knows no block and no style; `mel.reporting.html` says what a report looks like.
"""

from __future__ import annotations

import html
import re

_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
"""What a file cannot carry, and the signs that turn the reading order by force: in a name they would turn the figures beside it."""
_LINE_ENDS = re.compile("\r\n|[\x0b\x0c\r\x85]")
_BEFORE_PERCENT = re.compile(r"(?<=\d) (?=%)")
_VOID = frozenset({"meta", "br", "hr", "col"})


class Markup(str):
    """Text that is HTML already. Made by `tag`, `joined` and `mel.reporting.svg` alone."""

    __slots__ = ()


def clean(text: str) -> str:
    """The text as every format prints it: no character that a file cannot carry, and a number never parted from its per cent sign.

    Word's vertical tab and form feed become line ends.
    """
    lines = _LINE_ENDS.sub("\n", text)
    return _BEFORE_PERCENT.sub("\u00a0", _UNPRINTABLE.sub("", lines))


def tag(name: str, /, *children: str | None, **attributes: str | int | bool | None) -> Markup:
    """One element; children that are not Markup are escaped, and so is every attribute's value.

    `class_="x"`, `aria_label="y"` spell what Python cannot; None and False leave an attribute or a child out.

    >>> tag("p", "5 < 6", class_="note")
    '<p class="note">5 &lt; 6</p>'
    """
    written = "".join(_attribute(key, value) for key, value in attributes.items() if value is not None and value is not False)
    if name in _VOID:
        return Markup(f"<{name}{written}>")
    return Markup(f"<{name}{written}>{joined(*children)}</{name}>")


def joined(*children: str | None) -> Markup:
    """Several pieces, one after the other, escaped unless they are Markup."""
    return Markup("".join(c if isinstance(c, Markup) else html.escape(clean(c)) for c in children if c is not None))


def _attribute(key: str, value: str | int | bool) -> str:
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{html.escape(clean(str(value)))}"'
