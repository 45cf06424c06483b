"""A request of the sample week on screen: from its first scanned label to its closing, and after.

One story, told in several tests: each goes on where the one before ended.
"""

import re
from urllib.parse import urlsplit

from playwright.sync_api import expect

from calibra_app.demo.readings import REMEASURED
from tests.journeys.deeds import (
    LONG,
    MICROMETER,
    NUMBER,
    TAGS,
    accept_review,
    assign,
    at_the_sheet,
    cells_of,
    certificate_of,
    confirm_warm_up,
    declare_no_adjustment,
    dialog,
    of_request,
    read_room,
    sign,
    sign_sheet,
    start_sheet,
    take_standards,
    verification_of,
)
from tests.journeys.deeds_bench import (
    a_slip_is_kept_only_with_a_reason,
    accept,
    all_saved,
    both_write_into_one_cell,
    cell_at,
    correct,
    figures_shown,
    paste,
    presence_of,
    reading_shown,
    readings_in_order,
    readings_of,
    refused_for,
    ten_volts_are_typed,
    type_point,
)
from tests.journeys.deeds_desk import (
    accept_by_the_link,
    answer_the_review,
    issue_invoice,
    make_offer,
    receive_items,
    record_payment,
    scan_anywhere,
    send_items_home,
    write_request,
)
from tests.journeys.deeds_review import (
    authorize,
    digest_of_results,
    downloaded,
    flag,
    in_the_queue,
    return_cells,
    review,
)

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = range(5)
# Fourteen days after the delivery.
CLOSING = FRIDAY + 14
_, CALIPER, WRENCH, MULTIMETER = TAGS
RIGHT_TAG = "KA-MIC-0070"


def test_a_request_is_written_and_reviewed(persona):
    write_request(persona)
    answer_the_review(persona)


def test_its_items_arrive_and_an_offer_is_made(persona):
    receive_items(persona)
    make_offer(persona)


def test_the_customer_accepts_by_the_link(persona, site):
    site.at(MONDAY, 14, 10)
    accept_by_the_link(persona, site)


def test_the_work_is_given_out(persona, site):
    site.at(TUESDAY, 9)
    for tag, technician in (
        (MICROMETER, "Mei Lin"),
        (CALIPER, "Mei Lin"),
        (WRENCH, "Tomasz Nowak"),
        (MULTIMETER, "Daniel Ortiz"),
    ):
        assign(persona, tag, technician)
    page = persona("Asha Rao").goes("/")
    # Anybody scans an item anywhere and stands before its request.
    scan_anywhere(page, MULTIMETER)
    expect(page.get_by_role("heading", name=NUMBER)).to_be_visible(timeout=LONG)
    page.get_by_role("tab", name="Custody").click()
    expect(page.get_by_role("row", name=re.compile("A3")).first).to_be_visible(timeout=LONG)


def test_the_micrometer_is_measured_while_somebody_looks_on(persona, site):
    site.at(WEDNESDAY, 8)
    mei = start_sheet(persona, "Mei Lin", MICROMETER)
    ruth = persona("Ruth Okoye").goes(urlsplit(mei.url).path)
    expect(cells_of(ruth, "0 mm").first).to_be_visible(timeout=LONG)
    for key, texts in readings_of(MICROMETER).items():
        type_point(mei, key, texts)
    all_saved(mei)
    for page in (mei, ruth):
        for repeat, text in enumerate(readings_of(MICROMETER)["25-mm"], 1):
            reading_shown(page, "25-mm", repeat, text)
        figures_shown(page, "25-mm", r"\+1\.40.*±2.*0\.84.*Cond. pass")
    sign_sheet(mei)


def test_the_multimeter_is_typed_pasted_and_corrected(persona, site):
    site.at(WEDNESDAY, 10)
    page = start_sheet(persona, "Daniel Ortiz", MULTIMETER, prepared=False)
    take_standards(page, MULTIMETER)
    confirm_warm_up(page)
    readings = readings_of(MULTIMETER)
    ten_volts_are_typed(page, readings.pop("dc-voltage-200-v-10"))
    a_slip_is_kept_only_with_a_reason(page, readings.pop("dc-voltage-200-mv-100"))
    block = {key: readings.pop(key) for key in list(readings)[:3]}
    # The spreadsheet writes decimal commas; the cells keep what was written.
    preview = paste(page, block, comma=True)
    expect(preview).to_contain_text("decimal comma recognized")
    accept(preview, 15)
    reading_shown(page, "dc-voltage-200-mv-190", 1, "190,02")
    figures_shown(page, "dc-voltage-200-mv-190", r"190\.018.*Pass")
    for part in (list(readings)[:2], list(readings)[2:]):
        accept(paste(page, {key: readings[key] for key in part}), 5 * len(part))
    all_saved(page)
    declare_no_adjustment(page)
    refused_for(page, "No reading of the room's temperature is there.")
    read_room(page, MULTIMETER)
    sign_sheet(page, declared=True)


def test_two_technicians_fill_one_sheet_at_the_same_time(persona, site):
    site.at(WEDNESDAY, 13)
    mei = start_sheet(persona, "Mei Lin", CALIPER)
    ruth = persona("Ruth Okoye").goes(urlsplit(mei.url).path)
    expect(presence_of(mei, "Ruth Okoye")).to_be_visible(timeout=LONG)
    expect(presence_of(ruth, "Mei Lin")).to_be_visible(timeout=LONG)
    readings = readings_of(CALIPER)
    clash = ("outside-100-mm", 3)
    outside = [
        (key, n, text)
        for key, n, text in readings_in_order(readings, "outside")
        if (key, n) != clash
    ]
    inside = list(readings_in_order(readings, "inside"))
    for place, (key, repeat, text) in enumerate(outside):
        cell_at(mei, key, repeat).fill(text)
        if place < len(inside):
            other, at, theirs = inside[place]
            cell_at(ruth, other, at).fill(theirs)
            ruth.keyboard.press("Enter")
        mei.keyboard.press("Enter")
    for page in (mei, ruth):
        all_saved(page)
        for key, repeat, text in (*outside, *inside):
            reading_shown(page, key, repeat, text)
    both_write_into_one_cell(mei, ruth, *clash)
    sign_sheet(mei)


def test_a_questioned_reading_is_returned_and_measured_again(persona, site):
    site.at(WEDNESDAY, 15)
    jonas = in_the_queue(persona, MICROMETER)
    queue = jonas.get_by_role("button", name=re.compile(MICROMETER)).first
    expect(queue).to_contain_text(re.compile("rule", re.IGNORECASE))
    readings = jonas.get_by_role("table", name="Readings and results")
    row = readings.get_by_role("row", name=re.compile("25 mm"))
    expect(row).to_contain_text(re.compile(r"\+1\.40.*0\.84.*[Cc]ond"), timeout=LONG)
    row.get_by_role("button", name=re.compile("25 mm$")).click()
    explained = jonas.get_by_role("complementary")
    expect(explained).to_contain_text(re.compile(r"Explain limit.*2\.38.*93\.2"), timeout=LONG)
    _, point, repeat, again = REMEASURED
    flag(jonas, "15 mm", repeat, "parallax?")
    expect(jonas.get_by_role("button", name="Accept review…")).to_be_disabled()
    return_cells(jonas, "Please read the third series at 15 mm again")
    site.at(WEDNESDAY, 16)
    mei = at_the_sheet(persona, "Mei Lin")
    expect(mei.get_by_text("parallax?").first).to_be_visible(timeout=LONG)
    was = readings_of(MICROMETER)[point][repeat - 1]
    # Only that cell is open.
    expect(cell_at(mei, point, repeat)).to_be_editable(timeout=LONG)
    expect(cell_at(mei, point, repeat)).to_have_accessible_name(re.compile("returned"))
    for key, other in ((point, repeat + 1), ("25-mm", 1)):
        expect(cell_at(mei, key, other)).not_to_be_editable()
    correct(mei, point, repeat, again, "Read again")
    # Hours have passed, and nobody has read the room since.
    refused_for(mei, "A gap of 480 min in D1 is unexplained.")
    read_room(mei, MICROMETER)
    sign_sheet(mei, declared=True)
    jonas = in_the_queue(persona, MICROMETER)
    changed = jonas.get_by_role("region", name="Measured again: only this changed")
    expect(changed).to_contain_text(re.compile(rf"15 mm.*{was} → {again}"), timeout=LONG)
    jonas.get_by_role("tab", name="Remarks").click()
    jonas.get_by_role("button", name="Close: answered").click()
    accept_review(jonas)


def test_the_certificate_is_authorized_by_who_may(persona, site):
    site.at(THURSDAY, 9)
    helena = certificate_of(persona, "Helena Brandt", MICROMETER)
    expect(helena.get_by_text(re.compile("dimensional", re.IGNORECASE)).first).to_be_visible()
    expect(helena.get_by_role("button", name="Authorize…")).to_have_count(0)
    kenji = certificate_of(persona, "Kenji Mori", MICROMETER)
    count = kenji.get_by_role("complementary").get_by_text(re.compile(r"^(\d+) of \1$"))
    expect(count).to_be_visible(timeout=LONG)
    kenji.get_by_role("button", name="Authorize…").click()
    sign(kenji, "Sign and issue")
    text = downloaded(kenji)
    assert [each for each in ("1.40", "0.84", MICROMETER, "STD-D-003") if each not in text] == []
    public = persona("Somebody", sign_in=False).page
    public.goto(verification_of(kenji))
    expect(public.get_by_text("This certificate is valid")).to_be_visible()
    expect(public.get_by_text("Kestrel")).to_have_count(0)


def test_who_measured_is_refused_as_reviewer(persona, site):
    site.at(THURSDAY, 10)
    # Ruth typed in the caliper's sheet, and is made a reviewer afterwards.
    victor = persona("Victor Hale").goes("/people/")
    victor.get_by_role("button", name="Ruth Okoye").or_(
        victor.get_by_role("link", name="Ruth Okoye")
    ).first.click()
    box = dialog(victor)
    box.get_by_label("Technical reviewer").check()
    box.get_by_role("button", name="Save person").click()
    expect(victor.get_by_role("row", name=re.compile("Ruth Okoye.*reviewer"))).to_be_visible(
        timeout=LONG
    )
    ruth = in_the_queue(persona, CALIPER, "Ruth Okoye")
    expect(ruth.get_by_role("button", name=re.compile(f"{CALIPER}.*Your own work"))).to_be_visible()
    expect(ruth.get_by_text(re.compile("You performed this work"))).to_be_visible()
    expect(ruth.get_by_role("button", name="Accept review…")).to_have_count(0)


def test_the_torque_wrench_is_pasted_and_submitted(persona, site):
    site.at(THURSDAY, 11)
    wrench = start_sheet(persona, "Tomasz Nowak", WRENCH)
    readings = readings_of(WRENCH)
    accept(paste(wrench, readings), sum(map(len, readings.values())))
    all_saved(wrench)
    sign_sheet(wrench)


def test_the_other_items_follow_to_their_certificates(persona, site):
    site.at(THURSDAY, 14)
    for tag, signatory in (
        (CALIPER, "Kenji Mori"),
        (WRENCH, "Helena Brandt"),
        (MULTIMETER, "Helena Brandt"),
    ):
        review(persona, tag)
        authorize(persona, tag, signatory)


def test_the_request_is_invoiced_delivered_and_closes_by_itself(persona, site):
    site.at(FRIDAY, 9)
    issue_invoice(persona)
    send_items_home(persona)
    record_payment(persona)
    site.at(CLOSING - 1, 9)
    page = of_request(persona, "Asha Rao")
    expect(page.get_by_text("Delivered", exact=True).first).to_be_visible(timeout=LONG)
    # Nobody does anything: the worker's own clock closes it in the night.
    site.at(CLOSING, 9)
    page = of_request(persona, "Asha Rao")
    expect(page.get_by_text("Closed", exact=True).first).to_be_visible(timeout=3 * LONG)
    expect(page.get_by_text("Delivered → Closed")).to_be_visible()


def test_a_wrong_tag_is_amended_and_the_old_page_says_so(persona, site):
    site.at(CLOSING + 3, 10)
    priya = _certificate(persona, "Priya Menon")
    old = verification_of(priya)
    results = digest_of_results(priya)
    priya.get_by_role("button", name="Reopen…").click()
    box = dialog(priya)
    box.get_by_label("Reason").fill("The customer reports a wrong tag")
    sign(priya, "Sign and reopen")
    asha = _certificate(persona, "Asha Rao")
    asha.get_by_role("button", name="Amend…").click()
    box = dialog(asha)
    box.get_by_label("Tag", exact=True).fill(RIGHT_TAG)
    box.get_by_label("Reason, as printed").fill("Tag corrected as told by the customer")
    box.get_by_role("button", name="Prepare amendment").click()
    expect(asha.get_by_role("heading", name=re.compile(r"[/]A1$"))).to_be_visible(timeout=LONG)
    path = urlsplit(asha.url).path
    kenji = persona("Kenji Mori").goes(path)
    panel = kenji.get_by_role("complementary")
    expect(panel).to_contain_text(re.compile(f"“{MICROMETER}” → “{RIGHT_TAG}”"), timeout=LONG)
    kenji.get_by_role("button", name="Authorize…").click()
    sign(kenji, "Sign and issue")
    text = downloaded(kenji)
    assert [each for each in ("1.40", "0.84", RIGHT_TAG, "/A1") if each not in text] == []
    # Nothing that was measured changed.
    assert digest_of_results(kenji) == results
    public = persona("Somebody", sign_in=False).page
    public.goto(old)
    expect(public.get_by_text("replaced by a newer one")).to_be_visible()
    public.get_by_role("link", name=re.compile(r"[/]A1$")).click()
    expect(public.get_by_text("This certificate is valid")).to_be_visible()
    # What was invoiced and sent home is neither again: the request stands where it stood.
    page = of_request(persona, "Asha Rao")
    expect(page.get_by_text("Delivered", exact=True).first).to_be_visible(timeout=LONG)


def _certificate(persona, name):
    page = persona(name).goes("/certificates/")
    page.get_by_role("tab", name="All certificates").click()
    page.get_by_role("row", name=re.compile(MICROMETER)).get_by_role("link").first.click()
    expect(page.get_by_text("Signatures")).to_be_visible(timeout=LONG)
    return page
