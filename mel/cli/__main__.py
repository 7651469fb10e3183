"""`python -m mel.cli`: the same command where the script is not on the path."""

from mel.cli.app import main

if __name__ == "__main__":
    main()
