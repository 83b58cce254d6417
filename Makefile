# `make help` lists what can be done here. Everything lands in .venv/, data/ and the caches named in .gitignore.

VENV := .venv
BIN := $(VENV)/bin
PYTHONS := python3.14 python3.13 python3.12 python3.11 python3
IS_NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
STAMP := $(VENV)/.installed
# In the order of their names: xdist would begin the files with few tests last, and among them are the longest.
SPREAD := --dist loadfile --no-loadscope-reorder
# What pip-compile does not read from pyproject.toml: the tools, the build backend, and what an editable install adds.
LOOSE_NEEDS := import tomllib; project = tomllib.load(open('pyproject.toml', 'rb')); \
	print(*project['dependency-groups']['dev'], *project['build-system']['requires'], 'editables', sep='\n')

.DEFAULT_GOAL := help
.PHONY: help run test check bench drill lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(STAMP) ## Install what is needed and serve the demo region
	$(BIN)/python hatch_build.py
	$(BIN)/lightwell demo

# The pages are built first, so that no two workers build them at once. A file stays with one worker, whose servers,
# databases and ports are its own.
test: $(STAMP) ## Run all tests but the long fault drills
	$(BIN)/python hatch_build.py
	$(BIN)/pytest -m "not drill" -n 3 $(SPREAD) --ignore tests/browser  # one waits while two compute
	$(BIN)/pytest -m "not drill" -n 2 $(SPREAD) tests/browser  # apart: Playwright keeps an event loop of its own

check: $(STAMP) ## Check style, types and the floors of the house
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/basedpyright
	PYTHONPATH=contracts $(BIN)/lint-imports
	@if [ ! -f web/package.json ]; then echo "web: not built yet, nothing to check"; \
	elif command -v npm >/dev/null; then cd web && npm ci --no-audit --no-fund && npm run check; \
	else echo "web: not checked, npm is missing"; fi

bench: $(STAMP) ## Measure every claim beside its peers
	@for file in bench/[a-z]*.py; do \
		[ -e "$$file" ] || continue; \
		claim=$$(basename "$$file" .py); echo "== $$claim"; $(BIN)/python -m "bench.$$claim" || exit 1; \
	done

drill: $(STAMP) ## Run the long fault drills
	@if command -v npm >/dev/null; then cd tests/browser/lighthouse && npm ci --ignore-scripts --no-audit --no-fund; fi
	$(BIN)/pytest -m drill

# Hashes of all platforms, no addresses. pip-tools is needed for this target only, so it is not in the lock.
lock: ## Pin all packages anew after a change in pyproject.toml
	$(BIN)/pip install --quiet pip-tools
	$(BIN)/python -c "$(LOOSE_NEEDS)" | $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras \
		--no-annotate --no-header --no-emit-index-url --no-emit-trusted-host --no-emit-options --no-emit-find-links \
		--output-file requirements.lock pyproject.toml -

clean: ## Remove what was built; the data directory stays
	rm -rf $(VENV) dist src/lightwell/app/pages .pytest_cache .ruff_cache .import_linter_cache .hypothesis

# One install per change of the two files; the build backend comes from the lock, so nothing else is fetched.
$(STAMP): requirements.lock pyproject.toml
	@set -e; for python in $(PYTHONS); do \
		if [ -x $(BIN)/python ]; then break; fi; \
		if command -v $$python >/dev/null && $$python -c "$(IS_NEW_ENOUGH)"; then $$python -m venv $(VENV); fi; \
	done; \
	[ -x $(BIN)/python ] || { echo "Lightwell needs Python 3.11 or later, with its venv module."; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
