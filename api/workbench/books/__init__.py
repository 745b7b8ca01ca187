"""The pages of rule books, for actuaries: read, write, test, simulate, publish; by the functions of the commands `rules …`."""
