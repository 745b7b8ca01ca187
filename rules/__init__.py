"""The rule engine: a contract in YAML goes in, a checked and compiled book comes out; a book and a claim's elements give an assessment.

Pure: imports only domain. Beside it stands routing, which chains the facts about a finished assessment
to flags with durable_rules and never sees money.
"""
