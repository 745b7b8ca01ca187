"""The pages for adjusters: log-in, queue, claim, decisions. Jinja templates, one style sheet, a little script, no build step."""
