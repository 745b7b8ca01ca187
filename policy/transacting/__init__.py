"""Transactions under servicing items (保全办理): asked for, quoted, proven, signed, done."""
