"""The pages of requests with their addresses."""

from calibra_app.ui import routes
from calibra_app.ui.pages.requests.detail import request_page
from calibra_app.ui.pages.requests.intake import IntakeState
from calibra_app.ui.pages.requests.intake_page import intake_page
from calibra_app.ui.pages.requests.register import RequestsState, register_page
from calibra_app.ui.pages.requests.state import RequestState

PAGES = (
    (routes.REQUESTS, register_page, (RequestsState.load,)),
    (routes.NEW_REQUEST, intake_page, (IntakeState.load,)),
    ("/requests/[srf_id]", request_page, (RequestState.load,)),
)
