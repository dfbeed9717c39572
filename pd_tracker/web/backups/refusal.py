"""Why a backup or a restore cannot be done."""


class Refused(Exception):
    """A sentence for whoever runs the site, with the remedy."""
