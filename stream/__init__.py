"""wirestream: one clean, enriched stream out of many agencies' wire copy."""

__version__ = "0.1.0"
