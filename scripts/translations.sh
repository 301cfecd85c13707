#!/bin/sh
# Gathers every sentence into the French catalogue; new ones wait there with an empty msgstr.
set -eu
cd "$(dirname "$0")/.."
catalogue=marketplace/translations/fr/LC_MESSAGES/messages.po
gathered=$(mktemp)
pybabel -q extract -F babel.cfg --no-location --sort-output -k lazy_gettext -o "$gathered" .
if [ -e "$catalogue" ]; then
    pybabel -q update -i "$gathered" -o "$catalogue" -l fr --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --width 110
else
    mkdir -p "$(dirname "$catalogue")"
    pybabel -q init -i "$gathered" -o "$catalogue" -l fr
fi
rm -f "$gathered"
