"""The command line's commands, one module a family. `starter.py` puts them together."""
