"""Makes the invented alliances: `python data/generate.py [--out DIR] [ID …]`. The same seeds give the same bytes."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from generation import every_step, loud_and_clear, shade_and_rain, threads_of_courage  # noqa: E402

ALLIANCES = {module.ID: module for module in (threads_of_courage, every_step, loud_and_clear, shade_and_rain)}


def generate(out: Path, wanted: tuple[str, ...] = tuple(ALLIANCES)) -> list[Path]:
    """Write the wanted alliances into `out`, each in a fresh folder, and return the folders. Releases published there are kept."""
    made = []
    for name in wanted:
        folder = out / name
        if folder.is_dir():
            for old in (each for each in folder.iterdir() if each.name != "releases"):
                shutil.rmtree(old) if old.is_dir() else old.unlink()
        ALLIANCES[name].write(folder)
        made.append(folder)
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE / "alliances", help="where the folders go (default: data/alliances)")
    parser.add_argument("alliance", nargs="*", metavar="ID", help=f"which alliances (default: all of {', '.join(ALLIANCES)})")
    given = parser.parse_args()
    unknown = sorted(set(given.alliance) - set(ALLIANCES))
    if unknown:
        parser.error(f"no alliance called {', '.join(unknown)}; there are {', '.join(ALLIANCES)}")
    for folder in generate(given.out, tuple(given.alliance) or tuple(ALLIANCES)):
        sys.stdout.write(f"{folder}\n")


if __name__ == "__main__":
    main()
