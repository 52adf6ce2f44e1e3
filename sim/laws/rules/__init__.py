"""One law a module; the module's ``LAW`` is the law. Nothing else has to be told of a new one."""
