"""Finding records by the beginnings of their words, within a laboratory."""

from calibra_app.core.ids import new_id
from calibra_app.persistence.search import enter_words, found_by, words_of


def test_words_lose_their_case_and_accents():
    assert words_of("Präzisions-Waage MÜLLER") == [
        "prazisions-waage",
        "prazisions",
        "waage",
        "muller",
    ]


def test_all_words_must_begin_some_word(work_in):
    balance, gauge = new_id(), new_id()
    with work_in() as work:
        enter_words(work, "instrument", balance, ["Mettler balance SN-4711/B"])
        enter_words(work, "instrument", gauge, ["Wika gauge SN-0815"])
        ask = lambda query: set(work.exec(found_by("instrument", query)))  # noqa: E731
        assert ask("bal") == {balance}
        assert ask("sn") == {balance, gauge}
        assert ask("SN-47 mett") == {balance}
        assert ask("bal wika") == set()
        assert ask("  ") == set()


def test_words_entered_anew_replace_the_old_ones(work_in):
    subject = new_id()
    with work_in() as work:
        enter_words(work, "srf", subject, ["first"])
        enter_words(work, "srf", subject, ["second"])
        assert list(work.exec(found_by("srf", "first"))) == []
        assert list(work.exec(found_by("srf", "second"))) == [subject]


def test_another_laboratorys_words_find_nothing(work_in):
    with work_in(1) as work:
        enter_words(work, "srf", new_id(), ["secret"])
    with work_in(2) as work:
        assert list(work.exec(found_by("srf", "secret"))) == []
