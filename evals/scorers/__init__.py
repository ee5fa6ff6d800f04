"""Scorers: pure functions from what the product answered and what is expected to sums; none of them trusts the product's own checks."""
