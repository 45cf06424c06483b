"""Starter templates on the bench: their worked examples, with something about them changed."""

import json
from copy import deepcopy

from calibra_app.procedures.templates import FOLDER, read_template


def data_of(key):
    return json.loads((FOLDER / f"{key}.json").read_text(encoding="utf-8"))


def evaluated(key, *, design=None, example=None):
    """Return the results of a template's example by row; both may be changed beforehand."""
    data = deepcopy(data_of(key))
    for change, part in ((design, "design"), (example, "example")):
        if change:
            change(data[part])
    found = read_template(data, key)
    return {one.key: one for one in found.example.run_values().evaluate(found.design)}


def result_of(key, **changes):
    """Return the one result of a template whose example has one."""
    return next(one for one in evaluated(key, **changes).values() if one.rows)


def parameter(**values):
    """Return a change that states parameters of the example's instrument."""
    return lambda example: example["parameters"].update(values)


def reading(**texts):
    """Return a change of what was read; a row's key is written with _ for -."""
    named = {key.replace("_", "-").strip("-"): text for key, text in texts.items()}
    return lambda example: example["readings"].update(named)


def inputs_turned(design):
    """Write the input quantities of every table in the reverse order."""
    for table in design["tables"]:
        table.get("inputs", []).reverse()


def row_of(result, title):
    return next(row for row in result.rows if row.title == title)


def told_by(result):
    """Return all sentences about a result."""
    return " ".join((*result.warnings, *result.explanations))
