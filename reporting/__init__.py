"""Reports in a customer's own words (智能报案): a sentence, typed or heard, becomes who, when, what, where, and the next question.

A pure room beside the other engines: it knows `domain/` alone, asks no network and no clock, and the same words give the same
answer. What it knows of illnesses and hospitals comes to it as a `Glossary`.
"""
