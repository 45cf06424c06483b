"""Quotations: price, offer, send, and what the customer answers."""

from calibra_app.models.quotation import QuotationLineKind, QuotationState

__all__ = ["QuotationLineKind", "QuotationState"]
