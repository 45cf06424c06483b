"""Lines in review and certificates on their way, made by the people who do it."""

from contextlib import contextmanager

import pytest
from sqlalchemy import text
from sqlmodel import select

from calibra_app.core.access import visitor
from calibra_app.demo.sheets import complete_sheet
from calibra_app.jobs.runner import run_job
from calibra_app.models.certificate import Certificate
from calibra_app.models.laboratory import LaboratorySettings
from calibra_app.models.srf import Srf, SrfLine
from calibra_app.persistence.outbox import Job
from calibra_app.persistence.unit_of_work import unit_of_work
from calibra_app.services.calibrations import submit_sheet
from calibra_app.services.calibrations.review import accept_review
from calibra_app.services.certificates import authorize_certificate
from calibra_app.services.srf.agreement import Adjustment
from calibra_app.services.srf.moves import take_line
from tests.builders import PASSWORD
from tests.services.calibrations.conftest import a_bench

SIGNATORY = {5: "Kenji Mori", 6: "Kenji Mori", 8: "Helena Brandt", 9: "Helena Brandt"}


class Stage:
    """A bench, and the steps that follow it, each done by the person whose step it is."""

    def __init__(self, bench, owner=None):
        self.bench = bench
        self.owner = owner
        self.house = bench.house
        self.lines = bench.lines

    def work(self, name="Priya Menon"):
        return self.house.work(name)

    @contextmanager
    def stranger(self):
        with unit_of_work(visitor(self.house.tenant_id)) as work:
            yield work

    def line(self, number):
        with self.work() as work:
            return work.peek(SrfLine, self.lines[number])

    def srf(self):
        with self.work() as work:
            return work.exec(select(Srf)).one()

    def in_review(self, number):
        """Measure an instrument with the figures of the sample week and hand its sheet over."""
        with self.work() as work:
            line = take_line(work, self.lines[number])
            line.order = {**line.order, "adjustment": Adjustment.ALLOWED.value}
        sheet_id = self.bench.started(number)
        with self.bench.work(number) as work:
            complete_sheet(work, sheet_id)
            submit_sheet(work, sheet_id, password=PASSWORD)
        return sheet_id

    def reviewed(self, number):
        sheet_id = self.in_review(number)
        with self.work("Jonas Weber") as work:
            accept_review(work, self.lines[number], self.line(number).version, PASSWORD)
        return sheet_id

    def authorized(self, number):
        self.reviewed(number)
        with self.work(SIGNATORY[number]) as work:
            return authorize_certificate(
                work, self.lines[number], self.line(number).version, PASSWORD
            )

    def issued(self, number):
        certificate_id = self.authorized(number)
        self.print()
        return certificate_id

    def print(self, job=Job.PUBLISH_CERTIFICATE):
        """Offer what waits to a worker, as the relay does, and let it be done."""
        with self.owner.begin() as connection:
            waiting = connection.execute(
                text(
                    "UPDATE outbox SET attempts = attempts + 1"
                    " WHERE job = :job AND tenant_id = :tenant RETURNING id, attempts"
                ),
                {"job": job.value, "tenant": self.house.tenant_id},
            ).all()
        return [run_job(self.house.tenant_id, str(row[0]), row[1]) for row in waiting]

    def certificate(self, certificate_id):
        with self.work() as work:
            return work.peek(Certificate, certificate_id)

    def certificates(self):
        with self.work() as work:
            return work.exec(select(Certificate)).all()


def a_stage(work_in, owner, *numbers):
    """Put instruments on the bench of a laboratory that may issue certificates."""
    bench = a_bench(work_in, numbers)
    with bench.house.work("Victor Hale") as work:
        work.add(
            LaboratorySettings(
                legal_name="Meridian Metrology",
                address="Gauge Lane 1\n12345 Example",
                accreditation_number="CL-0147",
                accreditation_body="ExAB",
                number_patterns={"certificate": "MM-{yy}-{srf}-{line:02}"},
            )
        )
    return Stage(bench, owner)


@pytest.fixture
def stage(work_in, owner):
    """Make a bench with instruments and what follows it: `stage(5, 9)`."""
    return lambda *numbers: a_stage(work_in, owner, *numbers)
