"""A list that is read page by page: what every state with such a list keeps."""

from typing import Any, TypeVar

import reflex as rx

from calibra_app.core.paging import Page
from calibra_app.ui.words import say_number

T = TypeVar("T")


class Listing(rx.State, mixin=True):
    """The search, the place where the next page begins, and whether one is being read."""

    search: str = ""
    next_cursor: str = ""
    loading: bool = True
    shown: str = ""

    def _take(self, rows: list[Any], page: Page[T], one: str, many: str) -> None:
        """Note a page whose rows, all of those shown so far, are given as well."""
        self.next_cursor = page.next_cursor
        self.loading = False
        told = say_number(one, many, len(rows))
        self.shown = f"{told}+" if page.next_cursor else told
