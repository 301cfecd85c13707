# Every target sets up what it needs first. PORT and DATA_DIR may be set for `make demo`.
PYTHON ?= python3
export PATH := $(CURDIR)/.venv/bin:$(PATH)
RUN := .venv/.run-ready
DEV := .venv/.dev-ready

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

$(RUN): requirements/run.txt package-lock.json pyproject.toml marketplace/translations/fr/LC_MESSAGES/messages.po
	@PYTHON="$(PYTHON)" sh scripts/setup.sh run

$(DEV): $(RUN) requirements/dev.txt
	@sh scripts/setup.sh dev

demo: $(RUN) ## start the site with a sample town
	@exec marketplace demo

test: $(DEV) ## every test
	@sh scripts/test.sh

check: $(DEV) ## format, lint, types, contracts, migrations, templates, security
	@sh scripts/check.sh

bench: $(DEV) ## benchmarks, each as a ratio to a limit line in the same run
	@pytest tests/benchmarks -o addopts= -q -s

chaos: $(DEV) ## the long tests: kills, races, soaks, thousands of examples
	@CHAOS=1 sh scripts/test.sh

screenshots: $(DEV) ## pictures of the main pages into var/screenshots
	@python scripts/screenshots.py

lock: ## renew the locked requirements
	@sh scripts/lock.sh

.PHONY: help demo test check bench chaos screenshots lock
