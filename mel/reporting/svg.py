"""Which drawings may enter a report? Shapes and text, and nothing that could run, load or link.

A chart's SVG is the one piece of foreign markup a report takes in, so it is rebuilt from a list of what is allowed; anything
else is refused by name, never silently removed. It does not draw: `mel.reporting.charts` does.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mel.reporting.markup import Markup, clean

if TYPE_CHECKING:
    from lxml.etree import _Element

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
_ELEMENTS = frozenset(
    (
        "svg", "g", "path", "text", "tspan", "title", "desc", "rect", "circle", "ellipse", "line", "polyline", "polygon", "defs",
        "clipPath", "linearGradient", "radialGradient", "stop", "use", "marker", "pattern", "mask", "symbol",
    )
)  # fmt: skip
_DROPPED = frozenset({"role", "pointer-events", "tabindex", "focusable"})
"""Left out without a word: they mean nothing in a picture, and inside one they confuse a screen reader."""
_ATTRIBUTE = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_HIDDEN_CODE = re.compile(r"javascript:|data:|expression\(|@import|\\", re.IGNORECASE)
_REFERENCE = re.compile(r"url\(\s*(['\"]?)(.*?)\1\s*\)", re.IGNORECASE)


class SvgRefusedError(ValueError):
    """The drawing holds something that is not a shape or text. The message names it, never its content."""


def safe_svg(svg: str, *, label: str, prefix: str) -> Markup:
    """The drawing as one image with `label` as its name; ids get `prefix`, so that two charts of a page cannot mix theirs.

    Raises: SvgRefusedError.
    """
    from lxml import etree

    root = _parsed(svg)
    _checked(root)
    for element in root.iter():
        _tidied(element, prefix)
    width, height = size_of(svg)
    if root.get("viewBox") is None:
        root.set("viewBox", f"0 0 {width:g} {height:g}")
    root.set("role", "img")
    root.set("aria-label", clean(label))
    root.set("focusable", "false")
    etree.cleanup_namespaces(root, top_nsmap={None: SVG})  # type: ignore[dict-item]  # None is the default namespace
    return Markup(etree.tostring(root, encoding="unicode", with_tail=False))


def size_of(svg: str) -> tuple[float, float]:
    """Width and height in CSS pixels. Raises: SvgRefusedError when the drawing states neither them nor a viewBox."""
    root = _parsed(svg)
    try:
        stated = [float(str(root.get(key)).removesuffix("px")) for key in ("width", "height")]
    except ValueError:
        stated = [float(part) for part in re.split(r"[ ,]+", root.get("viewBox", "").strip())[2:] if part]
    if len(stated) != 2 or min(stated) <= 0:
        raise SvgRefusedError("no size")
    return stated[0], stated[1]


def check_svg(svg: str) -> None:
    """Nothing when the drawing may enter a report. Raises: SvgRefusedError."""
    _checked(_parsed(svg))
    size_of(svg)


def _parsed(svg: str) -> _Element:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(svg.encode(), parser)
    except etree.XMLSyntaxError as wrong:
        raise SvgRefusedError("not well-formed XML") from wrong
    if root.getroottree().docinfo.internalDTD is not None:
        raise SvgRefusedError("a document type")
    if root.tag != f"{{{SVG}}}svg":
        raise SvgRefusedError("not an SVG drawing")
    return root


def _checked(root: _Element) -> None:
    for element in root.iter():
        name = str(element.tag)
        local = name.removeprefix(f"{{{SVG}}}")
        if local == name or local not in _ELEMENTS:
            raise SvgRefusedError(f"<{local.split('}')[-1][:40]}>")
        for key, value in element.attrib.items():
            _attribute_checked(str(key), str(value))


def _attribute_checked(key: str, value: str) -> None:
    if key in ("href", f"{{{XLINK}}}href"):
        if not value.startswith("#"):
            raise SvgRefusedError("a link to something outside the drawing")
        return
    if key == "{http://www.w3.org/XML/1998/namespace}space":
        return
    if not _ATTRIBUTE.fullmatch(key) or key.lower().startswith("on"):
        raise SvgRefusedError(f"the attribute {key.rsplit('}', maxsplit=1)[-1][:40]}")
    if key.startswith("aria-") or key == "class":
        return
    outside = [target for _, target in _REFERENCE.findall(value) if not target.startswith("#")]
    if outside or _HIDDEN_CODE.search(value):
        raise SvgRefusedError(f"something loaded from outside in {key}")


def _tidied(element: _Element, prefix: str) -> None:
    for key, value in list(element.attrib.items()):
        if key in _DROPPED or str(key).startswith("aria-") or key == "class":
            del element.attrib[key]
        elif key == "id":
            element.set(key, f"{prefix}-{value!s}")
        elif str(key).endswith("href"):
            element.set(key, f"#{prefix}-{str(value)[1:]}")
        elif "url(" in str(value):
            element.set(key, _REFERENCE.sub(lambda found: f"url(#{prefix}-{found.group(2)[1:]})", str(value)))
