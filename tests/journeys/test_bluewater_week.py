"""Table B10 on screen: four items of Bluewater Foods, one on site, one with another laboratory.

Each story goes on where the one before ended; the first request of a new laboratory is 0412.
"""

import re

from playwright.sync_api import expect

from calibra_app.demo.readings import observation
from tests.journeys.deeds import (
    LONG,
    NUMBER,
    answer_review,
    assign,
    dialog,
    link_of_the_offer,
    number_of,
    of_request,
    prepare_sheet,
    primary,
    sign,
    sign_sheet,
    start_sheet,
)
from tests.journeys.deeds_customer import (
    PHONE,
    answer_inquiry,
    answer_to,
    decide,
    decision_on,
    library,
    paper_of,
    portal_of,
)
from tests.journeys.deeds_field import (
    arrive_on_site,
    compare_result,
    expired_standard_is_refused,
    issued_certificate,
    open_sheet,
    paste_series,
    read_room_again,
    records_verified,
    send_to_provider,
    type_result,
)
from tests.journeys.deeds_office import (
    ask_customer,
    confirm_delivery,
    mark_for_provider,
    record_payment,
    scan_into_request,
    send_offer,
    ship_box,
)
from tests.journeys.deeds_review import authorize, review

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = range(5)
GAUGE, SCALE, PROBE, CLAMP = ITEMS = ("BF-PG-009", "BF-SCL-002", "BF-THM-055", "BF-CLP-003")
OLAF, TOMASZ = "Olaf Berg", "Tomasz Nowak"
PROVIDER, THEIRS = "Nordic Power Lab", "NPL-2026-881"
VALUES = "\n".join(
    f"{amps} A; {amps}; A; {amps}.2; +0.2; 1.1; 2.00" for amps in (50, 200, 400, 600)
)
ASKED = "Up to which current is the clamp used?"
ADJUST = "The gauge reads 0.240 bar too high at 10 bar, the limit is 0.160 bar. Adjust it?"
SAID = re.compile("Adjust for 40.00")


def test_the_request_is_asked_about(persona, site):
    _request_is_written(persona, site)
    _clamp_is_asked_about(persona, site)
    _customer_answers_in_the_portal(persona, site)


def test_it_is_offered_and_accepted(persona, site):
    _clamp_is_marked_for_the_provider(persona, site)
    _offer_is_made_and_sent(persona, site)
    _customer_accepts_by_the_mailed_link(persona, site)


def test_three_items_arrive_and_are_given_out(persona, site):
    _three_items_arrive(persona, site)
    _work_is_given_out(persona, site)


def test_the_gauge_waits_for_its_customer(persona, site):
    _gauge_is_found_out_of_tolerance(persona, site)
    _customer_is_asked(persona, site)
    _customer_approves_on_a_phone(persona, site)


def test_the_gauge_is_adjusted_at_the_customers_word(persona, site):
    _gauge_is_adjusted(persona, site)
    _gauge_is_signed(persona, site)
    _probe_is_measured(persona, site)


def test_the_scale_is_measured_on_site(persona, site):
    _scale_is_measured_on_site(persona, site)


def test_three_certificates_are_authorized(persona, site):
    _three_certificates_are_authorized(persona, site)


def test_the_clamp_is_measured_by_the_provider(persona, site):
    _provider_reports(persona, site)
    _clamp_is_authorized_without_a_symbol(persona, site)


def test_certificates_wait_for_the_payment(persona, site):
    _invoice_is_issued(persona, site)
    _unpaid_certificates_wait(persona)
    _payment_releases_them(persona, site)


def test_the_items_go_home_and_the_request_closes_by_itself(persona, site):
    _items_leave(persona, site)
    _delivery_is_confirmed(persona, site)
    _request_closes_by_itself(persona, site)
    _record_is_whole(persona, site)


def _request_is_written(persona, site):
    site.at(MONDAY, 9, 40)
    page = persona("Asha Rao").goes("/requests/new/")
    page.get_by_role("combobox", name="Customer").fill("Bluewater")
    page.get_by_role("option", name=re.compile("Bluewater Foods")).click()
    scan_into_request(page, ITEMS)
    site.at(MONDAY, 9, 52)
    primary(page, "Submit request").click()
    expect(page.get_by_role("heading", name=NUMBER)).to_be_visible(timeout=LONG)


def _clamp_is_asked_about(persona, site):
    site.at(MONDAY, 10, 5)
    primary(of_request(persona, "Asha Rao"), "Start review").click()
    ruth = of_request(persona, "Ruth Okoye")
    expect(ruth.get_by_text("Contract review", exact=True).first).to_be_visible(timeout=LONG)
    expect(ruth.get_by_text("partly: 200, 400, 600 A outside")).to_be_visible(timeout=LONG)
    site.at(MONDAY, 10, 20)
    ask_customer(ruth, ASKED)
    expect(ruth.get_by_text("Info required", exact=True).first).to_be_visible(timeout=LONG)


def _customer_answers_in_the_portal(persona, site):
    site.at(MONDAY, 11, 2)
    asha = of_request(persona, "Asha Rao")
    expect(asha.get_by_text("Waiting for the customer's answer")).to_be_visible(timeout=LONG)
    olaf = portal_of(persona, OLAF)
    expect(olaf.get_by_text(ASKED)).to_be_visible(timeout=LONG)
    answer_inquiry(olaf, "Up to 600 A, on the ovens.")
    expect(olaf.get_by_text("An error occurred")).to_have_count(0)
    expect(asha.get_by_text("Up to 600 A, on the ovens.").first).to_be_visible(timeout=LONG)


def _clamp_is_marked_for_the_provider(persona, site):
    site.at(MONDAY, 11, 10)
    page = of_request(persona, "Asha Rao")
    mark_for_provider(page, CLAMP, PROVIDER)
    answer_review(of_request(persona, "Ruth Okoye"))
    page = of_request(persona, "Asha Rao")
    answer_review(page)
    expect(page.get_by_text("Reviewed", exact=True)).to_have_count(4, timeout=LONG)


def _offer_is_made_and_sent(persona, site):
    site.at(MONDAY, 11, 30)
    page = of_request(persona, "Asha Rao")
    primary(page, "Make an offer").click()
    expect(page.get_by_role("heading", name="Q-2026-0305 R0")).to_be_visible(timeout=LONG)
    for figure in ("65.00", "140.00", "55.00", "103.50", "80.00", "443.50", "88.70", "532.20"):
        expect(page.get_by_text(re.compile(rf"\b{figure}\b")).first).to_be_visible(timeout=LONG)
    site.at(MONDAY, 11, 34)
    send_offer(page)
    expect(page.get_by_text("Sent to olaf.berg@meridian.example")).to_be_visible(timeout=LONG)


def _customer_accepts_by_the_mailed_link(persona, site):
    site.at(MONDAY, 14, 10)
    asha = of_request(persona, "Asha Rao")
    olaf = persona(OLAF, sign_in=False).page
    olaf.goto(link_of_the_offer(olaf, site))
    expect(olaf.get_by_text("532.20").first).to_be_visible()
    expect(olaf.get_by_text(f"By an external provider: {PROVIDER}")).to_be_visible()
    olaf.get_by_label("Your name").first.fill(OLAF)
    olaf.get_by_role("button", name="Accept this offer").click()
    expect(olaf.get_by_text("You have accepted this offer")).to_be_visible(timeout=LONG)
    expect(asha.get_by_text("Accepted", exact=True).first).to_be_visible(timeout=LONG)


def _three_items_arrive(persona, site):
    site.at(TUESDAY, 8, 30)
    page = of_request(persona, "Asha Rao")
    primary(page, "Receive items").click()
    box = dialog(page)
    box.get_by_label("Shelf").fill("A3")
    # The scale stays where it stands.
    expect(box.get_by_role("checkbox", name=SCALE)).not_to_be_checked()
    box.get_by_role("button", name="Take into custody").click()
    expect(box).to_be_hidden(timeout=LONG)
    expect(page.get_by_role("row").filter(has_text="Received")).to_have_count(3, timeout=LONG)
    expect(page.get_by_text("1 to visit")).to_be_visible(timeout=LONG)


def _work_is_given_out(persona, site):
    site.at(TUESDAY, 9)
    assign(persona, GAUGE, TOMASZ)
    assign(persona, PROBE, "Daniel Ortiz")
    site.at(TUESDAY, 9, 10)
    send_to_provider(persona("Marco Bellini").goes("/board/"), CLAMP, PROVIDER)


def _gauge_is_found_out_of_tolerance(persona, site):
    site.at(WEDNESDAY, 9, 10)
    page = persona(TOMASZ).goes("/work/")
    page.get_by_role("row", name=re.compile(GAUGE)).get_by_role("button", name="Start").click()
    expect(page.get_by_role("heading", name=GAUGE)).to_be_visible(timeout=LONG)
    expired_standard_is_refused(page, "STD-P-001", instead="STD-P-002")
    prepare_sheet(page, GAUGE)
    paste_series(page, observation(number_of(GAUGE)).as_found)
    row = page.locator("[data-row='as_found-10-bar-up']")
    expect(row).to_contain_text(re.compile(r"10\.240.*\+0\.240.*0\.022.*Fail"), timeout=LONG)


def _customer_is_asked(persona, site):
    site.at(WEDNESDAY, 9, 55)
    marco = persona("Marco Bellini").goes("/board/")
    expect(marco.get_by_role("group", name=GAUGE)).to_be_visible(timeout=LONG)
    page = open_sheet(persona, TOMASZ, GAUGE)
    page.get_by_role("button", name="Adjustment", exact=True).click()
    expect(page.get_by_text("not agreed yet")).to_be_visible(timeout=LONG)
    page.get_by_label("Question").fill(ADJUST)
    page.get_by_label("Price").fill("40,00")
    page.get_by_role("button", name="Ask customer").click()
    waiting = marco.locator("[data-slot$='|waiting']").get_by_role("group", name=GAUGE)
    expect(waiting.get_by_text("Customer decides")).to_be_visible(timeout=LONG)


def _customer_approves_on_a_phone(persona, site):
    site.at(WEDNESDAY, 13, 10)
    bench = open_sheet(persona, TOMASZ, GAUGE)
    expect(bench.get_by_text("Awaiting customer", exact=True).first).to_be_visible(timeout=LONG)
    desk = portal_of(persona, OLAF)
    expect(decision_on(desk, GAUGE).get_by_role("button", name=SAID)).to_be_visible(timeout=LONG)
    phone = portal_of(persona, OLAF, **PHONE)
    wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    assert phone.evaluate(wide), "the portal is wider than a phone"
    decide(phone, GAUGE, SAID)
    expect(phone.get_by_text("An error occurred")).to_have_count(0)
    expect(decision_on(desk, GAUGE)).to_have_count(0, timeout=LONG)
    expect(bench.get_by_text("In progress", exact=True).first).to_be_visible(timeout=LONG)


def _gauge_is_adjusted(persona, site):
    site.at(WEDNESDAY, 13, 40)
    page = open_sheet(persona, TOMASZ, GAUGE)
    page.get_by_role("button", name="Adjustment", exact=True).click()
    expect(page.get_by_text("agreed with the customer")).to_be_visible(timeout=LONG)
    page.get_by_label("What was adjusted").fill("Linkage and pointer")
    page.get_by_label("Why", exact=True).fill("As found outside the limits")
    page.get_by_role("button", name="Record adjustment").click()
    row = page.locator("[data-row='as_left-10-bar-up']")
    expect(row).to_be_visible(timeout=LONG)
    paste_series(page, observation(number_of(GAUGE)).as_left)
    expect(row).to_contain_text(re.compile(r"10\.023.*\+0\.023.*0\.018.*Pass"), timeout=LONG)


def _gauge_is_signed(persona, site):
    site.at(WEDNESDAY, 14, 30)
    page = open_sheet(persona, TOMASZ, GAUGE)
    page.get_by_role("button", name="Submit for review").click()
    # The room was last read in the morning.
    found = dialog(page)
    expect(found.get_by_text("A gap of 270 min in P1 is unexplained.")).to_be_visible(timeout=LONG)
    found.get_by_role("button", name="Go there").click()
    read_room_again(page, GAUGE, known=6)
    page.get_by_role("button", name="Submit for review").click()
    sign(page, "Sign and submit")
    expect(page.get_by_role("heading", name="My work")).to_be_visible(timeout=LONG)


def _probe_is_measured(persona, site):
    site.at(WEDNESDAY, 15)
    page = start_sheet(persona, "Daniel Ortiz", PROBE)
    paste_series(page, observation(number_of(PROBE)).as_found)
    site.at(WEDNESDAY, 16, 20)
    sign_sheet(open_sheet(persona, "Daniel Ortiz", PROBE))


def _scale_is_measured_on_site(persona, site):
    site.at(THURSDAY, 10, 40)
    page = arrive_on_site(persona, TOMASZ, SCALE)
    prepare_sheet(page, SCALE)
    paste_series(page, observation(number_of(SCALE)).as_found)
    # One corner stands at the limit, and the limit itself is accepted.
    corner = page.locator("[data-row='as_found-eccentricity-back-left']")
    expect(corner).to_contain_text(re.compile("\N{MINUS SIGN}20.*±20 g.*Pass"), timeout=LONG)
    # Hours later, back in the house, he has to sign in again.
    site.at(THURSDAY, 17, 5)
    sign_sheet(open_sheet(persona, TOMASZ, SCALE))


def _three_certificates_are_authorized(persona, site):
    site.at(FRIDAY, 9)
    for tag in (GAUGE, PROBE, SCALE):
        review(persona, tag)
    site.at(FRIDAY, 10)
    for tag, name in ((GAUGE, "Helena Brandt"), (PROBE, "Helena Brandt"), (SCALE, "Kenji Mori")):
        authorize(persona, tag, name)


def _provider_reports(persona, site):
    site.at(FRIDAY, 11)
    type_result(persona("Asha Rao").goes("/board/"), CLAMP, THEIRS, VALUES)
    site.at(FRIDAY, 11, 15)
    compare_result(persona("Ruth Okoye").goes("/board/"), CLAMP, THEIRS)


def _clamp_is_authorized_without_a_symbol(persona, site):
    site.at(FRIDAY, 12, 5)
    review(persona, CLAMP)
    page = authorize(persona, CLAMP, "Helena Brandt")
    expect(page.get_by_text("Not accredited: no symbol is shown.")).to_be_visible()


def _invoice_is_issued(persona, site):
    site.at(FRIDAY, 12, 30)
    page = persona("Grace Liu").goes("/invoices/")
    page.get_by_role("button", name=NUMBER).click()
    box = dialog(page)
    expect(box.get_by_text("Q-2026-0305 R1")).to_be_visible(timeout=LONG)
    for figure in ("483.50", "96.70", "580.20"):
        expect(box.get_by_text(figure).first).to_be_visible(timeout=LONG)
    box.get_by_role("button", name="Issue invoice").click()
    expect(box).to_be_hidden(timeout=LONG)
    row = page.get_by_role("row", name=re.compile(f"{NUMBER}.*580.20"))
    expect(row.first).to_be_visible(timeout=LONG)


def _unpaid_certificates_wait(persona):
    helena = issued_certificate(persona, "Helena Brandt", GAUGE)
    path = helena.get_by_role("link", name="Download PDF").get_attribute("href")
    olaf = portal_of(persona, OLAF)
    expect(olaf.get_by_text("Approved, waiting for payment")).to_have_count(4, timeout=LONG)
    assert answer_to(olaf, path) == 404
    library(olaf)
    expect(olaf.get_by_text("No certificate here")).to_be_visible(timeout=LONG)


def _payment_releases_them(persona, site):
    site.at(FRIDAY, 15, 10)
    olaf = portal_of(persona, OLAF)
    page = persona("Grace Liu").goes("/invoices/")
    record_payment(page, NUMBER, "580.20")
    expect(olaf.get_by_text("Certificate ready")).to_have_count(4, timeout=LONG)
    library(olaf)
    said = paper_of(olaf, GAUGE)
    for figure in ("+0.240", "0.022", "+0.023", "0.018", "STD-P-002", "Linkage and pointer"):
        assert figure in said, figure
    theirs = paper_of(olaf, CLAMP)
    for words in (PROVIDER, THEIRS, "Results of the external provider", "600.2"):
        assert words in theirs, words


def _items_leave(persona, site):
    site.at(FRIDAY, 15, 40)
    page = persona("Asha Rao").goes("/dispatch/")
    page.get_by_role("button", name=NUMBER).click()
    ship_box(page, (GAUGE, PROBE, CLAMP))
    expect(page.get_by_text("An error occurred")).to_have_count(0)


def _delivery_is_confirmed(persona, site):
    site.at(MONDAY + 7, 10, 20)
    page = persona("Asha Rao").goes("/dispatch/")
    confirm_delivery(page, NUMBER, OLAF)


def _request_closes_by_itself(persona, site):
    site.at(MONDAY + 21, 9)
    page = of_request(persona, "Asha Rao")
    expect(page.get_by_text("Closed", exact=True).first).to_be_visible(timeout=2 * LONG)


def _record_is_whole(persona, site):
    page = of_request(persona, "Priya Menon")
    last = page.get_by_role("button", name=re.compile(r"Close Delivered → Closed #\d+"))
    expect(last).to_be_visible(timeout=LONG)
    count = int(re.search(r"#(\d+)", last.inner_text())[1])
    assert count >= 26
    expect(page.get_by_role("button", name=re.compile(r"#\d+ [0-9a-f]{8}"))).to_have_count(count)
    # Tuesday 8:30 to Friday 10:00 is 3 d 1 h 30 min; the customer had 3 h 15 min of it.
    row = page.get_by_role("row", name=re.compile(GAUGE))
    expect(row).to_contain_text(re.compile(r"2\sd 22\sh 15\smin · paused 3\sh 15\smin"))
    assert f"Records: {count} of 1 requests, 0 broken chains." in records_verified(site)
