"""Settings, read once from the environment. A wrong one stops the start and is named."""

import os
from decimal import Decimal
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SAMPLE_SECRETS = {"changeme", "change-me", "secret", "dev", "sample", "demo", "password"}
PRODUCTION_NEEDS = (
    "secret_key",
    "base_url",
    "mail_url",
    "mail_from",
    "stripe_secret_key",
    "stripe_webhook_secret",
)
LocalNetwork = tuple[IPv4Network | IPv6Network, int | None]
"""Addresses of our own machine or house, and the one port of them that is meant, or all."""


class BadSettings(Exception):
    """The configuration can't be used; the message names each variable at fault."""


class Settings(BaseSettings):
    """All that may differ between one installation and another. Names in the environment are upper case."""

    model_config = SettingsConfigDict(env_ignore_empty=False, extra="ignore", frozen=True)

    mode: Literal["production", "demo", "test"] = Field("production", validation_alias="RUNSIGHT_MODE")
    secret_key: str = ""
    data_dir: Path = Path("var/data")
    database_url: str = ""
    database_replica_url: str = ""
    base_url: str = ""
    mail_url: str = ""
    mail_from: str = ""
    stripe_secret_key: str = ""
    stripe_webhook_secret: str = ""
    stripe_api_base: str = "https://api.stripe.com"
    storage_url: str = ""
    redis_url: str = ""
    map_tiles_url: str = ""
    map_attribution: str = ""
    nominatim_url: str = ""
    platform_fee_percent: Decimal = Field(Decimal(15), ge=0, le=50)
    worker_in_web: bool = False
    trusted_proxies: int = Field(0, ge=0, le=5)
    local_calendars: str = ""

    @field_validator("base_url", "stripe_api_base", "nominatim_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if value and urlsplit(value).scheme not in ("http", "https"):
            raise ValueError("must start with http:// or https://")
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if value.startswith(("postgres://", "postgresql://")):
            return "postgresql+psycopg://" + value.split("://", 1)[1]
        if value and not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("must start with sqlite:/// or postgresql://")
        return value

    @field_validator("mail_url")
    @classmethod
    def _mail(cls, value: str) -> str:
        if value and not value.startswith(("smtp://", "smtps://")):
            raise ValueError("must start with smtp:// or smtps://")
        return value

    @field_validator("storage_url")
    @classmethod
    def _storage(cls, value: str) -> str:
        if value and not value.startswith("file:///"):
            raise ValueError("must start with file:///")
        return value

    @field_validator("local_calendars")
    @classmethod
    def _networks(cls, value: str) -> str:
        for each in value.split():
            local_network(each)
        return value

    @model_validator(mode="after")
    def _fit_for_production(self) -> Self:
        if self.mode != "production":
            return self
        wrong = [f"{name.upper()} is missing or empty" for name in PRODUCTION_NEEDS if not getattr(self, name)]
        if self.secret_key and (len(self.secret_key) < 32 or self.secret_key.lower() in SAMPLE_SECRETS):
            wrong.append("SECRET_KEY must have at least 32 characters of chance")
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    @property
    def database(self) -> str:
        """The SQLAlchemy URL: DATABASE_URL, or a SQLite file in DATA_DIR."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'runsight.sqlite3').absolute()}"

    @property
    def local_networks(self) -> list[LocalNetwork]:
        """Where calendars may be though the address is not public: LOCAL_CALENDARS."""
        return [local_network(each) for each in self.local_calendars.split()]

    @property
    def secure(self) -> bool:
        """Whether people reach the site by https."""
        return self.base_url.startswith("https://")


def local_network(text: str) -> LocalNetwork:
    """What "10.0.0.0/8", "10.0.0.5", "127.0.0.1:5232" or "[::1]:5232" means; ValueError for anything else."""
    host, colon, port = text.rpartition(":")
    if not colon or (text.count(":") > 1 and "]" not in text):
        host, port = text, ""
    if port and not (port.isdigit() and 0 < int(port) < 65536):
        raise ValueError(f"{text} has no possible port")
    return ip_network(host.strip("[]")), int(port) if port else None


def read_settings() -> Settings:
    """The settings of this process's environment, and of `settings.env` in DATA_DIR where there is one.

    The environment wins. Raises BadSettings that names what is wrong.
    """
    kept = Path(os.environ.get("DATA_DIR") or Settings.model_fields["data_dir"].default) / "settings.env"
    try:
        return Settings(_env_file=kept if kept.exists() else None)
    except ValidationError as error:
        raise BadSettings("\n".join(_worded(e["loc"], e["msg"]) for e in error.errors())) from None


def _worded(loc: tuple[int | str, ...], message: str) -> str:
    message = message.removeprefix("Value error, ")
    return f"{str(loc[0]).upper()}: {message}" if loc else message
