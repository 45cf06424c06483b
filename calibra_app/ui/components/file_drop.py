"""A place for files: dropped or chosen, sent at once, each with its outcome beside its name."""

from typing import Any

import reflex as rx
from reflex.event import passthrough_event_spec

from calibra_app.ui.components.values import Deed, Text
from calibra_app.ui.words import say

_FILE_DROP = rx.asset("file_drop.jsx", shared=True)
WORDS = {
    "failed": say("The file was not stored. Try again."),
    "sending": say("Sending…"),
}


class FileDrop(rx.Component):
    """The React part; pages call `file_drop`."""

    library = f"$/public{_FILE_DROP}"
    tag = "FileDrop"
    url: rx.Var[str]
    accept: rx.Var[str]
    most_bytes: rx.Var[int]
    multiple: rx.Var[bool]
    fields: rx.Var[dict[str, str]]
    label: rx.Var[str]
    words: rx.Var[dict[str, str]]
    on_done: rx.EventHandler[passthrough_event_spec(str, str)]
    on_fault: rx.EventHandler[passthrough_event_spec(str)]


def file_drop(
    url: Text,
    label: Text,
    *,
    on_done: Deed,
    accept: str = "application/pdf,image/png,image/jpeg",
    hint: Text = "",
    most_megabytes: int = 10,
    multiple: bool = True,
    fields: dict[str, Text] | None = None,
    on_fault: Deed | None = None,
) -> rx.Component:
    """Return a place to drop or choose files, sent at once to an address of the HTTP interface.

    Args:
        url: The address; it answers JSON with the `id` of what it stored, or `message`.
        label: What to put here.
        on_done: Called with (id, file name) for each file that was stored.
        accept: Types the dialog offers; the server checks the content.
        hint: A second line: types and size.
        most_megabytes: Larger files are refused before sending.
        multiple: Several at once.
        fields: Further form fields to send.
        on_fault: Called with the sentence that says why a file was refused.
    """
    props: dict[str, Any] = {} if on_fault is None else {"on_fault": on_fault}
    return FileDrop.create(
        url=url,
        label=label,
        accept=accept,
        most_bytes=most_megabytes * 1024 * 1024,
        multiple=multiple,
        fields=fields or {},
        on_done=on_done,
        words=WORDS
        | {
            "hint": hint,
            "large": say("The file is larger than {most} MB.", most=most_megabytes),
        },
        **props,
    )
