"""Tools that are run from a checkout; nothing of the product imports them."""
