"""The path of a claim: intake, documents, elements, rules, risk, route, decision, payout; with its clocks and letters."""
