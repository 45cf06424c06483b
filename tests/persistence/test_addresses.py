"""The address that a laboratory's papers and letters print."""

from calibra_app.models.tenant import Tenant
from calibra_app.persistence.addresses import origin_of


def test_a_laboratory_is_reached_by_its_short_name_in_front_of_the_site(work_in):
    with work_in() as work:
        slug = work.session.get(Tenant, work.actor.tenant_id).slug
        assert origin_of(work).startswith(f"http://{slug}.localhost")


def test_a_laboratorys_own_domain_is_used_where_it_has_one(work_in):
    with work_in() as work:
        laboratory = work.session.get(Tenant, work.actor.tenant_id)
        with work.session.no_autoflush:
            laboratory.host = "lab.example.com"
            assert origin_of(work) == "https://lab.example.com"
        # The operator alone gives out domains; the change is not the laboratory's to keep.
        work.session.expire(laboratory)
