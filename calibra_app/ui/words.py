"""Words on the screen: every text a person reads passes through `say`, English first.

Why gettext: translators know its catalogues, and an untranslated text falls back to the English
one that stands in the code. A catalogue is `ui/locale/<language>/LC_MESSAGES/calibra.mo`; `pybabel
extract -k say` collects the texts. Pages are compiled once, so their own texts are said in the
site's language; texts that a state sends may be said in the reader's.
"""

import gettext
from functools import cache
from pathlib import Path

SITE_LANGUAGE = "en"
CATALOGUES = Path(__file__).parent / "locale"


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("calibra", CATALOGUES, languages=[language], fallback=True)


def say(text: str, /, *, language: str = SITE_LANGUAGE, **values: object) -> str:
    """Return the text in a language, with the named values put in.

    Args:
        text: The English text; a value's place is its name in braces.
        language: ISO 639 code; without a catalogue the English text is returned.
        values: What stands in the braces.
    """
    spoken = _catalogue(language).gettext(text)
    return spoken.format(**values) if values else spoken


def say_number(one: str, many: str, count: int, *, language: str = SITE_LANGUAGE) -> str:
    """Return the form that fits the count, which stands at `{count}` in both forms."""
    return _catalogue(language).ngettext(one, many, count).format(count=count)
