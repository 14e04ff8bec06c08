"""What may depend on what."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

STREAM = Path(__file__).resolve().parents[1] / "stream"
FAUST = {"agents.py", "app.py", "kafka/batches.py", "kafka/security.py"}


@pytest.mark.parametrize("module", ["stream.annotate", "stream.fold", "stream.process", "stream.explain"])
def test_the_pure_path_imports_no_kafka_client(module: str) -> None:
    loaded = "{name.partition('.')[0] for name in sys.modules}"
    code = f"import sys, {module}; print({loaded} & {{'faust', 'aiokafka', 'kafka'}})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_faust_is_imported_by_the_few_modules_that_wire_the_stages_together() -> None:
    using = set()
    for file in STREAM.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(name.split(".")[0] == "faust" for name in names):
                using.add(file.relative_to(STREAM).as_posix())
    assert using == FAUST


def test_no_module_is_longer_than_a_reader_holds_in_mind() -> None:
    long = {f.name: n for f in STREAM.rglob("*.py") if (n := len(f.read_text("utf-8").splitlines())) >= 400}
    assert long == {}
