"""The try-out beside the design: sample readings, standards, room, parameters."""

from reflex.event import EventSpec

from calibra_app.core.errors import CalibraError
from calibra_app.ui.gate import action
from calibra_app.ui.pages.designs.editing import Plain
from calibra_app.ui.pages.designs.lines import read_list
from calibra_app.ui.pages.designs.sample import read_room, read_standards
from calibra_app.ui.pages.designs.state import SEE, DesignerState


class TrialState(DesignerState):
    """What is typed into the try-out; the figures stand in the page's own state."""

    @action(*SEE, reading=True)
    async def look_at(self, key: str):
        """Look at one point of the try-out."""
        self.looked_at = key
        self._point()

    @action(*SEE, reading=True)
    async def read(self, key: str, value: str):
        """Take the sample readings of one row."""
        readings = {**self._sample.get("readings", {}), key: value[:2000]}
        self.looked_at = key
        return await self._try({**self._sample, "readings": readings})

    @action(*SEE, reading=True)
    async def put_parameter(self, name: str, value: str):
        """Take a parameter of the sample instrument."""
        from_text = read_list(value[:20_000], one=True) if value.strip() else None
        given = {**(self._sample.get("parameters") or {}), name: from_text}
        kept = {each: one for each, one in given.items() if one is not None}
        return await self._try({**self._sample, "parameters": kept})

    @action(*SEE, reading=True)
    async def put_standards(self, text: str):
        """Take the certificates of the sample standards."""
        self.standards = text[:20_000]
        try:
            read = read_standards(self.standards)
        except CalibraError as error:
            self.sample_fault = error.message
            return None
        return await self._try({**self._sample, "standards": read})

    @action(*SEE, reading=True)
    async def put_room(self, text: str):
        """Take the climate of the sample."""
        self.room = text[:2000]
        try:
            read = read_room(self.room)
        except CalibraError as error:
            self.sample_fault = error.message
            return None
        return await self._try({**self._sample, "environment": read})

    async def _try(self, sample: Plain) -> EventSpec | None:
        self.sample_fault = ""
        if sample == self._sample:
            return None
        self._sample = sample
        kept = await self._keep() if self.editable else None
        return kept or await self._show()
