"""Other pipelines, each as its own documentation sets it up, measured beside ours.

`runner.py` is run as a script: with the Python of the peers' own environment, where nothing of
this project is installed, or with ours.
"""
