"""The command line: one file a group of commands. With app.py the only place that sees every room."""
