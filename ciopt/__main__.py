"""``python -m ciopt``: the same as ``ciopt``."""

from __future__ import annotations

import sys

try:
    from ciopt.cli.main import main
except KeyboardInterrupt:  # a Ctrl-C before the program hears signals itself
    sys.exit(130)

if __name__ == "__main__":
    sys.exit(main())
