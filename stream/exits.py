"""The exit codes of the command, and of a worker that ends itself."""

from __future__ import annotations

EXIT_FAILED = 1
EXIT_USAGE = 2
# EX_SOFTWARE of sysexits.h: a supervisor may tell it from a failure that a person must mend.
EXIT_INTERNAL_FAULT = 70
# As a shell reports a process that Ctrl-C ended: 128 + SIGINT.
EXIT_INTERRUPTED = 130
