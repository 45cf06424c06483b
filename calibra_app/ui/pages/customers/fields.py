"""The fields of the form of a customer, new or known."""

import reflex as rx

from calibra_app.ui.agreements import RELEASES, RULES, TAXES
from calibra_app.ui.components.choice import check_box, select_field
from calibra_app.ui.components.form import Errors, columns, number_field, text_area, text_field
from calibra_app.ui.pages.customers.rows import CustomerText
from calibra_app.ui.words import say


def customer_fields(shown: CustomerText, errors: Errors) -> tuple[rx.Component, ...]:
    """Return the fields, filled with what is known of the customer."""
    return (
        columns(
            text_field("code", say("Code"), errors=errors, value=shown.code, auto_focus=True),
            text_field("name", say("Name"), errors=errors, value=shown.name),
        ),
        text_area("address", say("Address"), errors=errors, value=shown.address, optional=True),
        columns(
            text_field(
                "country", say("Country"), errors=errors, value=shown.country, optional=True
            ),
            text_field(
                "vat_id", say("VAT number"), errors=errors, value=shown.vat_id, optional=True
            ),
            select_field(
                "language",
                say("Language of documents"),
                (("en", say("English")), ("de", say("German"))),
                errors=errors,
                value=shown.language,
            ),
        ),
        columns(
            select_field(
                "decision_rule",
                say("Decision rule"),
                [(rule.value, words) for rule, words in RULES.items()],
                errors=errors,
                value=shown.decision_rule,
            ),
            select_field(
                "release_rule",
                say("Certificate is released"),
                [(rule.value, words) for rule, words in RELEASES.items()],
                errors=errors,
                value=shown.release_rule,
            ),
        ),
        columns(
            select_field(
                "tax_treatment",
                say("Tax"),
                [(treatment.value, words) for treatment, words in TAXES.items()],
                errors=errors,
                value=shown.tax_treatment,
            ),
            number_field(
                "tax_rate", say("Tax rate"), unit="%", errors=errors, value=shown.tax_rate
            ),
            number_field(
                "discount_percent",
                say("Discount on calibration"),
                unit="%",
                errors=errors,
                value=shown.discount_percent,
            ),
        ),
        check_box("accredited", say("Wants accredited calibration"), checked=shown.accredited),
        check_box(
            "due_date_on_label",
            say("Due date on the label is agreed"),
            checked=shown.due_date_on_label,
        ),
        check_box(
            "standing_agreement",
            say("Standing agreement"),
            note=say("Work begins without an offer each time."),
            checked=shown.standing_agreement,
        ),
    )
