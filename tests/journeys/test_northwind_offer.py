"""The offer to Northwind: changed at the customer's wish, with two people looking at it, by R1."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.deeds import (
    LONG,
    answer_review,
    dialog,
    link_of_the_offer,
    of_request,
    primary,
    sign,
)

TAGS = ("NB-BAL-014", "NB-RTD-203", "NB-HYG-031", "NB-PIT-118")
QUOTATION = "Q-2026-0305"
CALIBRATIONS = ("615.00", "−30.75")
WITHOUT_TRAVEL = ("584.25", "116.85", "701.10")
WITH_TRAVEL = ("704.25", "140.85", "845.10")
WISH = "Please come to our site for the balance; it does not travel well."


def test_the_first_offer_is_without_travel(persona):
    _request_is_written(persona)
    _request_is_reviewed(persona)
    page = of_request(persona, "Asha Rao")
    primary(page, "Make an offer").click()
    expect(page.get_by_role("heading", name=f"{QUOTATION} R0")).to_be_visible(timeout=LONG)
    _travel(page, "Unit price").focus()
    page.get_by_role("button", name="Take off").click()
    expect(page.get_by_role("button", name="Put back")).to_be_visible(timeout=LONG)
    _shows(page, *CALIBRATIONS, *WITHOUT_TRAVEL)
    _send(page)


def test_the_customer_asks_for_a_change_behind_the_link(persona, site):
    asha = _at_the_offer(persona, "Asha Rao", "R0")
    laura = persona("Laura Petit", sign_in=False).page
    laura.goto(link_of_the_offer(laura, site, f"{QUOTATION} R0"))
    _shows(laura, *WITHOUT_TRAVEL)
    laura.get_by_text("Ask for a change").first.click()
    laura.get_by_label("What should be different?").fill(WISH)
    laura.locator("#change-name").fill("Laura Petit")
    laura.get_by_role("button", name="Ask for a change").click()
    expect(laura.get_by_text("Your wish has reached us")).to_be_visible(timeout=LONG)
    # The open page of the laboratory follows: the next revision has begun.
    expect(asha.get_by_role("heading", name=f"{QUOTATION} R1")).to_be_visible(timeout=LONG)
    expect(asha.get_by_text(WISH).first).to_be_visible(timeout=LONG)


def test_a_discount_above_the_limit_needs_somebody_else(persona):
    asha = _at_the_offer(persona, "Asha Rao", "R1")
    priya = _at_the_offer(persona, "Priya Menon", "R1")
    _ask_approval(asha, "18")
    approve = "Approve…"
    expect(priya.get_by_role("button", name=approve)).to_be_visible(timeout=LONG)
    expect(asha.get_by_role("button", name=approve)).to_have_count(0)
    expect(asha.get_by_role("button", name="Send to customer")).to_have_count(0)
    priya.get_by_role("button", name=approve).click()
    sign(priya, "Sign and approve")
    expect(asha.get_by_role("button", name="Send to customer")).to_be_visible(timeout=LONG)
    # Taken back, the approval is void; and the manager cannot approve a price of her own.
    _menu(asha, "Back to draft")
    expect(priya.get_by_text("Draft", exact=True).first).to_be_visible(timeout=LONG)
    _ask_approval(priya, "12")
    waits = asha.get_by_text("Waits for approval", exact=True).first
    expect(waits).to_be_visible(timeout=LONG)
    expect(priya.get_by_role("button", name=approve)).to_have_count(0)
    _menu(priya, "Back to draft")
    _set_discount(priya, "5")
    _shows(asha, *CALIBRATIONS, *WITHOUT_TRAVEL)


def test_two_people_see_the_second_offer_change(persona):
    asha = _at_the_offer(persona, "Asha Rao", "R1")
    grace = _at_the_offer(persona, "Grace Liu", "R1")
    expect(asha.get_by_role("img", name="Grace Liu")).to_be_visible(timeout=LONG)
    _travel(asha, "Unit price").focus()
    asha.get_by_role("button", name="Put back").click()
    expect(asha.get_by_role("button", name="Take off")).to_be_visible(timeout=LONG)
    price = _travel(asha, "Unit price")
    expect(price).to_be_editable(timeout=LONG)
    price.fill("120")
    price.press("Enter")
    expect(_travel(grace, "Unit price")).to_have_value("120.00", timeout=LONG)
    for page in (asha, grace):
        _shows(page, *CALIBRATIONS, *WITH_TRAVEL)
    # What Grace changes shows to Asha: each sees the other.
    words = _travel(grace, "Item and work")
    words.fill("Travel to your site, zone 2")
    words.press("Enter")
    described = _travel(asha, "Item and work")
    expect(described).to_have_value("Travel to your site, zone 2", timeout=LONG)
    _send(asha)
    expect(grace.get_by_text("With the customer", exact=True).first).to_be_visible(timeout=LONG)
    grace.get_by_role("button", name="R0", exact=True).click()
    _shows(grace, *WITHOUT_TRAVEL)
    expect(grace.get_by_text("taken off")).to_be_visible(timeout=LONG)
    expect(_travel(grace, "Unit price")).not_to_be_editable()


def test_the_customer_accepts_the_second_offer(persona, site):
    asha = _at_the_offer(persona, "Asha Rao", "R1")
    laura = persona("Laura Petit", sign_in=False).page
    laura.goto(link_of_the_offer(laura, site, f"{QUOTATION} R1"))
    _shows(laura, *WITH_TRAVEL)
    laura.get_by_label("Your name").first.fill("Laura Petit")
    laura.get_by_role("button", name="Accept this offer").click()
    expect(laura.get_by_text("You have accepted this offer")).to_be_visible(timeout=LONG)
    expect(asha.get_by_text("Accepted", exact=True).first).to_be_visible(timeout=LONG)


def _request_is_written(persona):
    page = persona("Asha Rao").goes("/requests/new/")
    page.get_by_role("combobox", name="Customer").fill("Northwind")
    page.get_by_role("option", name=re.compile("Northwind Biologics")).click()
    label = page.get_by_label("Scan a label")
    expect(label).to_be_enabled(timeout=LONG)
    for tag in TAGS:
        label.fill(tag)
        label.press("Enter")
        expect(page.get_by_label(f"How soon: {tag}")).to_be_visible(timeout=LONG)
        expect(page).to_have_url(re.compile(r"srf="), timeout=LONG)
        expect(label).to_have_value("", timeout=LONG)
    complete = page.get_by_text("Every item has what its procedure asks for")
    expect(complete).to_be_visible(timeout=LONG)
    primary(page, "Submit request").click()
    expect(page.get_by_role("heading", name="SRF-2026-0412")).to_be_visible(timeout=LONG)


def _request_is_reviewed(persona):
    page = of_request(persona, "Asha Rao")
    primary(page, "Start review").click()
    answer_review(page)
    answer_review(of_request(persona, "Ruth Okoye"))
    expect(page.get_by_text("Reviewed", exact=True)).to_have_count(len(TAGS), timeout=LONG)


def _at_the_offer(persona, name: str, revision: str) -> Page:
    page = persona(name).goes("/quotations/")
    page.get_by_role("link", name=re.compile(QUOTATION)).first.click()
    heading = page.get_by_role("heading", name=f"{QUOTATION} {revision}")
    expect(heading).to_be_visible(timeout=LONG)
    return page


def _travel(page: Page, column: str):
    """Return a field of the line for travel."""
    row = page.get_by_role("row").filter(has=page.get_by_text("Travel", exact=True))
    return row.get_by_role("textbox", name=re.compile(f"{column}$"))


def _menu(page: Page, entry: str) -> None:
    page.get_by_label("More", exact=True).click()
    page.get_by_role("button", name=entry).click()


def _set_discount(page: Page, percent: str) -> None:
    expect(page.get_by_text("Draft", exact=True).first).to_be_visible(timeout=LONG)
    _menu(page, "Discount")
    box = dialog(page)
    box.get_by_label("Discount on the calibrations").fill(percent)
    box.get_by_role("button", name="Set discount").click()
    expect(box).to_be_hidden(timeout=LONG)


def _ask_approval(page: Page, percent: str) -> None:
    _set_discount(page, percent)
    page.get_by_role("button", name="Ask approval").click()
    box = dialog(page)
    box.get_by_label("Why is this price right?").fill("A three-year agreement is in sight.")
    box.get_by_role("button", name="Ask approval").click()
    expect(box).to_be_hidden(timeout=LONG)


def _send(page: Page) -> None:
    page.get_by_role("button", name="Send to customer").click()
    box = dialog(page)
    box.get_by_role("button", name="Send offer").click()
    expect(box).to_be_hidden(timeout=LONG)
    expect(page.get_by_text("With the customer", exact=True).first).to_be_visible(timeout=LONG)


def _shows(page: Page, *amounts: str) -> None:
    for amount in amounts:
        expect(page.get_by_text(amount).first).to_be_visible(timeout=LONG)
