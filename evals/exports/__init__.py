"""A run's results where engineers already are: as a table, for CI, and in experiment trackers by their own clients.

What goes to a tracker leaves the machine: figures, marks, ids and costs, and what people said only where `words` asks for it.
"""

from evals.exports.junit_xml import junit
from evals.exports.rows import frame
from evals.exports.to_langfuse import export_langfuse
from evals.exports.to_langsmith import export_langsmith
from evals.exports.to_mlflow import export_mlflow

__all__ = ["export_langfuse", "export_langsmith", "export_mlflow", "frame", "junit"]
