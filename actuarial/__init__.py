"""Contract formulas: mortality, net premiums, policy values, cash values, loan interest, benefits, universal accounts, a policy's state.

Pure: imports only domain. Amounts come in and go out as whole fen; in between everything is exact (Fraction) or carried
to forty digits (Decimal), and is rounded once, where a contract pays.
"""
