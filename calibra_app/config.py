"""Settings, read once from the environment; every other file asks `settings()`.

`DATABASE_URL` and `REDIS_URL` name servers of one's own; without them `./calibra up` starts the
embedded ones. Everything else begins with `CALIBRA_`. One secret per installation is the root of
all others: passwords of database roles, signatures and tokens are derived from it by purpose, so
that only one value has to be kept, backed up and handed to the processes.
"""

import hashlib
import hmac
import os
import secrets
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).parents[1]
SHORTEST_SECRET = 32
REFLEX_REDIS = 0
JOBS_REDIS = 1


class Settings(BaseSettings):
    """What an installation can be told from outside; the defaults are those of `./calibra up`."""

    model_config = SettingsConfigDict(
        env_prefix="CALIBRA_", env_ignore_empty=True, extra="ignore", frozen=True
    )

    database_url: str = Field(
        default="",
        validation_alias="DATABASE_URL",
        description="PostgreSQL 16 or newer, as a role that may create roles; empty: embedded",
    )
    redis_url: str = Field(
        default="",
        validation_alias="REDIS_URL",
        description="Redis or Valkey 7 or newer; empty: embedded",
    )
    data_dir: Path = Field(
        default=PROJECT / ".calibra", description="files, mail and the embedded servers' data"
    )
    host: str = Field(default="127.0.0.1", description="address that the web process listens on")
    port: int = Field(default=3000, ge=1, le=65535, description="port of the site")
    public_origin: str = Field(
        default="", description="https://… under which browsers reach the site; empty: localhost"
    )
    trusted_proxy_hops: int = Field(
        default=0, ge=0, description="proxies in front whose X-Forwarded-For is believed"
    )
    secret: SecretStr = Field(
        default=SecretStr(""), description="root of all secrets; empty: DATA/secret"
    )
    smtp_url: str = Field(
        default="", description="smtp://user:password@host:587; empty: mail goes to DATA/mail"
    )
    mail_sender: str = Field(default="calibra@localhost", description="sender of all mail")
    storage_url: str = Field(
        default="", description="s3://… or az://… for issued files; empty: DATA/files"
    )
    demo_password: SecretStr = Field(
        default=SecretStr(""), description="password of all sample people; empty: random"
    )
    demo_mfa: bool = Field(default=False, description="second factors for the sample people")
    metrics_token: SecretStr = Field(
        default=SecretStr(""), description="bearer token for /metrics from elsewhere than loopback"
    )
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR")
    test: bool = Field(default=False, description="set by the tests alone")
    now: str = Field(default="", description="a fixed instant, or file:PATH; in tests alone")

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, level: str) -> str:
        if level.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("CALIBRA_LOG_LEVEL is DEBUG, INFO, WARNING or ERROR.")
        return level.upper()

    @field_validator("public_origin")
    @classmethod
    def _bare_origin(cls, origin: str) -> str:
        parts = urlsplit(origin)
        if origin and (parts.scheme not in {"http", "https"} or not parts.netloc):
            raise ValueError("CALIBRA_PUBLIC_ORIGIN looks like https://lab.example.com.")
        return origin.rstrip("/")

    @model_validator(mode="after")
    def _safe_together(self) -> "Settings":
        if self.now and not self.test:
            raise ValueError("CALIBRA_NOW fixes the clock of the tests; it is refused elsewhere.")
        given = self.secret.get_secret_value()
        if given and len(given) < SHORTEST_SECRET:
            raise ValueError(f"CALIBRA_SECRET has at least {SHORTEST_SECRET} characters.")
        return self

    @property
    def origin(self) -> str:
        """The address of the site as browsers write it, without a trailing slash."""
        return self.public_origin or f"http://localhost:{self.port}"

    @property
    def over_tls(self) -> bool:
        """Whether browsers come by https, so that cookies may be bound to it."""
        return self.origin.startswith("https://")

    @property
    def data(self) -> Path:
        """The data folder as an absolute path."""
        return self.data_dir.absolute()

    @property
    def sample_password(self) -> str:
        """The password of every sample person."""
        return self.demo_password.get_secret_value() or self.derived("sample password")[:12]

    @property
    def has_secret(self) -> bool:
        """Whether a root secret is given or kept already, so that none has to be made up."""
        return bool(self.secret.get_secret_value()) or (self.data / "secret").exists()

    def derived(self, purpose: str) -> str:
        """Return the secret for one purpose, as 64 hexadecimal digits.

        Args:
            purpose: What it is for, for example `role:calibra_app` or `access token`; two
                purposes never share a secret, and none tells anything of the root.
        """
        root = self.secret.get_secret_value() or secret_of(self.data)
        return hmac.new(root.encode(), purpose.encode(), hashlib.sha256).hexdigest()

    def database_url_as(self, role: str) -> str:
        """Return the database's address as seen by one of our roles, for psycopg."""
        parts = urlsplit(self.database_url)
        host = parts.netloc.rpartition("@")[2]
        login = f"{quote(role)}:{self.derived(f'role:{role}')}"
        return urlunsplit(parts._replace(netloc=f"{login}@{host}"))

    def redis_url_for(self, database: int) -> str:
        """Return Redis's address for `REFLEX_REDIS` or `JOBS_REDIS` (queue, live bus)."""
        parts = urlsplit(self.redis_url)
        if parts.scheme == "unix":
            query = dict(parse_qsl(parts.query)) | {"db": str(database)}
            return urlunsplit(parts._replace(query=urlencode(query)))
        return urlunsplit(parts._replace(path=f"/{database}"))


@cache
def settings() -> Settings:
    """Return the settings of this process; tests that change them call `settings.cache_clear()`."""
    return Settings()


def change_settings(**changes: str) -> Settings:
    """Set variables of the environment for this process and the ones it starts; return the result.

    Only a command does this, before anything else has asked.
    """
    os.environ.update(changes)
    settings.cache_clear()
    return settings()


def secret_of(data: Path) -> str:
    """Return the root secret that a data folder keeps, making it at the first call."""
    path = data / "secret"
    data.mkdir(parents=True, exist_ok=True)
    fresh = data / f"secret.{os.getpid()}"
    if not path.exists():
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48))
        # A link, unlike a rename, leaves the secret that another process made first.
        try:
            path.hardlink_to(fresh)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text().strip()


def child_environment(**changes: str) -> dict[str, str]:
    """Return this process's environment with some settings changed, for a process it starts."""
    return {**os.environ, **changes}
