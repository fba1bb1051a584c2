"""``python -m ciopt``: the same as ``ciopt``."""

from __future__ import annotations

import sys

from ciopt.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
