"""Bad settings are refused by name."""

from pathlib import Path

import pytest

from marketplace.settings import BadSettings, read_settings

GOOD = {
    "SECRET_KEY": "k" * 40,
    "BASE_URL": "https://runsight.example",
    "MAIL_URL": "smtp://mail.example",
    "MAIL_FROM": "hello@runsight.example",
    "STRIPE_SECRET_KEY": "sk_test_1",
    "STRIPE_WEBHOOK_SECRET": "whsec_1",
}


@pytest.fixture(autouse=True)
def production(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.delenv("RUNSIGHT_MODE", raising=False)


def test_good_settings_are_taken() -> None:
    assert read_settings().secure


@pytest.mark.parametrize("name", sorted(GOOD))
def test_production_needs_each_secret_and_address(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "")
    with pytest.raises(BadSettings, match=name):
        read_settings()


@pytest.mark.parametrize(
    "name,value",
    [
        ("SECRET_KEY", "changeme"),
        ("BASE_URL", "runsight.example"),
        ("DATABASE_URL", "mysql://x"),
        ("MAIL_URL", "http://mail"),
        ("STORAGE_URL", "ftp://x"),
        ("PLATFORM_FEE_PERCENT", "-1"),
        ("PLATFORM_FEE_PERCENT", "much"),
        ("WORKER_IN_WEB", "perhaps"),
    ],
)
def test_a_value_that_cannot_serve_is_named(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSettings, match=name):
        read_settings()


def test_a_folder_may_keep_its_own_settings_and_the_environment_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "settings.env").write_text("MAIL_FROM=kept@runsight.example\nMAP_ATTRIBUTION=ours\n")
    monkeypatch.delenv("MAIL_FROM")
    assert read_settings().mail_from == "kept@runsight.example"
    monkeypatch.setenv("MAP_ATTRIBUTION", "theirs")
    assert read_settings().map_attribution == "theirs"
