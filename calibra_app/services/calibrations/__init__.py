"""Calibrations: the observation sheet from its start over indications to its submission."""

from calibra_app.models.calibration import Phase, SheetState
from calibra_app.services.calibrations.adjustments import (
    AdjustmentDraft,
    declare_no_adjustment,
    explain_missing_as_found,
    omit_point,
    record_adjustment,
    tick_warm_up,
)
from calibra_app.services.calibrations.asking import ask_adjustment
from calibra_app.services.calibrations.by_version import SheetOfVersion, sheets_of_version
from calibra_app.services.calibrations.conditions import (
    ConditionDraft,
    ConditionRecord,
    record_condition,
)
from calibra_app.services.calibrations.departures import accept_conditions, except_standard
from calibra_app.services.calibrations.evaluation import figures_of, preview
from calibra_app.services.calibrations.export import ResultFile, export_result
from calibra_app.services.calibrations.observations import (
    Asked,
    Clash,
    Entered,
    Typed,
    enter_indication,
    paste_block,
)
from calibra_app.services.calibrations.prereview import Finding, prereview
from calibra_app.services.calibrations.queries import (
    CellEvent,
    CellView,
    PointDetail,
    PointView,
    SheetDetail,
    get_point,
    get_sheet,
)
from calibra_app.services.calibrations.sheets import SheetClosed, row_of, sheet_topic
from calibra_app.services.calibrations.standards import (
    UsedStandard,
    drop_standard,
    pick_standard,
    standards_to_pick,
)
from calibra_app.services.calibrations.start import start_work
from calibra_app.services.calibrations.submission import answer_remark, submit_sheet
from calibra_app.services.calibrations.what_if import (
    Change,
    OtherRevision,
    WhatIf,
    WhatIfRow,
    revisions_to_try,
    what_if,
)
from calibra_app.services.calibrations.worklist import WorkLine, Worklist, my_work

__all__ = [
    "AdjustmentDraft",
    "Asked",
    "CellEvent",
    "CellView",
    "Change",
    "Clash",
    "ConditionDraft",
    "ConditionRecord",
    "Entered",
    "Finding",
    "OtherRevision",
    "Phase",
    "PointDetail",
    "PointView",
    "ResultFile",
    "SheetClosed",
    "SheetDetail",
    "SheetOfVersion",
    "SheetState",
    "Typed",
    "UsedStandard",
    "WhatIf",
    "WhatIfRow",
    "WorkLine",
    "Worklist",
    "accept_conditions",
    "answer_remark",
    "ask_adjustment",
    "declare_no_adjustment",
    "drop_standard",
    "enter_indication",
    "except_standard",
    "explain_missing_as_found",
    "export_result",
    "figures_of",
    "get_point",
    "get_sheet",
    "my_work",
    "omit_point",
    "paste_block",
    "pick_standard",
    "prereview",
    "preview",
    "record_adjustment",
    "record_condition",
    "revisions_to_try",
    "row_of",
    "sheet_topic",
    "sheets_of_version",
    "standards_to_pick",
    "start_work",
    "submit_sheet",
    "tick_warm_up",
    "what_if",
]
