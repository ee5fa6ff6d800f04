"""The kernel: what the domain is. Pydantic only; no I/O and no vendor."""
