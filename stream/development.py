"""Where the development data lies: texts that are measured and learnt from, and never ship.

In the folder that `WIRESTREAM_DATA` names, else in `shared/data` beside the checkout. What needs it says so
and does nothing where it is absent.
"""

from __future__ import annotations

import os
from pathlib import Path

DATA = Path(os.environ.get("WIRESTREAM_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")
