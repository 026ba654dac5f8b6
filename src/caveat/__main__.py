"""Run caveat as `python -m caveat`, or as the `caveat` command."""

from caveat.cli.main import main

if __name__ == "__main__":
    main()
