#!/bin/sh
# Sets up this checkout: `run` (what the site needs) or `dev` (tests and checks too). Says in one line what is missing.
set -eu
cd "$(dirname "$0")/.."
say() { echo "$1" >&2; exit 1; }

case "$1" in
run)
    command -v "${PYTHON:-python3}" >/dev/null || say "Python 3.11 or newer is needed: install python3 and python3-venv."
    "${PYTHON:-python3}" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || say "Python 3.11 or newer is needed."
    command -v npm >/dev/null || say "Node with npm is needed for the browser code: install nodejs and npm."
    [ -w . ] || say "This folder can't be written to: $(pwd)"
    [ -x .venv/bin/python ] || "${PYTHON:-python3}" -m venv .venv || say "The virtual environment could not be made: install python3-venv."
    echo "Installing Python packages and browser code (a minute or two the first time)…"
    npm ci --silent --no-audit --no-fund --ignore-scripts >.venv/npm.log 2>&1 & npm=$!
    .venv/bin/pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements/run.txt 2>.venv/pip.log \
        || say "Python packages could not be installed (no network?): $(grep -m1 -i error .venv/pip.log)"
    .venv/bin/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e . 2>>.venv/pip.log \
        || say "The site itself could not be installed: $(tail -1 .venv/pip.log)"
    wait $npm || say "Browser code could not be installed (no network?): $(grep -m1 -i err .venv/npm.log)"
    rm -f .venv/npm.log .venv/pip.log
    .venv/bin/pybabel -q compile -d marketplace/translations -l fr 2>.venv/babel.log || say "The French texts could not be made ready: $(tail -1 .venv/babel.log)"
    touch .venv/.run-ready
    ;;
dev)
    echo "Installing what tests and checks need…"
    .venv/bin/pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements/dev.txt 2>.venv/pip.log \
        || say "Python packages could not be installed (no network?): $(grep -m1 -i error .venv/pip.log)"
    rm -f .venv/pip.log
    if { ! command -v chromium || ! command -v faketime; } >/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Installing Chromium for the browser journeys, and a clock that can be moved…"
        { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium faketime; } >/dev/null 2>&1 || true
    fi
    touch .venv/.dev-ready
    ;;
esac
