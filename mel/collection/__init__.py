"""From files to rows: what the alliance wrote about itself, and what people answered, each row with the place it came from."""

from mel.collection.alliance import load_alliance
from mel.collection.mapping import propose_map
from mel.collection.records import collect, collect_dataset

__all__ = ["collect", "collect_dataset", "load_alliance", "propose_map"]
