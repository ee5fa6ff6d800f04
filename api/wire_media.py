"""What requests for links to recordings carry, and what they are answered with."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from api.wire import Body

LONGEST_S = 14_400
Digest = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")]
Second = Annotated[float, Field(ge=0, le=LONGEST_S, allow_inf_nan=False)]


class NewLink(Body):
    """Which recording a link is to open (the newest where none is named), and from where to where: a citation's own times do."""

    recording: Digest = ""
    start_s: Second | None = None
    end_s: Second | None = None


class MadeLink(Body):
    """A link that opens one recording without a key until it ends."""

    url: str
    expires_at: datetime
