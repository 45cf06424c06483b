"""A certificate on paper: its figures as text, its marks, and the same bytes each time."""

import hashlib
from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader

from calibra_app.rendering.blocks import Mark
from calibra_app.rendering.certificate import (
    CertificateContent,
    EnclosureContent,
    ResultTable,
    ScopeContent,
)
from calibra_app.rendering.html import to_html
from calibra_app.rendering.pdf import WrongEnclosure, identity, to_pdf
from tests.rendering.certificates import AMENDED, CLAMP, GAUGE, MICROMETER
from tests.rendering.parts import BRANDING


def text_of(printed: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(printed)).pages)


def printed(content: CertificateContent, mark: Mark = Mark.NONE) -> str:
    return text_of(to_pdf("certificate", content, mark))


def test_the_figures_of_the_micrometer_stand_in_the_text_as_on_screen():
    text = printed(MICROMETER)
    for figure in ("+1.40", "−0.40", "±2.00", "0.84", "2.09", "25.0014", "Conditional pass"):
        assert figure in text
    assert "-0.40" not in text


def test_the_gauge_fails_as_found_and_passes_as_left_on_one_certificate():
    text = printed(GAUGE)
    assert "+0.240" in text
    assert "0.022" in text
    assert "■ Fail" in text
    assert "+0.023" in text
    assert "0.018" in text
    assert "● Pass" in text
    assert text.index("as found") < text.index("as left")
    assert "Pointer reset and span adjusted" in text


def test_values_of_an_external_provider_are_marked_where_they_stand():
    text = printed(CLAMP)
    assert "external: Nordic Power Lab" in text
    assert "certificate NPL-26-7731" in text.replace("\n", " ")


def enclosing(data: bytes) -> CertificateContent:
    (external,) = CLAMP.external
    named = EnclosureContent(name="NPL-26-7731.pdf", sha256=hashlib.sha256(data).hexdigest())
    return replace(CLAMP, external=(replace(external, enclosure=named),))


def test_a_provider_s_certificate_is_carried_inside_and_named():
    content = enclosing(b"the provider's file")
    files = {content.enclosures[0].sha256: b"the provider's file"}
    file = to_pdf("certificate", content, file_of=files.__getitem__)
    reader = PdfReader(BytesIO(file))
    assert dict(reader.attachments) == {"NPL-26-7731.pdf": [b"the provider's file"]}
    assert len(reader.trailer["/Root"]["/AF"]) == 1
    assert "attached to this file as NPL-26-7731.pdf" in " ".join(text_of(file).split())
    assert file == to_pdf("certificate", content, file_of=files.__getitem__)
    assert "is attached" not in printed(CLAMP)


def test_another_file_than_the_accepted_one_is_never_enclosed():
    content = enclosing(b"the provider's file")
    with pytest.raises(WrongEnclosure, match="is not the file"):
        to_pdf("certificate", content, file_of=lambda digest: b"something else")
    with pytest.raises(WrongEnclosure):
        to_pdf("certificate", content)


def test_the_accreditation_symbol_stands_only_inside_the_scope():
    def shows(content: CertificateContent) -> bool:
        return "Accredited calibration laboratory CL-0417" in to_html("certificate", content)

    refused = ScopeContent(wants_symbol=True, refusals=("The procedure is not authorized.",))
    unasked = replace(MICROMETER, scope=ScopeContent())
    assert shows(MICROMETER)
    assert shows(CLAMP)
    assert not shows(replace(MICROMETER, scope=refused))
    assert not shows(unasked)
    assert not shows(replace(CLAMP, results=CLAMP.results[1:]))


def test_every_page_bears_the_number_and_its_place_among_the_pages():
    pages = PdfReader(BytesIO(to_pdf("certificate", GAUGE))).pages
    for position, page in enumerate(pages, start=1):
        assert f"MM-26-0414-01 · Page {position} of {len(pages)}" in page.extract_text()
    assert "End of certificate MM-26-0414-01" in pages[-1].extract_text()


def test_a_long_table_repeats_its_head_on_every_page():
    (table,) = MICROMETER.results
    long = replace(table, rows=table.rows * 20)
    pages = PdfReader(BytesIO(to_pdf("certificate", replace(MICROMETER, results=(long,))))).pages
    with_rows = [page.extract_text() for page in pages if "25.0014" in page.extract_text()]
    assert len(with_rows) > 2
    assert all("Indication" in text for text in with_rows)


@pytest.mark.parametrize("mark", [mark for mark in Mark if mark.value])
def test_the_mark_is_written_across_every_page(mark):
    pages = PdfReader(BytesIO(to_pdf("certificate", MICROMETER, mark))).pages
    assert all(mark.value in page.extract_text() for page in pages)


def test_an_original_bears_no_mark():
    text = printed(MICROMETER)
    assert not any(mark.value in text for mark in Mark if mark.value)


def test_an_amendment_says_what_it_replaces_and_why():
    text = printed(AMENDED).replace("\n", " ")
    assert "replaces MM-26-0413-01" in text
    assert "The customer reported a wrong tag." in text
    assert "Changed: tag of the item" in text


def test_what_only_the_customer_vouches_for_carries_a_dagger():
    text = printed(MICROMETER)
    assert "KA-MIC-0007 †" in text
    assert "M5521 †" not in text


def test_signatures_tell_meaning_name_and_moment_with_its_zone():
    text = " ".join(printed(MICROMETER).split())
    assert "Authorized by Kenji Mori Authorized signatory" in text
    assert "3 Dec 2026, 10:22 UTC+01:00" in text


def test_a_due_date_stands_there_only_as_agreed():
    assert "2 Dec 2027" in printed(GAUGE).replace("\xa0", " ")
    assert "Due\n" not in printed(replace(GAUGE, due_on=None)).split("Traceability")[0]


def test_decimal_points_of_a_column_stand_under_each_other():
    (table,) = MICROMETER.results
    rows = tuple(
        replace(table.rows[0], indication=Decimal(value)) for value in ("1", "1.25", "1.3")
    )
    html = to_html("certificate", replace(MICROMETER, results=(replace(table, rows=rows),)))
    assert '<td class="i2">1</td>' in html
    assert '<td class="">1.25</td>' in html
    assert '<td class="p1">1.3</td>' in html


def test_equal_content_is_printed_to_equal_bytes():
    again = CertificateContent.from_json(GAUGE.to_json())
    assert to_pdf("certificate", GAUGE) == to_pdf("certificate", again)


def test_another_mark_or_content_is_another_file():
    names = {
        identity("certificate", GAUGE),
        identity("certificate", GAUGE, Mark.COPY),
        identity("certificate", replace(GAUGE, number="MM-26-0414-09")),
    }
    assert len(names) == 3


def test_a_later_change_of_the_brand_does_not_reach_the_stored_content():
    stored = GAUGE.to_json()
    renamed = replace(BRANDING, laboratory="Another name")
    assert "Meridian Metrology" in printed(CertificateContent.from_json(stored))
    assert "Another name" in printed(replace(GAUGE, branding=renamed))


def test_the_file_says_what_it_is():
    reader = PdfReader(BytesIO(to_pdf("certificate", MICROMETER)))
    assert reader.metadata is not None
    assert reader.metadata.title == "Calibration certificate MM-26-0413-01"
    assert reader.metadata.author == "Meridian Metrology"
    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert "M5521" in str(reader.metadata.subject)


def test_only_the_fonts_of_the_project_are_in_the_file():
    reader = PdfReader(BytesIO(to_pdf("certificate", GAUGE, Mark.DRAFT)))
    fonts = {
        font.get_object()["/BaseFont"]
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert {name.split("+")[1] for name in fonts} == {"Calibra-Text", "Calibra-Text-Semi-Bold"}


def test_words_of_a_customer_are_never_markup():
    evil = replace(MICROMETER, remarks=("<script>alert(1)</script>",))
    assert "<script>" not in to_html("certificate", evil)


def test_a_table_without_limits_or_verdicts_is_printed_with_dashes():
    bare = tuple(
        replace(row, lower_limit=None, upper_limit=None, uncertainty=None)
        for row in MICROMETER.results[0].rows
    )
    table: ResultTable = replace(MICROMETER.results[0], rows=bare)
    assert "–" in printed(replace(MICROMETER, results=(table,), conformity=None))


def test_a_transmitter_shows_the_unit_that_is_realized_beside_the_one_it_answers_in():
    (table,) = MICROMETER.results
    transmitter = replace(table, nominal_unit="bar", unit="mA", error_unit="mA")
    html = to_html("certificate", replace(MICROMETER, results=(transmitter,)))
    assert 'Nominal<span class="u">bar</span>' in html
    assert 'Indication<span class="u">mA</span>' in html


def test_a_row_that_an_amendment_changed_is_marked_beside_its_value():
    (table,) = AMENDED.results
    rows = (*table.rows[:-1], replace(table.rows[-1], is_changed=True))
    text = printed(replace(AMENDED, results=(replace(table, rows=rows),)))
    assert "25.0*" in text
    assert "15.0*" not in text
    assert "* Changed by this amendment." in text
    assert "Changed by this amendment" not in printed(AMENDED)


def test_a_signature_that_is_not_given_yet_says_so():
    people = tuple(replace(person, signed_at=None) for person in MICROMETER.signatures)
    assert "Not signed yet" in printed(replace(MICROMETER, signatures=people), Mark.DRAFT)


def test_units_are_kept_beside_their_values_in_the_text_as_well():
    assert "19.9–20.2\u202f°C, mean 20.1\u202f°C" in printed(MICROMETER)


def test_the_foot_of_a_page_is_said_once_and_cannot_break_out():
    quoted = replace(MICROMETER, reproduction='Not in "parts" <b>.')
    pages = PdfReader(BytesIO(to_pdf("certificate", quoted))).pages
    assert all(page.extract_text().count('Not in "parts" <b>.') == 1 for page in pages)


def test_signatures_are_told_in_the_zone_of_the_laboratory():
    branding = replace(BRANDING, time_zone="Asia/Tokyo")
    text = " ".join(printed(replace(MICROMETER, branding=branding)).split())
    assert "3 Dec 2026, 18:22 UTC+09:00" in text
