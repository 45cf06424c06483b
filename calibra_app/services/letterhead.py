"""What papers say of the laboratory, the customer and the item, on the day of their issue."""

from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import within_deed
from calibra_app.models.customer import Contact, Customer
from calibra_app.models.equipment import Instrument
from calibra_app.models.laboratory import Branding
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.rendering.blocks import BrandingContent, ItemContent, PartyContent
from calibra_app.services.laboratory import own_tenant, settings_of


@within_deed
def letterhead(work: UnitOfWork) -> BrandingContent:
    """Return the laboratory's face as of now; a paper keeps it whatever changes later."""
    settings = settings_of(work)
    branding: Branding | None = work.exec(
        select(Branding).order_by(col(Branding.revision).desc()).limit(1)
    ).first()
    tenant = own_tenant(work)
    name = settings.legal_name or tenant.name
    if branding is None:
        branding = Branding(revision=0)
    return BrandingContent(
        laboratory=name,
        address=lines_of_address(settings.address),
        phone=settings.phone,
        email=settings.email,
        website=settings.website,
        vat_number=settings.vat_id,
        bank_account=settings.bank,
        logo=branding.logo_data_uri,
        brand_colour=branding.colour,
        certificate_header=branding.certificate_header,
        certificate_footer=branding.certificate_footer,
        accreditation_body=settings.accreditation_body,
        accreditation_number=settings.accreditation_number,
        time_zone=tenant.time_zone,
    )


@within_deed
def party(work: UnitOfWork, customer_id: UUID, contact_id: UUID | None = None) -> PartyContent:
    """Return a customer as a paper addresses it."""
    customer = work.peek(Customer, customer_id)
    contact = work.peek(Contact, contact_id) if contact_id else None
    return PartyContent(
        name=customer.name,
        address=lines_of_address(customer.address),
        contact=contact.name if contact else "",
        email=contact.email if contact else "",
        vat_number=customer.vat_id,
    )


def item_content(
    instrument: Instrument, *, accessories: str = "", condition: str = ""
) -> ItemContent:
    """Return an item as a paper identifies it (17025, 7.8.2.1 g)."""
    return ItemContent(
        description=instrument.description,
        manufacturer=instrument.manufacturer,
        model=instrument.model,
        serial=instrument.serial,
        tag=instrument.tag,
        measuring_range=instrument.range_text,
        resolution=str(instrument.parameters.get("resolution", "")),
        accessories=accessories,
        condition=condition,
        customer_supplied=("tag",) if instrument.tag else (),
    )


def lines_of_address(address: str) -> tuple[str, ...]:
    """Return the lines of an address as typed, without empty ones."""
    return tuple(line.strip() for line in address.splitlines() if line.strip())
