# `make run` and `make test` need nothing but make and a Python 3.11 or newer: the first call
# makes the environment in .venv, later calls find it there.

SCENARIO ?= scenarios/flaky.yaml
JOBS     ?= auto
N        ?= 12
SEED     ?= 1
PAR      ?= 2
VENV     := .venv
BIN      := $(VENV)/bin
PIP      := $(BIN)/python -m pip --disable-pip-version-check --quiet
NEEDS    := $(BIN)/python pyproject.toml constraints.txt
OLDEST   := .venv-oldest

# The newest usable interpreter; a version that is only a name on the path does not answer.
FIND_PYTHON = for name in $(PYTHON) python3.13 python3.12 python3.11 python3 python; do \
	if $$name -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
		>/dev/null 2>&1; then echo $$name; break; fi; done
# The oldest that there is: the oldest versions have no wheels for what came after them.
FIND_OLDEST = for name in $(PYTHON) python3.11 python3.12 python3; do \
	if $$name -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' \
		>/dev/null 2>&1; then echo $$name; break; fi; done

.DEFAULT_GOAL := help
.PHONY: help run test test-oldest lint page format types layers bench bench-kit bench-page bench-research screenshots live constraints clean

help: ## List what make can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.can-run ## Run a scenario and tell its story (SCENARIO=file ARGS="--seed 3")
	@$(BIN)/python -m sim run $(SCENARIO) $(ARGS)

test: $(VENV)/.can-test ## Run all tests with branch coverage (JOBS=2 ARGS="--no-cov -k story")
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal --cov --cov-report term $(ARGS)

test-oldest: $(OLDEST)/.can-test ## Run the tests of the testing kit with the oldest versions that are allowed
	HYPOTHESIS_PROFILE=brief $(OLDEST)/bin/python -m pytest -n $(JOBS) -q -m "not slow and not search and not unmeasured" -p no:cacheprovider \
		tests/testing $(ARGS)

lint: $(VENV)/.can-develop ## Check style, types and layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

page: node_modules/.can-check ## Check the types of the report's page (needs node and npm)
	node_modules/.bin/tsc --project jsconfig.json

format: $(VENV)/.can-develop ## Format the code and mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.can-run ## Measure what runs cost, against a plain model and the bounds
	$(BIN)/python -m benchmarks

bench-page: $(VENV)/.can-test ## Measure a report of 100,000 records in a browser, against a plain page
	$(BIN)/python -m benchmarks.report

bench-kit: $(VENV)/.can-test ## Measure what an example of the testing kit costs
	$(BIN)/python -m benchmarks.kit

bench-research: $(VENV)/.can-test ## Measure what sweeps, tables and questions cost, against bare runs
	$(BIN)/python -m benchmarks.research

screenshots: $(VENV)/.can-test ## Take the pictures of reports that the docs show
	$(BIN)/python -m tools.take_screenshots

live: $(VENV)/.can-run ## Hold the simulator to the real client in a browser (N=12 SEED=1 PAR=2 SAVE=dir STORIES=files)
	@$(BIN)/python -m tools.live --number $(N) --seed $(SEED) --parallel $(PAR) $(if $(SAVE),--save $(SAVE)) $(STORIES)

constraints: $(VENV)/.can-develop ## Pin the versions that are installed now
	@{ sed -n '/^#/p' constraints.txt; $(PIP) freeze --exclude session-sim; } > constraints.new
	@mv constraints.new constraints.txt && touch $(VENV)/.can-run $(VENV)/.can-test $(VENV)/.can-develop

clean: ## Remove the environment and everything that tools leave behind
	rm -rf $(VENV) $(OLDEST) node_modules build dist *.egg-info .coverage .coverage.* htmlcov .hypothesis .sim \
		.import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@python=$$($(FIND_PYTHON)); \
	if [ -z "$$python" ]; then \
		echo "No Python 3.11 or newer with its venv module was found on the path." >&2; \
		echo "Install one, or name it: make $(firstword $(MAKECMDGOALS)) PYTHON=/path/to/python3" >&2; \
		exit 1; \
	fi; \
	echo "Making $(VENV) with $$($$python --version)"; \
	$$python -m venv $(VENV)

$(VENV)/.can-run: $(NEEDS)
	@echo "Installing what running needs"
	@$(PIP) install --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.can-test: $(NEEDS)
	@echo "Installing what testing needs"
	@$(PIP) install --constraint constraints.txt --editable '.[test]'
	@touch $@ $(VENV)/.can-run

$(VENV)/.can-develop: $(NEEDS)
	@echo "Installing what developing needs"
	@$(PIP) install --constraint constraints.txt --editable '.[dev]'
	@touch $@ $(VENV)/.can-run $(VENV)/.can-test

$(OLDEST)/bin/python:
	@python=$$($(FIND_OLDEST)); \
	if [ -z "$$python" ]; then \
		echo "No Python 3.11 or 3.12 with its venv module was found on the path." >&2; \
		echo "Install one, or name it: make test-oldest PYTHON=/path/to/python3.11" >&2; \
		exit 1; \
	fi; \
	echo "Making $(OLDEST) with $$($$python --version)"; \
	$$python -m venv $(OLDEST)

$(OLDEST)/.can-test: $(OLDEST)/bin/python pyproject.toml constraints-oldest.txt
	@echo "Installing the oldest versions that are allowed"
	@$(OLDEST)/bin/python -m pip --disable-pip-version-check --quiet install \
		--constraint constraints-oldest.txt --editable '.[testing]' pytest-xdist
	@touch $@

# What checks the page: its types, and by axe that everybody can use it. `make test` takes axe if it
# is there.
node_modules/.can-check: package.json package-lock.json
	@if ! command -v npm >/dev/null; then \
		echo "Checking the page needs npm, which is not on the path: install Node.js." >&2; exit 1; fi
	@echo "Installing what checks the report's page"
	@npm ci --silent
	@touch $@
