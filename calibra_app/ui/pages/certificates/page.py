"""The pages of certificates: the lists, and one of them as paper with its checks beside it."""

from typing import Any

import reflex as rx

from calibra_app.core.access import Permission
from calibra_app.ui import routes
from calibra_app.ui.base import may
from calibra_app.ui.components import layout
from calibra_app.ui.components.button import button, link_button
from calibra_app.ui.components.shell import shell
from calibra_app.ui.components.status import badge
from calibra_app.ui.components.table import (
    Column,
    cell,
    link_cell,
    pager,
    record,
    search_field,
    table,
    toolbar,
)
from calibra_app.ui.components.tabs import tab_panel, tabs
from calibra_app.ui.pages.certificates.dialogs import certificate_dialogs
from calibra_app.ui.pages.certificates.panel import certificate_panel, check_row
from calibra_app.ui.pages.certificates.rows import ListRow
from calibra_app.ui.pages.certificates.state import CertificatesState, CertificateState
from calibra_app.ui.words import say

_VIEWS = (("waiting", say("To authorize")), ("all", say("All certificates")))
_TABS = (("paper", say("Certificate")), ("checks", say("Checks")), ("data", say("Data")))
_REOPENABLE = ("delivered", "closed")


def certificates_page() -> rx.Component:
    """Return the list of what waits for a signatory, and of all certificates."""
    state: Any = CertificatesState
    return shell(
        say("Certificates"),
        layout.page(
            toolbar(
                search_field(
                    state.search,
                    state.find,
                    placeholder=say("Number, customer, tag, serial number, request"),
                ),
            ),
            tabs(
                _VIEWS,
                state.view,
                state.show,
                label=say("Certificates"),
                tallies={"waiting": state.waiting.length()},
            ),
            tab_panel("waiting", state.view, _waiting()),
            tab_panel("all", state.view, _all()),
        ),
        here=routes.CERTIFICATES,
    )


def _waiting() -> rx.Component:
    state: Any = CertificatesState
    return table(
        (say("Item"), say("Customer"), say("Discipline"), say("Request"), say("State")),
        state.waiting,
        _waiting_row,
        label=say("Waiting for a signatory"),
        loading=state.loading,
        empty=layout.empty(
            say("Nothing to authorize"),
            say("Reviewed items stand here until a signatory issues their certificate."),
            symbol="stamp",
        ),
    )


def _waiting_row(row: ListRow) -> rx.Component:
    return record(
        link_cell(row.tag, row.path, note=row.item),
        cell(row.customer),
        cell(row.discipline),
        cell(row.srf_number, class_name="num one-line"),
        cell(badge(row.state, row.tone, row.symbol)),
    )


def _all() -> rx.Component:
    state: Any = CertificatesState
    return rx.fragment(
        table(
            (
                say("Certificate"),
                say("Item"),
                say("Customer"),
                say("State"),
                say("Symbol"),
                Column(say("Issued"), right=True),
            ),
            state.rows,
            _row,
            label=say("Certificates"),
            loading=state.loading,
            empty=layout.empty(
                say("No certificate here"),
                say("Certificates stand here from their signature on, the newest first."),
                symbol="stamp",
            ),
        ),
        pager(state.shown, more=state.next_cursor != "", on_more=state.more),
    )


def _row(row: ListRow) -> rx.Component:
    return record(
        link_cell(row.number, row.path, note=row.srf_number),
        cell(layout.two_lines(row.tag, row.item)),
        cell(row.customer),
        cell(
            badge(row.state, row.tone, row.symbol),
            rx.cond(row.released, "", badge(say("Held back"), "gray", "lock")),
        ),
        cell(rx.cond(row.accredited, say("Accredited"), "\N{EN DASH}"), class_name="second"),
        cell(row.issued, right=True, class_name="num one-line"),
    )


def certificate_page() -> rx.Component:
    """Return one certificate: paper at the left, signatures and checks at the right."""
    state: Any = CertificateState
    paper = state.paper
    return shell(
        rx.cond(state.found, paper.number, say("Certificate")),
        layout.page(
            rx.cond(
                state.found,
                rx.fragment(
                    _notes(),
                    tabs(_TABS, state.tab, state.show, label=say("Certificate")),
                    tab_panel("paper", state.tab, _paper()),
                    tab_panel("checks", state.tab, _checks()),
                    tab_panel("data", state.tab, _data()),
                ),
                layout.skeleton(10),
            ),
            *certificate_dialogs(),
        ),
        here=routes.CERTIFICATES,
        crumbs=((say("Certificates"), routes.CERTIFICATES),),
        beside=rx.cond(state.found, badge(paper.state_words, paper.tone, paper.symbol)),
        actions=_actions(),
        primary=_primary(),
        panel=rx.cond(state.found, certificate_panel()),
        rail=True,
    )


def _notes() -> rx.Component:
    paper = CertificateState.paper
    return rx.fragment(
        rx.cond(
            paper.successor != "",
            layout.callout(
                say("This certificate is replaced by "),
                layout.link(paper.successor, href=paper.successor_path),
                tone="amber",
                symbol="arrow-right",
            ),
        ),
        rx.cond(
            paper.state == "withdrawn",
            layout.callout(say("Withdrawn: "), paper.reason, tone="red", symbol="octagon-x"),
        ),
        rx.cond(
            paper.failed != "",
            layout.callout(
                say("Printing failed; nothing was published. "),
                paper.failed,
                tone="red",
                symbol="octagon-x",
                action=button(say("Print again"), on_click=CertificateState.print_once_more),
            ),
        ),
    )


def _actions() -> tuple[rx.Component, ...]:
    state: Any = CertificateState
    paper = state.paper
    may_refuse = paper.waiting & ~paper.amendment & may(Permission.CERTIFICATE_REFUSE)
    reopenable = (paper.srf_state == _REOPENABLE[0]) | (paper.srf_state == _REOPENABLE[1])
    issued = paper.state == "issued"
    return (
        rx.cond(
            may_refuse,
            button(
                say("Refuse…"),
                symbol="undo-2",
                on_click=state.open_form("refuse"),
                custom_attrs={"data-key": "r"},
            ),
        ),
        rx.cond(
            issued & reopenable & may(Permission.SRF_REOPEN),
            button(say("Reopen…"), symbol="folder-open", on_click=state.open_form("reopen")),
        ),
        rx.cond(
            issued & (paper.srf_state == "reopened") & may(Permission.AMENDMENT_PREPARE),
            button(say("Amend…"), symbol="pencil-line", on_click=state.open_form("amend")),
        ),
        rx.cond(
            issued
            & ((paper.srf_state == "reopened") | (paper.srf_state == "approved"))
            & may(Permission.CERTIFICATE_WITHDRAW),
            button(
                say("Withdraw…"),
                kind="danger",
                symbol="octagon-x",
                on_click=state.open_form("withdraw"),
            ),
        ),
        rx.cond(
            paper.verification_path != "",
            link_button(
                say("Verification page"),
                href=paper.verification_path,
                symbol="shield-check",
                target="_blank",
            ),
        ),
    )


def _primary() -> rx.Component:
    state: Any = CertificateState
    paper = state.paper
    return rx.cond(
        paper.waiting,
        rx.cond(
            may(Permission.CERTIFICATE_AUTHORIZE) & (paper.refusal == "") & state.found,
            button(
                say("Authorize…"),
                kind="primary",
                symbol="signature",
                on_click=state.open_form("sign"),
                custom_attrs={"data-key": "a"},
            ),
        ),
        rx.cond(
            paper.file_path != "",
            link_button(
                say("Download PDF"),
                href=paper.file_path,
                kind="primary",
                symbol="download",
                # The router of the pages knows no files.
                custom_attrs={"reloadDocument": True},
            ),
        ),
    )


def _paper() -> rx.Component:
    return rx.el.iframe(
        src_doc=CertificateState.html,
        sandbox="",
        title=say("The certificate as it is printed"),
        style={
            "width": "100%",
            "height": "calc(100vh - 190px)",
            "minHeight": "480px",
            "border": "1px solid var(--line)",
            "borderRadius": "8px",
            "background": "#fff",
            "colorScheme": "light",
        },
    )


def _checks() -> rx.Component:
    return layout.card(
        say("Mandatory elements"),
        layout.rows(rx.foreach(CertificateState.checks, check_row)),
        flush=True,
    )


def _data() -> rx.Component:
    paper = CertificateState.paper
    return layout.card(
        say("Data"),
        layout.facts(
            (say("Number"), paper.number),
            (say("Customer"), paper.customer),
            (say("Item"), paper.item),
            (say("Tag"), paper.tag),
            (say("Discipline"), paper.discipline),
            (say("Request"), layout.link(paper.srf_number, href=paper.srf_path)),
            (say("Issued"), paper.issued),
            (
                say("Digest of the results"),
                rx.el.span(paper.results_sha256, class_name="mono tiny"),
            ),
            (say("Digest of the file"), rx.el.span(paper.file_sha256, class_name="mono tiny")),
            (say("Verification"), rx.el.span(paper.verification_url, class_name="mono tiny")),
            (say("Amended because"), paper.reason),
            (say("Changed"), paper.changes),
        ),
    )


PAGES = (
    (routes.CERTIFICATES, certificates_page, (CertificatesState.load,)),
    ("/certificates/[certificate_id]", certificate_page, (CertificateState.load,)),
)
