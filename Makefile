# The verbs of development. `demo` and `test` need nothing but Python ≥ 3.11: the rest comes into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The stamp is newer than pyproject.toml when the environment holds what it asks for.
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help demo test soak lint gates sbom audit format clean

help: ## Show these verbs
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name one with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

demo: $(READY) ## Run the main job on a real Kafka in a temporary folder
	$(BIN)/wirestream demo

# Tests on brokers wait more than they compute: two at a time take little more than half as long.
test: $(READY) ## Run all tests, those on a real broker included
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile

soak: $(READY) ## Run the fault scenarios at length (an hour and more): nothing lost, nothing twice
	$(BIN)/python -m bench.faults

lint: $(READY) ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

gates: $(READY) ## Measure quality on the development data (skipped where it is absent), and ratios of speed
	$(BIN)/python -m bench.gates

sbom: $(READY) ## Write sbom.json, a CycloneDX bill of materials of what is installed, and check it
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[sbom]'
	$(BIN)/pip check
	$(BIN)/cyclonedx-py environment --pyproject pyproject.toml --output-file sbom.json $(VENV)
	$(BIN)/python -m deploy.bill sbom.json

audit: $(READY) ## Ask a public service for known vulnerabilities of what the image holds
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[audit]'
	$(BIN)/python -m deploy.audit

format: $(READY) ## Rewrite the code in house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## Remove what the verbs made
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .wirestream sbom.json
