"""How other provinces print the same papers: for each class, layouts with titles, labels, columns and seals of their own.

All provinces and hospitals are invented (示东省, 示例县); every sheet is born with the watermark 样张.
"""
