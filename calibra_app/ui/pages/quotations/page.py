"""The pages of quotations and where they stand."""

from calibra_app.ui import routes
from calibra_app.ui.pages.quotations.deeds import QuotationDeeds
from calibra_app.ui.pages.quotations.editor_page import quotation_page
from calibra_app.ui.pages.quotations.register import QuotationsState
from calibra_app.ui.pages.quotations.register_page import quotations_page

PAGES = (
    (routes.QUOTATIONS, quotations_page, (QuotationsState.load,)),
    ("/quotations/[quotation_id]", quotation_page, (QuotationDeeds.load,)),
)
