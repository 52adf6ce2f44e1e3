"""The verbs, one module each, named like the verb. Each has a ``command``."""
