"""Torture: the real processes over their public entry, while machines die, lines are cut and disks fill; then invariants of its own."""
