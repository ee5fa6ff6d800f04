"""One HTML file for a run that a person would rather look at than read, and that needs nothing but itself."""

from evals.report.page import write_report

__all__ = ["write_report"]
