"""Benchmarks: what they run beside, and how their rows are judged."""

import sys

import pytest

from benches.engine_rows import Blocks, in_blocks, row
from calibra_app.commands.bench import run_bench
from calibra_app.core.errors import NotFound


def test_a_benchmark_names_the_library_that_it_runs_beside_and_lacks(monkeypatch):
    for name in [name for name in sys.modules if name.startswith("benches.engine")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "GTC", None)
    with pytest.raises(NotFound, match=r"beside GTC, which is not installed: \./calibra bench"):
        run_bench("engine", as_json=False)


def test_a_ratio_is_the_median_of_the_ratios_within_the_blocks():
    # The machine was twice as slow in the second block: on both sides.
    sides = Blocks([1.0, 2.0, 1.0], [0.5, 1.0, 0.25])
    found = row("a table", "a peer", sides, at_most=3.0)
    assert (found["ratio"], found["blocks"], found["kept"]) == ("2 x as long", "2 to 4", "yes")
    assert row("a table", "a peer", sides, at_most=1.9)["kept"] == "NO"


def test_a_peer_that_is_not_slow_enough_is_said_to_be_so():
    sides = Blocks([1.0, 1.0, 1.0], [99.0, 99.0, 200.0])
    found = row("a table", "a peer", sides, at_least=100.0)
    assert (found["ratio"], found["kept"]) == ("99 x faster", "NO")


def test_both_sides_take_turns_in_every_block():
    turns = []
    found = in_blocks(lambda: turns.append("a"), lambda: turns.append("b"), 4, 3, 1)
    assert turns[:2] == ["a", "b"]
    blocks = [turns[2 + 4 * block :][:4] for block in range(4)]
    assert [sorted(block) for block in blocks] == [["a", "a", "a", "b"]] * 4
    assert len(found.ours) == len(found.theirs) == 4
