"""Where the files that travel with the package are: schemas, notebooks, packs. In a wheel they lie inside it; in a checkout, beside it."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
_IN_CHECKOUT = {"schemas": _PACKAGE.parent / "data" / "schemas", "notebooks": _PACKAGE.parent / "notebooks"}


def shipped(what: str) -> Path:
    """Folder of `schemas`, `notebooks` or `packs`. Raises FileNotFoundError when the installation lacks it."""
    places = [_PACKAGE / "packs"] if what == "packs" else [_PACKAGE / "_shipped" / what, _IN_CHECKOUT[what]]
    for place in places:
        if place.is_dir():
            return place
    raise FileNotFoundError(f"this installation of mel lacks its {what}; install it again")
