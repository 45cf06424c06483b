"""A rule is chosen with its figures in view: from the review of an item, and back to it."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.deeds import LONG, MICROMETER, NUMBER, of_request, primary
from tests.journeys.deeds_desk import write_request

RULE = "Guard band w = 0.83·U"


def test_a_rule_is_chosen_with_its_figures_in_view_and_stands_in_the_review(persona):
    write_request(persona)
    primary(of_request(persona, "Asha Rao"), "Start review").click()
    page = of_request(persona, "Ruth Okoye")
    page.get_by_role("tab", name="Review").click()
    page.get_by_role("link", name="Explore the decision rule").first.click()
    expect(page.get_by_role("heading", name="Decision rules")).to_be_visible(timeout=LONG)
    expect(
        page.get_by_role("link", name=re.compile(f"{NUMBER}, item 1: {MICROMETER}"))
    ).to_be_visible(timeout=LONG)
    the_limits_of_the_item_are_there(page)
    a_rule_with_its_own_figure(page)
    a_bad_figure_is_told_and_the_answer_stays(page)
    the_address_shows_the_same_to_somebody_else(persona, page)
    it_goes_to_the_review(page)


def the_limits_of_the_item_are_there(page: Page) -> None:
    upper = page.get_by_label("Upper limit", exact=False).last
    expect(upper).not_to_have_value("")
    expect(page.locator("svg.main-svg").first).to_be_visible(timeout=LONG)
    expect(page.get_by_role("table", name="What every rule says").get_by_role("row")).to_have_count(
        8
    )


def a_rule_with_its_own_figure(page: Page) -> None:
    """Choose it with the keyboard alone: the list, then the field, then ten steps at once."""
    page.locator("#rule").select_option("guard_band")
    factor = page.get_by_label("Guard band factor r, w = r·U", exact=True)
    expect(factor).to_have_value("1", timeout=LONG)
    factor.focus()
    page.keyboard.press("Shift+ArrowDown")
    expect(factor).to_have_value("0.90")
    factor.fill("0,83")
    rules = page.get_by_role("table", name="What every rule says")
    expect(rules.get_by_role("row", name=RULE)).to_have_attribute(
        "aria-selected", "true", timeout=LONG
    )
    expect(rules.get_by_role("row")).to_have_count(9)


def a_bad_figure_is_told_and_the_answer_stays(page: Page) -> None:
    factor = page.get_by_label("Guard band factor r, w = r·U", exact=True)
    factor.fill("wide")
    expect(page.get_by_text("Write a number, like 10.01 or 10,01.")).to_be_visible(timeout=LONG)
    expect(page.get_by_role("row", name=RULE)).to_be_visible()
    factor.fill("0.83")
    expect(page.get_by_text("Write a number, like 10.01 or 10,01.")).to_be_hidden(timeout=LONG)
    expect(page).to_have_url(re.compile(r"r=0\.83"), timeout=LONG)


def the_address_shows_the_same_to_somebody_else(persona, page: Page) -> None:
    jonas = persona("Jonas Weber")
    jonas.goes(re.sub(r"^https?://[^/]+", "", page.url))
    expect(jonas.page.get_by_role("row", name=RULE)).to_be_visible(timeout=LONG)
    # A reviewer of sheets looks; who reviews requests sends.
    expect(jonas.page.get_by_role("button", name="Send to contract review")).to_be_hidden()
    assert not jonas.errors


def it_goes_to_the_review(page: Page) -> None:
    page.get_by_role("button", name="Send to contract review").click()
    box = page.get_by_role("dialog", name="Send the rule to the contract review")
    expect(box.get_by_role("combobox", name="Item")).to_have_value(
        re.compile(MICROMETER), timeout=LONG
    )
    expect(box.get_by_label("What the customer is told")).to_have_value(re.compile("0.83 U"))
    # The list of items opens with the dialog and lies over what follows.
    page.keyboard.press("Escape")
    box.get_by_role("button", name="Put on the item").click()
    expect(box).to_be_hidden(timeout=LONG)
    page.get_by_role("link", name="Open the contract review").click()
    expect(page.get_by_role("heading", name=NUMBER)).to_be_visible(timeout=LONG)
    page.get_by_role("tab", name="Review").click()
    expect(page.get_by_text(re.compile(f"^{re.escape(RULE)}\\. "))).to_be_visible(timeout=LONG)
