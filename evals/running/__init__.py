"""Runs: planned, held in processes of their own, kept by content, and written where the next command finds them."""
