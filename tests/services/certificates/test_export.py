"""The result behind a certificate leaves the laboratory with it, and stays that of its sheet."""

import json

import pytest

from calibra_app.core.access import Role
from calibra_app.core.errors import Forbidden, NotFound
from calibra_app.core.ids import new_id
from calibra_app.models.certificate import Certificate
from calibra_app.procedures.recomputation import recompute
from calibra_app.services.certificates import export_certified, get_certificate
from tests.services.certificates.test_measured_again import back_on_the_bench


def exported(made, certificate_id):
    with made.work() as work:
        file = export_certified(work, certificate_id)
    return file, json.loads(file.text)


def test_the_result_of_a_certificate_is_named_after_it_and_computed_again_identically(stage):
    made = stage(5)
    certificate_id = made.issued(5)
    file, document = exported(made, certificate_id)
    with made.work() as work:
        certificate = work.peek(Certificate, certificate_id)
        assert get_certificate(work, certificate_id).measured_here
    assert file.name == f"{certificate.number}-result.json"
    subject = document["subject"]
    assert (subject["certificate"], subject["certificate_sha256"]) == (
        certificate.number, certificate.content_sha256,
    )  # fmt: skip
    assert recompute(document)["identical"]
    document["subject"]["certificate"] = "MM-26-0414-02"
    assert recompute(document)["altered"] == ["subject"]


def test_a_superseded_certificate_keeps_the_result_of_the_sheet_it_was_made_of(stage):
    made = stage(5)
    old_id = made.issued(5)
    old_sheet = exported(made, old_id)[1]["subject"]["sheet"]
    back_on_the_bench(made, 5)
    new_certificate = made.issued(5)
    again = exported(made, old_id)[1]["subject"]
    newer = exported(made, new_certificate)[1]["subject"]
    assert again["sheet"] == old_sheet != newer["sheet"]
    assert (again["certificate_state"], newer["certificate_state"]) == ("superseded", "issued")


def test_a_certificate_that_is_not_there_and_a_person_who_may_not(stage, work_in):
    made = stage(5)
    certificate_id = made.issued(5)
    with pytest.raises(NotFound), made.work() as work:
        export_certified(work, new_id())
    with pytest.raises(Forbidden), work_in(roles={Role.FD}) as work:
        export_certified(work, certificate_id)
    with pytest.raises(NotFound), work_in(laboratory=2) as work:
        export_certified(work, certificate_id)
