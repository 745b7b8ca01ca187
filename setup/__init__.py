"""What prepares a machine for Mingbai, and says what a machine lacks.

`find_python.sh` chooses the interpreter, `machine.py` lists what the operating system must bring,
`prepare.py` installs it all (`make setup`) by way of `system_packages.py` and `python_packages.py`,
`doctor.py` examines it all by `checks.py` and changes nothing. Everything here runs before any dependency is installed:
the standard library only.
"""
