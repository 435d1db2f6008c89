"""The machinery behind the pattern signs: a small language for word patterns, its compiler and its store.

``dsl`` turns a match line into a regular expression over normalised words, ``store`` reads the TOML data files and
keeps their compiled form, ``words`` makes the word stream of a sentence that the expressions run on.
"""
