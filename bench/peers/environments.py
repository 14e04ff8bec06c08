"""The environments of the peers: one for each, made once and kept under `.wirestream/bench`."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import venv
from pathlib import Path

from stream.errors import UserError

_PEERS = Path(__file__).parent
_FOLDER = Path(".wirestream") / "bench"


def python_of(peer: str) -> str:
    """The interpreter of the environment with what `requirements.txt` of the peer asks for; made by the first
    call, and again when the file or this Python changes. Raises `UserError` when it cannot be made."""
    requirements = _PEERS / peer / "requirements.txt"
    wanted = f"{sys.version}\n{requirements.read_text('utf-8')}"
    folder = _FOLDER / f"{peer}-{hashlib.sha256(wanted.encode()).hexdigest()[:12]}"
    python = folder.absolute() / "bin" / "python"
    ready = folder / "ready"
    if not ready.exists():
        venv.create(folder, with_pip=True, clear=True)
        command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        if subprocess.run([*command, "-r", str(requirements)], check=False).returncode:
            raise UserError(f"the environment of {peer} could not be made; pip's output is above")
        ready.touch()
    return str(python)
