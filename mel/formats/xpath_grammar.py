"""What an XLSForm expression says, as a tree. It reads the part of XPath that forms use; it computes nothing.

Precedence, weakest first: `or`, `and`, `= !=`, `< <= > >=`, `+ -`, `* div mod`, unary minus.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


class NotRead(ValueError):
    """The expression is outside the part that is read here; the message says where."""


@dataclass(frozen=True, slots=True)
class Literal:
    value: str | float


@dataclass(frozen=True, slots=True)
class Reference:
    """`${name}`, or the question itself when the name is `.`."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function or an operator with what it is applied to."""

    function: str
    given: tuple[Node, ...]


Node = Literal | Reference | Call

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<reference>\$\{\s*[^}]+?\s*\}) | (?P<number>\d+(?:\.\d*)?|\.\d+) | (?P<text>"[^"]*"|'[^']*')
    | (?P<name>[A-Za-z_][A-Za-z0-9_-]*(?::[A-Za-z0-9_-]+)?) | (?P<sign><=|>=|!=|[=<>+*(),-]|\.\.|[./|\[\]@])
    )""",
    re.VERBOSE,
)
_LEVELS: tuple[frozenset[str], ...] = tuple(frozenset(level.split()) for level in ("or", "and", "= !=", "< <= > >=", "+ -", "* div mod"))
DEEPEST = 60
"""How deep an expression may nest; forms stay far below it."""


def parse(expression: str) -> Node:
    """The expression as a tree.

    Raises: NotRead for anything outside the part of XPath that is read.

    >>> parse("${age} >= 18").function
    '>='
    """
    reader = _Reader(_tokens(expression))
    tree = reader.level(0)
    if reader.kind is not None:
        raise NotRead(f"'{reader.text}' stands where the expression should end")
    return tree


def references(node: Node) -> tuple[str, ...]:
    """The questions it reads, once each, in order; `.` is the question itself."""
    if isinstance(node, Reference):
        return (node.name,)
    parts = node.given if isinstance(node, Call) else ()
    return tuple(dict.fromkeys(name for part in parts for name in references(part)))


def _tokens(expression: str) -> list[tuple[str, str]]:
    found, at, text = [], 0, expression.strip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise NotRead(f"'{text[at : at + 12]}' is not part of the expressions that are read")
        found.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return found


class _Reader:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens, self.at, self.depth = tokens, 0, 0

    @property
    def kind(self) -> str | None:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else None

    @property
    def text(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def take(self, expected: str | None = None) -> str:
        if self.kind is None or (expected is not None and self.text != expected):
            raise NotRead(f"'{expected or 'a value'}' is missing" + (f" before '{self.text}'" if self.text else " at the end"))
        taken = self.text
        self.at += 1
        return taken

    def level(self, n: int) -> Node:
        if n == len(_LEVELS):
            return self.unary()
        self.depth += n == 0
        if self.depth > DEEPEST:
            raise NotRead("it nests too deep")
        left = self.level(n + 1)
        while self.text in _LEVELS[n] and self.kind in ("name", "sign"):
            left = Call(self.take(), (left, self.level(n + 1)))
        self.depth -= n == 0
        return left

    def unary(self) -> Node:
        minus = False
        while self.kind == "sign" and self.text == "-":
            self.take()
            minus = not minus
        value = self.primary()
        return Call("negative", (value,)) if minus else value

    def primary(self) -> Node:
        kind, text = self.kind, self.take()
        if kind == "reference":
            return Reference(text[2:-1].strip())
        if kind == "number":
            return Literal(float(text))
        if kind == "text":
            return Literal(text[1:-1])
        if text == "(":
            inner = self.level(0)
            self.take(")")
            return inner
        if text == "." and self.text != "/":
            return Reference(".")
        if kind == "name" and self.text == "(":
            return Call(text, self.arguments())
        raise NotRead(f"'{text}' is a path or a bare word, not a question written as ${{name}}")

    def arguments(self) -> tuple[Node, ...]:
        self.take("(")
        given: list[Node] = []
        while self.text != ")" or self.kind != "sign":
            if given:
                self.take(",")
            given.append(self.level(0))
        self.take(")")
        return tuple(given)
