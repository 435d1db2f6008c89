"""``python -m feedbackcheck``."""

from feedbackcheck.cli import main

if __name__ == "__main__":
    main()
