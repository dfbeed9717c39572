# The two commands to know: `make run` and `make test`. They need Python 3.11 or newer and make, nothing else.
.DEFAULT_GOAL := help
.PHONY: help run setup demo test quick check bench bench-state fuzz lock messages clean

PORT ?= 8000
export PORT
# Dozens of tests start a program of their own; each would read every source file anew.
unexport PYTHONDONTWRITEBYTECODE
VENV := .venv
BIN := $(VENV)/bin
MANAGE := $(BIN)/python manage.py
PYTEST := $(BIN)/python -m pytest -q
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes
ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(firstword $(foreach name,python3 python3.13 python3.12 python3.11 python3.14,\
	$(shell $(name) -c '$(ENOUGH)' >/dev/null 2>&1 && echo $(name))))

help: ## what can be done here
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

run: setup ## serve the site with the demonstration district on http://127.0.0.1:8000 (PORT=… for another)
	@$(MANAGE) demo --if-empty
	@exec $(MANAGE) serve

setup: $(VENV)/.runtime ## install, and bring the database and the static files up to date
	@echo "Preparing the database and the static files …"
	@$(MANAGE) prepare --verbosity 0

demo: setup ## load the demonstration district into an empty database
	@$(MANAGE) demo

test: check ## everything: style, types, layers, then all tests on SQLite with a browser, and on PostgreSQL
	$(PYTEST) -n 2 -m "not postgres_only"
	$(BIN)/python -m tests.postgres $(PYTEST) -n 2 -m "database and not journey and (postgres_only or not slow)"

# Rooms that seldom change have their own tests run when somebody works on them: `pytest tests/pd_tracker/sheets`.
SELDOM := $(foreach room,sheets reports demo web,--ignore=tests/pd_tracker/$(room))
quick: $(VENV)/.development ## the inner loop: no browser, no PostgreSQL, nothing slow
	$(PYTEST) -n 2 -m "not journey and not postgres_only and not office and not slow" $(SELDOM)

check: $(VENV)/.development ## style, types and layers
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

# What the first run measured stands in the table of the second.
BENCH := $(PYTEST) -o python_files='bench_*.py' --timeout 300 tests/benchmarks
bench: $(VENV)/.development ## measure speed and memory against the bars, on SQLite and PostgreSQL, in one table
	@rm -f build/bench.jsonl
	$(BENCH)
	$(BIN)/python -m tests.postgres $(BENCH) -m database

bench-state: $(VENV)/.development ## the pages of reports with 3,000,000 person-years, as a state has them (takes many minutes)
	PD_TRACKER_BENCH_STATE=1 $(BIN)/python -m tests.postgres $(PYTEST) -s -o python_files='bench_*.py' --timeout 3600 \
		tests/benchmarks/bench_person_years.py tests/benchmarks/bench_reports.py \
		tests/benchmarks/bench_kept_years.py

fuzz: $(VENV)/.development ## ask the API 5,000 generated questions; the test run asks 500
	PD_TRACKER_FUZZ_CASES=5000 $(PYTEST) -n 2 --timeout 3600 tests/pd_tracker/api/test_fuzz.py

LOCK := $(BIN)/uv pip compile --quiet --python-version 3.11 --universal --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links
lock: $(VENV)/.development ## pin requirements*.in again (UPGRADE=--upgrade for newer versions)
	$(LOCK) $(UPGRADE) requirements.in -o requirements.txt
	$(LOCK) $(UPGRADE) requirements-dev.in -c requirements.txt -o requirements-dev.txt

SPANISH := pd_tracker/web/locale/es/LC_MESSAGES/django.po
GATHER := --no-location --no-wrap --no-obsolete $(foreach path,.venv var build node_modules tests,--ignore $(path))
messages: $(VENV)/.development ## gather the words people see for translation, and compile what is translated (needs GNU gettext)
	$(MANAGE) makemessages --locale es $(GATHER)
	sed -i.was '/^"POT-Creation-Date/d' $(SPANISH) && rm $(SPANISH).was  # gathering again changes nothing
	$(MANAGE) compilemessages --locale es --ignore .venv --ignore node_modules

clean: ## remove what was installed and cached; the data in var/ stays
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +

# Installing is done again when the pinned list changes, and not otherwise.
$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "PD Tracker needs Python 3.11 or newer; python3 here is $$(python3 -V 2>&1)." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }  # half a one would be taken for a whole one next time

$(VENV)/.runtime: requirements.txt | $(BIN)/python
	@echo "Installing what PD Tracker needs (a minute, once) …"
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.development: requirements-dev.txt | $(BIN)/python
	@echo "Installing what development needs (a minute or two, once) …"
	@$(PIP) -r requirements-dev.txt
	@touch $@ $(VENV)/.runtime
