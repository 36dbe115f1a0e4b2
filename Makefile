# Everything a person does here: `make help`. Each target does all of its own set-up, in .venv.
# The first that is new enough and runs: pyenv's python3 does not where it lacks the version in .python-version
PYTHON ?= $(firstword $(foreach each,python3 python3.13 python3.12 python3.11 /usr/bin/python3,\
	$(shell $(each) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(each))) python3)
BIN := .venv/bin
# Tests wait about as long as they compute: two workers a processor, a file's tests in one, in the order of tests/conftest.py
WORKERS = $(shell $(PYTHON) -c 'import os; print(min(8, 2 * (os.cpu_count() or 1)))')
PYTEST = $(BIN)/pytest -m "not browser" --ignore tests/browser -n $(WORKERS) --dist loadfile --no-loadscope-reorder
# Each worker would compile all tests, and each process the bot, where images and shells ask for no bytecode
export PYTHONDONTWRITEBYTECODE =

.DEFAULT_GOAL := help
.PHONY: help install demo test lint check bench fuzz soak format lock page screenshots clean

help: ## Show this
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 22

install: .venv/run ## Set up what the bot needs, in .venv

demo: .venv/run ## Try callinfo in a browser: no Slack workspace, no CometChat account
	@$(BIN)/python -m bot playground

test: .venv/dev ## Run the tests
	$(PYTEST)

lint: .venv/dev ## Lint and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check: lint ## Lint, types, tests with coverage: what has to pass before a commit
	$(PYTEST) -q --cov --cov-report=term --cov-fail-under=95

bench: .venv/dev ## Measure beside what people would otherwise write (about 5 minutes, Linux)
	$(BIN)/python -m bench

fuzz: .venv/dev ## Fuzz the running bot for 5 minutes; FUZZ="--requests 200000 --seed 1" says how else (Linux)
	$(BIN)/python -m fuzz $(FUZZ)

soak: .venv/dev ## Send half a million commands and see whether anything grows; SOAK="--commands 50000" (Linux)
	$(BIN)/python -m fuzz.soak $(SOAK)

format: .venv/dev ## Format the code and mend what the linter can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

screenshots: .venv/dev ## Take the pictures in docs/ again (needs Debian's chromium and chromium-driver)
	CALLINFO_SCREENSHOTS=1 $(BIN)/pytest -q -m browser

page: ## Build the playground's page again (needs Node.js; its result is committed)
	cd bot/playground/page && npm ci && npm run build

lock: .venv/uv ## Pin the dependencies again, with hashes
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-strip-extras pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-strip-extras pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt

clean: ## Remove the virtual environment and caches
	rm -rf .venv .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache

.venv/made:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2])' || { echo "callinfo needs Python 3.11 or newer; say which with make PYTHON=python3.12 …"; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/run: .venv/made requirements.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements.txt
	@touch $@

.venv/dev: .venv/made requirements-dev.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.txt
	@touch $@

.venv/uv: .venv/made
	$(BIN)/python -m pip install -q --disable-pip-version-check uv
	@touch $@
