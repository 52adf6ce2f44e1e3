"""What the world agreed on: events, reasons, roles, errors, timers, states, frames and quirks.

Data and types only. Nothing here acts, and nothing here imports another package of the product.
"""
