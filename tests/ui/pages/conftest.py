"""A stand-in for the services: pages are tried without a browser and without a database."""

import inspect
import sys

import pytest

from calibra_app.ui import typed


@pytest.fixture
def answering(monkeypatch):
    """Let a state's services answer: `answering(State, list_rooms=(), add_room=Invalid("no"))`.

    Returns the list of calls made, as (name, arguments, named arguments).
    """

    def stand_in(state, **answers):
        calls = []

        async def ask(_state, service, /, *args, **named):
            calls.append((service.__name__, args, named))
            answer = answers[service.__name__]
            if isinstance(answer, Exception):
                raise answer
            return answer

        for each in inspect.getmro(state):
            module = sys.modules.get(each.__module__)
            if module is not None and ".pages." in each.__module__:
                monkeypatch.setattr(module, "ask", ask)
        return calls

    return stand_in


@pytest.fixture
def at_address(monkeypatch):
    """Let the page's address end with an identifier."""

    def go(key):
        monkeypatch.setattr(typed, "path_argument", lambda _state, _name: key)

    return go
