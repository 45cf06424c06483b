"""A procedure is begun from each starter template, and its worked example typed on the page."""

import re
from dataclasses import replace

from playwright.sync_api import Page, expect

from calibra_app.procedures.templates import Template, compare, templates
from tests.journeys.deeds import LONG, dialog

AGREEMENT = re.compile(r"^\d+ of \d+ figures agree$")


def test_every_template_computes_its_worked_example_on_the_page(persona):
    ruth = persona("Ruth Okoye")
    page = a_design_is_begun(ruth)
    for template in templates():
        it_begins_from(page, template)
        every_figure_agrees(page, template)
        a_reading_is_taken_out_and_typed_again(page, template)
        every_figure_agrees(page, template)
    assert not ruth.errors


def a_design_is_begun(ruth) -> Page:
    page = ruth.goes("/procedures/")
    page.get_by_role("button", name="New procedure").click()
    box = dialog(page)
    box.get_by_label("Code").fill("MP-TRY-01")
    box.locator("#model_key").select_option("designed")
    box.get_by_label("Title").fill("Begun from templates")
    box.locator("#discipline").fill("humidity")
    box.get_by_role("button", name="Save procedure").click()
    page.get_by_role("button", name="New revision").click()
    page.get_by_role("button", name="Begin revision").click()
    page.get_by_role("link", name="Open the design").click()
    expect(page.get_by_role("tab", name="Budget")).to_be_visible(timeout=LONG)
    return page


def it_begins_from(page: Page, template: Template) -> None:
    page.get_by_role("button", name="Template", exact=True).click()
    box = dialog(page)
    rows = box.locator(".rows > *").filter(
        has=page.get_by_text(template.title, exact=True)
    )  # fmt: skip
    rows.get_by_role("button", name="Begin").click()
    expect(box).to_be_hidden(timeout=LONG)


def every_figure_agrees(page: Page, template: Template) -> None:
    number = sum(len(figures) for figures in template.example.expected.values())
    this_many_agree(page, number, number)


def this_many_agree(page: Page, right: int, number: int) -> None:
    expect(page.get_by_text(AGREEMENT)).to_have_text(
        f"{right} of {number} figures agree", timeout=LONG
    )


def a_reading_is_taken_out_and_typed_again(page: Page, template: Template) -> None:
    """The page computes what is typed: without a row that matters, fewer figures agree."""
    key, right, number = row_that_matters(template)
    field = page.locator(f"#reading-{key}")
    expect(field).to_have_value(template.example.readings[key], timeout=LONG)
    field.fill("")
    this_many_agree(page, right, number)
    field.fill(template.example.readings[key])


def row_that_matters(template: Template) -> tuple[str, int, int]:
    """Return a row without which figures are missing, how many agree then, and of how many."""
    example = template.example
    for key in example.readings:
        rest = {other: text for other, text in example.readings.items() if other != key}
        compared = compare(template.design, replace(example, readings={**rest, key: ""}))
        right = sum(one.agrees for one in compared)
        if right < len(compared):
            return key, right, len(compared)
    raise AssertionError(f"no reading of {template.key} matters")
