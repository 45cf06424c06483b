"""The dialogs of one certificate: sign, refuse, reopen, amend, withdraw."""

import reflex as rx

from calibra_app.ui.components.choice import check_box, select_field
from calibra_app.ui.components.dialog import form_dialog, signature_dialog
from calibra_app.ui.components.form import text_area, text_field
from calibra_app.ui.pages.certificates.rows import FIELD_WORDS
from calibra_app.ui.pages.certificates.state import CertificateState
from calibra_app.ui.words import say

CAUSES = (
    ("result", say("A reported result is in doubt")),
    ("identity", say("The item was not identified correctly")),
    ("formal", say("A formal error")),
)


def certificate_dialogs() -> tuple[rx.Component, ...]:
    """Return the dialogs of one certificate."""
    return (_sign(), _refuse(), _reopen(), _amend(), _withdraw())


def _sign() -> rx.Component:
    state = CertificateState
    return signature_dialog(
        state.form == "sign",
        state.close_form,
        f"{say('Authorize')} {state.paper.number}",
        text=say(
            "You confirm that results, statements and identification are right, and that the "
            "certificate may be issued under your name."
        ),
        meaning=say("Meaning: authorized for issue"),
        signer=state.signer,
        on_sign=state.sign,
        submit=say("Sign and issue"),
        errors=state.errors,
        error=state.form_error,
        proof=f"{say('Results')} {state.paper.results_short}",
    )


def _refuse() -> rx.Component:
    state = CertificateState
    return form_dialog(
        state.form == "refuse",
        state.close_form,
        say("Refuse this work?"),
        _reason(),
        check_box("hold", say("On hold as nonconforming work, instead of rework")),
        on_submit=state.refuse,
        submit=say("Refuse work"),
        text=say("The whole sheet opens again for its technician, with your reason."),
        error=state.form_error,
    )


def _reopen() -> rx.Component:
    state = CertificateState
    return signature_dialog(
        state.form == "reopen",
        state.close_form,
        f"{say('Reopen')} {state.paper.srf_number}",
        text=say("A reopened request lets its certificates be amended or withdrawn."),
        meaning=say("Meaning: reopened"),
        signer=state.signer,
        on_sign=state.reopen,
        submit=say("Sign and reopen"),
        errors=state.errors,
        error=state.form_error,
        further=_reason(),
    )


def _amend() -> rx.Component:
    state = CertificateState
    return form_dialog(
        state.form == "amend",
        state.close_form,
        f"{say('Amend')} {state.paper.number}",
        *(
            (text_area if name == "customer_address" else text_field)(
                name, words, errors=state.errors, value=state.fields[name]
            )
            for name, words in FIELD_WORDS.items()
        ),
        text_area("reason", say("Reason, as printed"), errors=state.errors, rows=2),
        on_submit=state.amend,
        submit=say("Prepare amendment"),
        text=say("Change only what was wrong; every result stays as it is."),
        error=state.form_error,
        wide=True,
    )


def _withdraw() -> rx.Component:
    state = CertificateState
    return form_dialog(
        state.form == "withdraw",
        state.close_form,
        f"{say('Withdraw')} {state.paper.number}?",
        select_field("cause", say("Told in public"), CAUSES, errors=state.errors, value="result"),
        _reason(),
        text_field(
            "password",
            say("Password"),
            type="password",
            errors=state.errors,
            auto_complete="current-password",
        ),
        on_submit=state.withdraw,
        submit=say("Sign and withdraw"),
        text=say("The contact and everybody who downloaded it are told by mail."),
        error=state.form_error,
    )


def _reason() -> rx.Component:
    return text_area("reason", say("Reason"), errors=CertificateState.errors, rows=2)
