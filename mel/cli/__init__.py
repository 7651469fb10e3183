"""The `mel` command: one file a group of commands, each thin over the library. Exit codes: 0 done, 1 problems stop it, 2 usage,
3 protection refused."""

from mel.cli.app import main

__all__ = ["main"]
