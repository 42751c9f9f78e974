"""The evaluation harness: every claim about quality is a command."""
