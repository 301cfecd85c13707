#!/bin/sh
# Every test: the browser's in a process of their own (its event loop bears no others), the rest in two beside it.
# What this machine can't run is named in one loud line; with CI=true that is a failure.
set -u
cd "$(dirname "$0")/.."
chosen="not chaos"
[ -z "${CHAOS:-}" ] || chosen="chaos or not chaos"
for missing in "faketime:what a change of the clocks does to the running site" "node:calendar files as ical.js reads them"; do
    command -v "${missing%%:*}" >/dev/null || echo "!!! NOT RUN: ${missing#*:} (install Debian's ${missing%%:*})" >&2
done
log=$(mktemp)
if command -v chromium >/dev/null; then
    pytest -m "browser and ($chosen)" >"$log" 2>&1 & browser=$!
else
    echo "!!! NOT RUN: the browser journeys (install Debian's chromium)" | tee "$log" >&2
    [ "${CI:-}" = true ] && exit 1
    true & browser=$!
fi
pytest -m "not browser and ($chosen)" -n 2 --ignore=tests/benchmarks; others=$?
wait $browser; browsers=$?
cat "$log"
rm -f "$log"
[ $others = 0 ] && [ $browsers = 0 ]
