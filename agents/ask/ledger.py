"""What asking cost, by judgement and model: requests, tokens, seconds, repairs and failures."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class Used:
    """The sums of one judgement with one model; `tokens_in` and `tokens_out` are the provider's own counts where it tells them."""

    asked: int = 0
    from_cache: int = 0
    repaired: int = 0
    failed: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float = 0.0


@dataclass
class Ledger:
    """The sums of everything that was asked since it was opened."""

    sums: dict[tuple[str, str], Used] = field(default_factory=dict)

    def of(self, judgement: str, model: str) -> Used:
        """The sums of that judgement with that model, from nothing at first."""
        return self.sums.setdefault((judgement, model), Used())

    def rows(self) -> list[dict[str, Any]]:
        """One plain row a judgement and model, in the order in which they were first asked."""
        return [{"judgement": j, "model": m, **asdict(u), "seconds": round(u.seconds, 2)} for (j, m), u in self.sums.items()]
