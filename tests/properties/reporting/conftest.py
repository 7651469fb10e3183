"""The invented releases of the reporting tests serve here too."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "spec" / "reporting"))
