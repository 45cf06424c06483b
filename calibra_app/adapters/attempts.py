"""How often somebody may try to sign in: counted in Redis, or here while Redis is away."""

import hashlib
from functools import cache

import structlog
from limits import RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage, Storage
from limits.strategies import MovingWindowRateLimiter
from redis.exceptions import RedisError

from calibra_app.config import JOBS_REDIS, settings

log = structlog.get_logger(__name__)

PER_ACCOUNT = RateLimitItemPerMinute(5, 15)
PER_ADDRESS = RateLimitItemPerMinute(50, 15)
LINKS_PER_ACCOUNT = RateLimitItemPerMinute(3, 15)


@cache
def shared_counts() -> MovingWindowRateLimiter:
    """Return the counts that all processes share."""
    url = settings().redis_url_for(JOBS_REDIS)
    storage: Storage = RedisStorage(
        url.replace("unix://", "redis+unix://", 1), key_prefix="cal:attempts"
    )
    return MovingWindowRateLimiter(storage)


@cache
def own_counts() -> MovingWindowRateLimiter:
    """Return the counts of this process, for the time that Redis is away."""
    return MovingWindowRateLimiter(MemoryStorage())


def may_try(tenant_id: int, email: str, address: str) -> bool:
    """Say whether one more attempt is allowed; an unknown account is counted like a known one."""
    return _test(PER_ACCOUNT, *_account(tenant_id, email)) and _test(PER_ADDRESS, address)


def remember_failure(tenant_id: int, email: str, address: str) -> None:
    """Count a failed attempt against the account and the caller's address."""
    _hit(PER_ACCOUNT, *_account(tenant_id, email))
    _hit(PER_ADDRESS, address)


def forget_failures(tenant_id: int, email: str) -> None:
    """Begin anew for an account whose password was right."""
    try:
        shared_counts().clear(PER_ACCOUNT, *_account(tenant_id, email))
    except (RedisError, StorageError):
        own_counts().clear(PER_ACCOUNT, *_account(tenant_id, email))


def may_ask_for_link(tenant_id: int, email: str, address: str) -> bool:
    """Count a request for a new password; say whether it is one of the few allowed."""
    return _hit(LINKS_PER_ACCOUNT, "link", *_account(tenant_id, email)) and _hit(
        PER_ADDRESS, "link", address
    )


def _account(tenant_id: int, email: str) -> tuple[str, str]:
    # A digest, so that a dump of Redis tells no address.
    return str(tenant_id), hashlib.sha256(email.strip().lower().encode()).hexdigest()


def _test(limit: RateLimitItemPerMinute, *key: str) -> bool:
    try:
        return shared_counts().test(limit, *key)
    except (RedisError, StorageError):
        log.warning("attempts are counted in this process alone")
        return own_counts().test(limit, *key)


def _hit(limit: RateLimitItemPerMinute, *key: str) -> bool:
    try:
        return shared_counts().hit(limit, *key)
    except (RedisError, StorageError):
        log.warning("attempts are counted in this process alone")
        return own_counts().hit(limit, *key)
