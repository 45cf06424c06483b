"""The delivery note, which is the packing list as well."""

from collections.abc import Collection
from uuid import UUID

from sqlmodel import func, select

from calibra_app.core.access import within_deed
from calibra_app.core.ids import DocumentId
from calibra_app.models.dispatch import Shipment
from calibra_app.models.srf import Srf
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.rendering.delivery import DeliveryContent, DeliveryLine
from calibra_app.rendering.html import DocumentKind
from calibra_app.services.documents import DocumentDraft, request_document
from calibra_app.services.invoices.release import certificate_numbers
from calibra_app.services.laboratory import today_of
from calibra_app.services.letterhead import item_content, letterhead, party
from calibra_app.services.srf.lookups import instruments_of
from calibra_app.services.srf.moves import lines_of


@within_deed
def print_delivery_note(
    work: UnitOfWork,
    srf: Srf,
    shipment: Shipment,
    packed: Collection[UUID],
    *,
    packages: int = 1,
    instructions: str = "",
) -> DocumentId:
    """Freeze the delivery note of a shipment and have it printed."""
    work.session.flush()
    lines = [line for line in lines_of(work, srf.id) if line.id in packed]
    items = instruments_of(work, lines)
    certificates = certificate_numbers(work, [line.id for line in lines])
    count = work.exec(
        select(func.count()).select_from(Shipment).where(Shipment.srf_id == srf.id)
    ).one()
    number = f"{srf.number}-D{count}"
    content = DeliveryContent(
        branding=letterhead(work),
        number=number,
        customer=party(work, srf.customer_id, srf.contact_id),
        lines=tuple(
            DeliveryLine(
                position=line.position,
                item=item_content(items[line.instrument_id]),
                certificate=certificates.get(line.id, ""),
                accessories=line.accessories,
            )
            for line in lines
        ),
        srf_number=srf.number,
        customer_reference=srf.customer_reference,
        issued_on=today_of(work),
        carrier=shipment.courier,
        tracking=shipment.tracking_number,
        packages=packages,
        packed_by=work.actor.name,
        instructions=instructions,
    )
    return request_document(
        work,
        DocumentDraft(
            kind=DocumentKind.DELIVERY_NOTE,
            number=number,
            title=f"Delivery note {number}",
            content=content,
            subject_kind="shipment",
            subject_id=shipment.id,
            customer_id=srf.customer_id,
            topic=f"t:{work.actor.tenant_id}:dispatch",
        ),
    )
