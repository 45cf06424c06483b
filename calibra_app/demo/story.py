"""The sample week as it stands on its Wednesday morning: every deed by who does it, at its hour."""

from calibra_app.demo.loader import LoadedLaboratory


def play_week(laboratory: LoadedLaboratory) -> None:
    """Bring the requests of the sample week to where they stand on Wednesday morning."""
    del laboratory
