"""What the API answers: Pydantic models, and how each is made from values of `domain`. Nothing here knows HTTP."""
