#!/bin/sh
# Renews the locks: Python by hash without addresses, browser code without resolved addresses. Needs uv and npm.
set -eu
cd "$(dirname "$0")/.."
compile() { uv pip compile -q --upgrade --generate-hashes --universal --python-version 3.11 --no-header "$@"; }
compile pyproject.toml -o requirements/run.txt
compile --extra dev pyproject.toml -c requirements/run.txt -o requirements/dev.txt
npm install --package-lock-only --omit-lockfile-registry-resolved
