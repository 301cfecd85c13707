#!/bin/sh
# Format, lint, types, import contracts, migrations equal models, templates, security lint. All are run; any may fail it.
cd "$(dirname "$0")/.."
failed=""
step() { name=$1; shift; echo "· $name"; "$@" || failed="$failed $name"; }
step format ruff format --check -q .
step lint ruff check -q .
step types mypy --no-error-summary
step contracts lint-imports --no-cache
step migrations python scripts/migrations.py check
step templates djlint templates --lint --quiet
step security bandit -q -r marketplace -c pyproject.toml
[ -z "$failed" ] || { echo "FAILED:$failed" >&2; exit 1; }
echo "All checks passed."
