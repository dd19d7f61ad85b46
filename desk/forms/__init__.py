"""A form for each act: made from the models of the facts and a table of people's words (`words/`), read back with the
faults beside each field, and recorded through the episode's workflow.

`catalogue.py` has all of them; `base.py` says what a form is; `act.py` makes one from a model.
"""
