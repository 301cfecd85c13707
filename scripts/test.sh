#!/bin/sh
# Every test, in two processes. What this machine can't run is named in one loud line; with CI=true that is a failure.
set -eu
cd "$(dirname "$0")/.."
if ! command -v chromium >/dev/null; then
    echo "!!! NOT RUN: the browser journeys (install Debian's chromium)" >&2
    [ "${CI:-}" != true ] || exit 1
fi
if [ -n "${CHAOS:-}" ]; then
    exec pytest -m "chaos or not chaos" "$@"
fi
exec pytest -m "not chaos" -n 2 --dist loadgroup --ignore=tests/benchmarks "$@"
