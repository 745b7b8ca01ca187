# Mingbai. `make help` lists what can be asked for. Nothing here asks a question; every target sets up what it needs.
# PYTHON=…            the Python 3.11 or 3.12 to use      (default: found by setup/find_python.sh)
# MIRROR=https://…    a package mirror for pip            (default: pip's own settings)
# SYSTEM_PACKAGES=no  do not touch the operating system   (default: install what is missing, when permitted)

.DEFAULT_GOAL := help
.PHONY: help setup setup-test demo serve test check format lint types contracts bench soak fuzz torture lock clean wipe
export PYTHON MIRROR SYSTEM_PACKAGES
RUN := .venv/bin/python
# quality_cases is a part of quality_gate, and quality_fit fits what that measures.
BENCHMARKS = $(filter-out bench/quality_cases.py bench/quality_fit.py,$(wildcard bench/*.py))

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | while IFS='|' read -r target what; do printf '  make %-10s %s\n' "$$target" "$$what"; done

setup: ## prepare this machine and the .venv
	@python=$$(setup/find_python.sh) && "$$python" -m setup.prepare run

setup-test:
	@python=$$(setup/find_python.sh) && "$$python" -m setup.prepare test

demo: setup ## a dozen claims, from photograph to payout, then the queue on http://127.0.0.1:8000
	@$(RUN) app.py demo

serve: setup ## the system itself, with the settings of config.yaml
	@$(RUN) app.py serve

test: setup-test ## all tests
	@$(RUN) -m pytest -n auto --maxprocesses 4 --dist loadfile

check: format lint types contracts test ## format, ruff, mypy --strict, import contracts, tests

format: setup-test
	@$(RUN) -m ruff format --check .

lint: setup-test
	@$(RUN) -m ruff check .

types: setup-test
	@$(RUN) -m mypy

contracts: setup-test
	@.venv/bin/lint-imports --no-logo

bench: setup-test ## every benchmark in bench/: an hour the first time, as it reads some thousand pictures
	@for script in $(BENCHMARKS); do echo "== $$script"; $(RUN) -m "bench.$$(basename "$$script" .py)" || exit 1; done

soak: setup-test ## 100,000 claims through routing over threads: answers compared, memory watched
	@$(RUN) -m bench.soak.routing

fuzz: setup-test ## bent bytes for every parser, FUZZ of them each (default 20,000): an hour and more; keep what breaks one in tests/fuzz/corpus
	@MINGBAI_FUZZ=$(or $(FUZZ),20000) $(RUN) -m pytest -q tests/fuzz

torture: setup-test ## a thousand claims on each database while everything dies, is cut off or runs full: half an hour and more
	@$(RUN) -m tests.torture
	@MINGBAI_TORTURE=full $(RUN) -m pytest tests/torture/test_torture_machine.py -s

lock: ## pin setup/*.in anew, with hashes (needs uv)
	@setup/lock.sh

clean: ## remove the .venv and the caches; the data in var/ stays
	rm -rf .venv var/setup.log var/setup.lock .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

wipe: clean ## clean, and remove var/ with the database and every document in it
	rm -rf var
