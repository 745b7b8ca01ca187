"""Tables of know your cover (知保障), on the metadata of storage/tables.py."""

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Integer, LargeBinary, String, Table, Text

from storage.tables import metadata

cover_profile = Table(
    "cover_profile",  # what a customer told of their life and agreed that it is kept; gone when they take that back
    metadata,
    Column("person_id", ForeignKey("person.person_id"), primary_key=True),
    Column("assumptions_enc", LargeBinary, nullable=False),
    Column("consented_ms", BigInteger, nullable=False),
)

cover_group = Table(
    "cover_group",  # how similar people are covered: counts and cuts of a city and a band of ages, nothing of any person
    metadata,
    Column("city", String(6), primary_key=True),
    Column("age_band", Integer, primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("people", Integer, nullable=False),
    Column("cuts_json", Text, nullable=False),
    Column("counted_on", Date, nullable=False),
)
