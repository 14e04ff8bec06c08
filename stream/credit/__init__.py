"""Who wrote the copy, where it was filed, and what it says of its own life."""
