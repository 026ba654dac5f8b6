"""caveat: the license gate for AI models."""

__version__ = "0.1.0"
