"""What can go wrong, in six kinds; each sentence is one that a laboratory can act on."""

from typing import ClassVar


class CalibraError(Exception):
    """An expected refusal, told to the person at the screen.

    Args:
        message: One sentence: the fact, the rule, the way out.
        field: The form field that the sentence belongs beside, if any.
    """

    code: ClassVar[str] = "error"

    def __init__(self, message: str, *, field: str = "") -> None:
        """Keep the sentence and the field it belongs to."""
        super().__init__(message)
        self.message = message
        self.field = field


class Unauthenticated(CalibraError):
    """Nobody is signed in, or the session has ended."""

    code: ClassVar[str] = "unauthenticated"


class Forbidden(CalibraError):
    """The actor lacks the permission or the competence."""

    code: ClassVar[str] = "forbidden"


class NotFound(CalibraError):
    """There is no such record in this laboratory."""

    code: ClassVar[str] = "not_found"


class Conflict(CalibraError):
    """The record is not in a state in which this can be done."""

    code: ClassVar[str] = "conflict"


class Invalid(CalibraError):
    """What was typed cannot be taken as it is."""

    code: ClassVar[str] = "invalid"


class Unavailable(CalibraError):
    """Something outside does not answer; trying again later may help."""

    code: ClassVar[str] = "unavailable"
