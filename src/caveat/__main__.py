"""Run caveat as `python -m caveat`, or as the `caveat` command."""

import os
import sys

if __name__ == "__main__" and sys.path[:1] in ([""], [os.getcwd()]):
    del sys.path[0]  # `python -m` looks into the current folder first, which may be a stranger's repository

from caveat.cli.main import main

if __name__ == "__main__":
    main()
