# `make` lists what can be done. Set-up runs by itself before what needs it, and is quick when nothing changed.

# The Python of .venv, else the newest that really runs and is new enough; version managers leave names on the path that
# do not run. For another one: make clean, then make setup PYTHON=python3.13
PYTHON := $(shell for name in .venv/bin/python python3.14 python3.13 python3.12 python3.11 python3; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && break; done)
RUN := .venv/bin/python
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help python setup setup-dev demo demo-codes test check format catalogues catalogues-check schema benchmarks audit mutation lock lock-try clean

help: ## List the targets
	@echo 'Usage: make TARGET'
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r name text; do \
		printf '  %-18s %s\n' "$$name" "$$text"; done

python:
	@test -n '$(PYTHON)' || { echo 'Python 3.11 or newer was not found. On Debian or Ubuntu install it with' >&2; \
		echo '  sudo apt-get install python3 python3-venv' >&2; exit 1; }

setup: python ## Make .venv with the pinned packages, fonts and catalogues; install system libraries where allowed
	@$(PYTHON) tools/setup.py

setup-dev: python ## The same, with what tests and checks need (also Chromium)
	@$(PYTHON) tools/setup.py --dev

demo: setup ## Make a demo database with synthetic firms and serve the site on 127.0.0.1:8000
	@$(RUN) -m survey.demo

demo-codes: setup ## Print the codes of the second step for the demo's people of offices and providers
	@$(RUN) -m survey.demo --codes

test: check ## Run all checks, then all tests, on WORKERS processes (2)
	@$(RUN) -m pytest -n $(WORKERS) --dist loadgroup

check: setup-dev ## Style, types, import directions, catalogues; changes nothing
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check --quiet . || { echo 'run: make format' >&2; exit 1; }
	@$(RUN) -m mypy
	@.venv/bin/lint-imports --no-cache --no-logo
	@$(RUN) tools/catalogues.py --check

format: setup-dev ## Put the Python files into the house format
	@$(RUN) -m ruff check --fix --quiet .
	@$(RUN) -m ruff format .

catalogues: setup ## Collect the texts of pages into the catalogues and compile them
	@$(RUN) tools/catalogues.py

catalogues-check: setup ## Say whether a text is missing from a catalogue or not translated
	@$(RUN) tools/catalogues.py --check

schema: setup ## Write docs/definition.schema.json, for editors of definitions
	@$(RUN) -m scoring schema > docs/definition.schema.json

benchmarks: setup-dev ## Run every benchmark behind the README's performance table
	@for file in benchmarks/[a-z]*.py; do name=$$(basename "$$file" .py); echo "== $$name"; \
		$(RUN) -m "benchmarks.$$name" || exit 1; done

audit: setup-dev ## Look for what security tools find; needs the network for semgrep and for lists of known faults
	@$(RUN) tools/audit/run.py

mutation: setup-dev ## Change 400 places of scoring/, one at a time, and see that tests notice (up to 45 minutes)
	@$(RUN) tools/mutation.py

lock: python ## Pin the newest packages that requirements.in and requirements-dev.in allow (maintainers)
	@$(PYTHON) tools/lock.py --upgrade

lock-try: python ## Try that every pinned wheel can be had for each supported Python and processor (maintainers)
	@$(PYTHON) tools/lock.py --try

clean: ## Remove everything that set-up made; keep data/
	rm -rf .venv var .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find survey questionnaires scoring tests tools migrations -name __pycache__ -prune -exec rm -rf {} +
	find survey -name '*.mo' -delete
