"""The sample week, laid on the calendar: its Monday is the Monday of the week we are in.

On a weekend it is the week just past: what expired on its Monday is expired when somebody tries
it, and what is due in the following weeks still is.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class SampleWeek:
    """The week as days counted from its Monday."""

    monday: date
    zone: str = "Europe/Berlin"

    def day(self, number: int) -> date:
        """Return a day by its number; Monday is 0, days before it are negative."""
        return self.monday + timedelta(days=number)

    def at(self, number: int, hour: int, minute: int = 0) -> datetime:
        """Return an instant of a day by the clock on the laboratory's wall, in UTC."""
        local = datetime.combine(self.day(number), time(hour, minute), ZoneInfo(self.zone))
        return local.astimezone(UTC)


def week_of(now: datetime, zone: str = "Europe/Berlin") -> SampleWeek:
    """Return the sample week for an instant, as it is in the laboratory's zone."""
    today = now.astimezone(ZoneInfo(zone)).date()
    return SampleWeek(today - timedelta(days=today.weekday()), zone)
