"""Passwords: how they are kept (Argon2id), and which ones are too easy to guess."""

from dataclasses import dataclass
from functools import cache
from threading import BoundedSemaphore
from typing import ClassVar

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from calibra_app.core.errors import Invalid

SHORTEST = 12
LONGEST = 128
# Each computation takes 64 MiB: a crowd at the door waits in a line.
AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Effort:
    """What one guess at a password costs."""

    passes: int
    memory_kib: int


FULL = Effort(passes=3, memory_kib=65_536)
# For the processes of a test run, which sign in thousands of times and keep nobody's password.
OF_TESTS = Effort(passes=1, memory_kib=64)

_hashing = BoundedSemaphore(AT_ONCE)


class _Chosen:
    """The effort of this process; full in every laboratory's installation."""

    effort: Effort = FULL


# What people type when a form asks for twelve characters.
_GUESSED_FIRST = frozenset(
    {
        "123456789012",
        "1234567890123",
        "1q2w3e4r5t6y",
        "abcdefghijkl",
        "adminadminadmin",
        "changemechangeme",
        "correcthorsebatterystaple",
        "iloveyouiloveyou",
        "letmeinletmein",
        "password1234",
        "password12345",
        "passwordpassword",
        "qwertyuiop12",
        "qwertyuiop123",
        "qwertyqwerty",
        "welcomewelcome",
    }
)
_COMMON_WORDS = ("password", "passwort", "calibra", "welcome", "qwerty", "letmein", "admin")


class WeakPassword(Invalid):
    """The password is too short, too long or among the first that an attacker tries."""

    code: ClassVar[str] = "weak_password"


def choose_effort(effort: Effort) -> None:
    """Hash with another effort from now on; only the processes of a test run do so."""
    _Chosen.effort = effort


def hash_password(password: str) -> str:
    """Return what is kept in place of the password."""
    with _hashing:
        return _hasher(_Chosen.effort).hash(password)


def check_password(password: str, kept: str) -> tuple[bool, str | None]:
    """Say whether the password is right, and what to keep from now on where that has changed.

    Without a kept hash the same time passes as with one: nobody learns from the clock whether
    an address is known.
    """
    with _hashing:
        if len(password) > LONGEST:
            return False, None
        right, better = _hasher(_Chosen.effort).verify_and_update(
            password, kept or _nobodys_hash(_Chosen.effort)
        )
    return right and bool(kept), better


@cache
def _hasher(effort: Effort) -> PasswordHash:
    return PasswordHash(
        (Argon2Hasher(time_cost=effort.passes, memory_cost=effort.memory_kib, parallelism=1),)
    )


@cache
def _nobodys_hash(effort: Effort) -> str:
    return _hasher(effort).hash("nobody signs in with this")


def require_strength(password: str, *words_of_its_owner: str) -> None:
    """Refuse a password that would be guessed.

    Args:
        password: What somebody would like to use.
        words_of_its_owner: Name, address and laboratory, which an attacker tries first.

    Raises:
        WeakPassword: With a sentence that says what to change.
    """
    if len(password) < SHORTEST:
        raise WeakPassword(
            f"The password has {len(password)} characters. Use at least {SHORTEST}.",
            field="password",
        )
    if len(password) > LONGEST:
        raise WeakPassword(f"Use at most {LONGEST} characters.", field="password")
    plain = password.casefold()
    own = (part for text in words_of_its_owner for part in _parts(text))
    for word in (*_COMMON_WORDS, *own):
        # What is left beside the word must be a password in itself.
        if word in plain and len(plain) - len(word) < SHORTEST // 2 + 2:
            raise WeakPassword(
                f"“{word}” is easy to guess. Add more that has nothing to do with you.",
                field="password",
            )
    if plain in _GUESSED_FIRST or len(set(plain)) < SHORTEST // 3:
        raise WeakPassword("This is among the first that anybody tries.", field="password")


def _parts(text: str) -> list[str]:
    shortest_word = 4
    lowered = text.casefold().replace("@", " ").replace(".", " ").replace("-", " ")
    return [part for part in lowered.split() if len(part) >= shortest_word]
