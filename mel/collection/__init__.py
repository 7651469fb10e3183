"""From files to rows: what the alliance wrote about itself, and what people answered, each row with the place it came from."""

from mel.collection.records import collect, collect_dataset

__all__ = ["collect", "collect_dataset"]
