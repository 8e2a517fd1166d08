"""mailtui, the terminal mail client: the version, nothing else."""

__version__ = "0.1.0"
