"""Kinds of values that parts of a page take: fixed when it is written, or a var of its state.

To a type checker a state's var looks like the value it holds, so every part takes both.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import reflex as rx

Text = str | rx.Var[str]
Flag = bool | rx.Var[bool]
Rows = Sequence[Any] | rx.Var[Any]
Lookup = Mapping[str, Any] | rx.Var[Any]
# An event of a state, with or without its arguments, or a list of events.
Deed = Any


def is_blank(text: Text) -> bool:
    """Say whether a text was left out; a var never is."""
    return isinstance(text, str) and not text
