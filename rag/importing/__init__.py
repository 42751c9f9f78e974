"""Other people's formats to summaries of the corpus: one module a format."""
