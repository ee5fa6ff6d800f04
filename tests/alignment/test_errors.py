"""Errors: one sentence each, with where and what to do; what may be tried again says so."""

import inspect

import pytest

from alignment import errors
from alignment.errors import Conflict, IndexBusy, IndexMismatch, ModelDown, PlumblineError, Refused, Unavailable

ALL = [e for _, e in inspect.getmembers(errors, inspect.isclass) if issubclass(e, PlumblineError)]


def test_an_error_reads_as_a_sentence_with_a_place_and_a_way_out() -> None:
    told = Refused("A contract changes only with a reason", where="version 1", todo="Say why.")
    assert str(told) == "A contract changes only with a reason (version 1). Say why."
    assert str(Conflict("It is on record")) == "It is on record."
    assert (told.what, told.where, told.todo) == ("A contract changes only with a reason", "version 1", "Say why.")


@pytest.mark.parametrize("error", ALL, ids=lambda e: e.__name__)
def test_what_is_not_there_now_may_be_there_later_and_nothing_else_may(error: type[PlumblineError]) -> None:
    assert error.retryable == (issubclass(error, Unavailable) and error is not IndexMismatch)


def test_a_busy_index_and_a_missing_model_are_told_apart_and_both_may_pass() -> None:
    assert IndexBusy.retryable
    assert ModelDown.retryable
    assert IndexBusy.code != ModelDown.code
