"""The metrics of a worker: all declared in `declared`, counted by `flow`, fed by the stages and agents."""

from stream.metrics.declared import Metrics

__all__ = ["Metrics"]
