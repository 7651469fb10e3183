"""The base of everything a person writes (alliance.toml, a pack): frozen, and an unknown key is an error."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Written(BaseModel):
    """A record that somebody wrote by hand. Frozen; unknown keys are refused; keys that are Python words have an alias."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, str_strip_whitespace=True, use_attribute_docstrings=True)
