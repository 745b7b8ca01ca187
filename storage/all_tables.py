"""All tables at once: whoever walks over every one of them takes `metadata` from here, so that no file of tables is left out."""

from storage import tables, tables_agents, tables_cover, tables_policies, tables_reminders, tables_servicing

FILES = (
    tables,
    tables_agents,
    tables_cover,
    tables_policies,
    tables_reminders,
    tables_servicing,
)  # a new file of tables stands here, and nowhere else
metadata = tables.metadata
