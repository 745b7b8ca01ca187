"""Know your cover (知保障): what the policies of a person pay, what they would need, what is missing, and what would help."""
