"""What the product costs, against a plain baseline and its own bounds: ``python -m benchmarks``."""
