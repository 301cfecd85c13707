"""Every sentence has its French, with the same placeholders and marks."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages import Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "marketplace" / "translations" / "fr" / "LC_MESSAGES" / "messages.po"


@pytest.fixture(scope="module")
def french() -> dict[str, Message]:
    with CATALOGUE.open("rb") as file:
        return {_one(message.id): message for message in read_po(file, locale="fr") if message.id}


def test_every_sentence_of_the_site_is_in_the_catalogue(french: dict[str, Message], tmp_path: Path) -> None:
    command = [
        str(Path(sys.executable).with_name("pybabel")),
        "-q",
        "extract",
        "-F",
        "babel.cfg",
        "-k",
        "lazy_gettext",
        "-o",
        str(tmp_path / "all.pot"),
        ".",
    ]
    subprocess.run(command, cwd=ROOT, check=True)
    with (tmp_path / "all.pot").open("rb") as file:
        said = {_one(message.id) for message in read_po(file) if message.id}
    assert len(said) > 500
    assert not said - set(french), "run scripts/translations.sh"


def test_no_sentence_lacks_its_french(french: dict[str, Message]) -> None:
    assert not [key for key, message in french.items() if not all(_all(message.string)) or message.fuzzy]


def test_placeholders_and_tags_are_the_same(french: dict[str, Message]) -> None:
    def parts(text: str) -> set[str]:
        return set(re.findall(r"%\(\w+\)[sd]|</?\w+", text))

    wrong = []
    for key, message in french.items():
        wanted = parts(" ".join(_all(message.id)))
        wrong += [key for text in _all(message.string) if parts(text) - wanted or wanted - parts(text) - {"%(num)d"}]
    assert not wrong


def _all(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def _one(text: str | tuple[str, ...] | list[str]) -> str:
    return _all(text)[0]
