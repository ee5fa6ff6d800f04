"""Who is calling over HTTP: the bearer key of a request, its scopes, and how often it may call."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from agents.access import Caller, identify
from agents.workbench import Workbench
from alignment.access import Access
from alignment.errors import Unauthenticated
from api.rates import Rates

_bearer = HTTPBearer(auto_error=False, description="An API key: `plumbline key new`.", scheme_name="key")
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


def bench_of(request: Request) -> Workbench:
    """The open workbench that the app serves."""
    bench: Workbench = request.app.state.bench
    return bench


Bench = Annotated[Workbench, Depends(bench_of)]


async def caller_of(request: Request) -> Caller:
    """Whose request it is, told once for each; Unauthenticated without a known key, TooMany beyond its rate."""
    known: Caller | None = getattr(request.state, "caller", None)
    if known is not None:
        return known
    rates: Rates = request.app.state.rates
    given = request.headers.getlist("authorization")
    scheme, _, secret = (given[0] if len(given) == 1 else "").partition(" ")  # of two nobody could say which counts
    address = request.client.host if request.client else ""
    try:
        if scheme.lower() != "bearer" or not secret.strip():
            raise Unauthenticated("The request carries no API key", todo="Send the header Authorization: Bearer plb_….")
        caller = await identify(bench_of(request), secret.strip())
    except Unauthenticated:
        # A known key is never kept out for what others do from its address.
        rates.refused(address)
        raise
    rate = rates.taken(caller.key.id)
    request.state.rate, request.state.caller = rate.headers, caller
    if rate.refusal:
        raise rate.refusal
    return caller


def _with(access: Access) -> Callable[[Request, Credentials], Awaitable[Caller]]:
    async def allowed(request: Request, _: Credentials) -> Caller:
        caller = await caller_of(request)
        caller.must(access)
        return caller

    return allowed


Reading = Annotated[Caller, Depends(_with(Access.READ))]
Writing = Annotated[Caller, Depends(_with(Access.WRITE))]
Administering = Annotated[Caller, Depends(_with(Access.ADMIN))]
