"""Many people talking to one server at once: `python -m evals.load`."""
