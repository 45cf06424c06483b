"""The licences of what a laboratory gets: free to use in a product, each known by name."""

import importlib.metadata
import re

import pytest
from packaging.requirements import Requirement

from calibra_app.config import PROJECT

# Whole words: every licence "permits" something. Of several licences one free one is enough.
FREE = re.compile(
    r"\b(?:MIT|BSD|0BSD|Apache|ISC|PSF-2\.0|Python Software Foundation|MPL|Mozilla|Zlib|HPND|CC0"
    r"|LGPL|LGPLv\d|Lesser General Public|PostgreSQL|Unlicense)\b|Permission is hereby granted"
)


@pytest.mark.parametrize(
    "licence", ["GPL-3.0-only", "License :: AGPLv3", "Permitted to nobody", ""]
)
def test_a_licence_that_binds_a_product_is_not_taken_for_a_free_one(licence):
    assert not FREE.search(licence)


def served():
    """Return the distributions of the lock file that belong on this machine."""
    text = (PROJECT / "requirements.txt").read_text().replace("\\\n", " ")
    for line in filter(None, text.splitlines()):
        requirement = Requirement(line.split("--hash=")[0])
        if requirement.marker is None or requirement.marker.evaluate():
            yield importlib.metadata.distribution(requirement.name)


def licence_of(distribution):
    """Return everything that the metadata say of the licence; some put its whole text there."""
    about = distribution.metadata
    classifiers = [text for text in about.get_all("Classifier", []) if text.startswith("License")]
    named = [about.get("License-Expression") or "", about.get("License") or "", *classifiers]
    return " | ".join(filter(None, named))


def test_every_package_has_a_licence_that_leaves_a_product_free():
    found = {one.metadata["Name"]: licence_of(one) for one in served()}
    strange = {name: licence for name, licence in found.items() if not FREE.search(licence)}
    assert len(found) > 80
    assert strange == {}
