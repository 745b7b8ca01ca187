"""One small file for each way a claim comes in: the payload that channel sends, and the `ClaimNotice` it means.

Nothing here knows HTTP: a payload is a Pydantic model, and what comes out is a value of `domain`.
"""
