"""Icons: one symbol of the sprite `assets/icons.svg`, by name.

Why a sprite: a symbol's name may come from a state var, so a badge for a state from the database
needs no JavaScript import. To add one, copy the paths of a lucide icon into a new `<symbol>`.
"""

import reflex as rx

from calibra_app.ui.components.values import Text, is_blank


def icon(name: Text, *, size: int = 0, class_name: Text = "", label: Text = "") -> rx.Component:
    """Return one symbol; it is decoration unless a label is given.

    Args:
        name: The symbol's id in the sprite, such as "gauge"; text or var.
        size: Edge in pixels; 0 leaves it to the surroundings (16, in buttons 14).
        class_name: Further classes, such as "ink-red".
        label: What a screen reader says; needed only where the icon stands alone.
    """
    spoken = (
        {"role": "img", "aria-label": label} if not is_blank(label) else {"aria-hidden": "true"}
    )
    return rx.el.svg(
        rx.el.svg.use(custom_attrs={"href": f"/icons.svg#{name}"}),
        class_name=f"icon {class_name}",
        style={"fontSize": f"{size}px"} if size else {},
        custom_attrs=spoken,
    )
