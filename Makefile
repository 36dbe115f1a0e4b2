# Everything a person does here: `make help`. Each target does all of its own set-up, in .venv.
# The first that is new enough, runs (pyenv's python3 may not, in a folder with .python-version) and has ensurepip
PYTHON ?= $(firstword $(foreach each,python3 python3.13 python3.12 python3.11 /usr/bin/python3,\
	$(shell $(each) -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(each))) python3)
BIN := .venv/bin
# Tests wait longer than they compute: three workers a processor. A file stays with one, in the order of tests/conftest.py
WORKERS = $(shell $(PYTHON) -c 'import os; print(min(12, 3 * (os.cpu_count() or 1)))')
PYTEST = $(BIN)/pytest -m "not browser" --ignore tests/browser -n $(WORKERS) --dist loadfile --no-loadscope-reorder
# What computes and asks nobody: each line and branch is tested
PURE = bot/cards/*,bot/cometchat/*,bot/throttling/*,bot/identity/*,bot/calls/*,bot/slack/reply_addresses.py,bot/inbound/slack_requests.py,bot/inbound/socket_mode/wire.py,bot/inbound/deduplication.py,bot/observability/redaction.py,bot/observability/log_throttle.py,bot/slack/json_objects.py,bot/subscriptions/decisions.py,bot/subscriptions/looks.py,bot/subscriptions/tellings.py,bot/subscriptions/subscription.py,bot/subscriptions/quiet_hours.py,bot/subscriptions/budget.py,bot/subscriptions/reasons.py,bot/subscriptions/typed.py,bot/subscriptions/form.py,bot/subscriptions/problems.py
# Each worker would compile all tests, and each process the bot, where images and shells ask for no bytecode
export PYTHONDONTWRITEBYTECODE =

.DEFAULT_GOAL := help
.PHONY: help install demo test lint check bench bench-scale fuzz soak format lock page screenshots clean

help: ## Show this
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

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
	$(BIN)/coverage report --fail-under=100 --include='$(PURE)' --omit=bot/cometchat/client.py,bot/throttling/redis_counts.py

bench: .venv/dev ## Measure beside what people would otherwise write; BENCH="--beside DIR" (about 5 minutes, Linux)
	$(BIN)/python -m bench $(BENCH)

bench-scale: .venv/dev ## Measure with a full database beside an almost empty one (about 5 minutes, Linux)
	$(BIN)/python -m bench scale

fuzz: .venv/dev ## Fuzz the running bot for 5 minutes; FUZZ="--requests 200000 --seed 1" says how else (Linux)
	$(BIN)/python -m fuzz $(FUZZ)

soak: .venv/dev ## Send half a million commands and see whether anything grows; SOAK="--commands 50000" (Linux)
	$(BIN)/python -m fuzz.soak $(SOAK)

format: .venv/dev ## Format the code and fix what the linter can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

screenshots: .venv/dev ## Take the pictures in docs/ again (needs Debian's chromium and chromium-driver)
	CALLINFO_SCREENSHOTS=1 $(BIN)/pytest -q -m browser

page: ## Build the playground's page again (needs Node.js; its result is committed)
	cd bot/playground/page && npm ci && npm run build

COMPILE = $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-strip-extras $(LOCK)
SENTRY = import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["sentry"])
lock: .venv/dev ## Pin the dependencies again, with hashes; LOCK=--upgrade takes newer ones
	$(COMPILE) pyproject.toml -o requirements.txt
	$(BIN)/python -c '$(SENTRY)' | $(COMPILE) -c requirements.txt --no-annotate - -o requirements-sentry.txt
	$(COMPILE) -c requirements.txt -c requirements-sentry.txt pyproject.toml --extra sentry --group dev -o requirements-dev.txt

clean: ## Remove the virtual environment and caches
	rm -rf .venv .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache

# A .venv of another version than the PYTHON that the command line names is made again
ifeq ($(origin PYTHON),command line)
version = $(shell $(1) -c 'import sys; print(sys.version)' 2>/dev/null)
ifneq ($(call version,$(PYTHON)),$(call version,$(BIN)/python))
.PHONY: .venv/made
endif
endif

.venv/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "callinfo needs Python 3.11 or newer; say which with make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || $(PYTHON) -c 'import sys; sys.exit("This Python can make no virtual environment: on Debian and Ubuntu, apt install python3.%d-venv; or name another with make PYTHON=python3.12 …" % sys.version_info[1])'
	$(PYTHON) -m venv --clear .venv || { rm -rf .venv; exit 1; }
	@touch $@

.venv/run: .venv/made requirements.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements.txt
	@touch $@

.venv/dev: .venv/made requirements-dev.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.txt
	@touch $@
