"""Lives of stories: what is sent, in order, and the events that must come of it.

Every cycle is a world of its own: its feeds, identities and numbers are nobody else's. Where an embargo is
concerned, messages dated `AFTER` are sent once it has ended.
"""

from __future__ import annotations

from tests.lifecycle.cycles.corrections import CORRECTIONS
from tests.lifecycle.cycles.embargoes import EMBARGOES
from tests.lifecycle.cycles.kills import KILLS
from tests.lifecycle.cycles.takes import TAKES
from tests.lifecycle.cycles.versions import VERSIONS

CYCLES = (*VERSIONS, *CORRECTIONS, *KILLS, *EMBARGOES, *TAKES)
