"""The data layer: SQLAlchemy tables, sessions, queries, migrations, encrypted fields, blobs, the ledger and the audit chain.

The only room that knows SQL. It imports domain and nothing above it."""
