"""What may this audience see? `protect` makes the only thing that `report` takes."""

from mel.disclosure.protect import protect

__all__ = ["protect"]
