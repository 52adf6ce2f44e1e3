"""The app of a small video call: what the tests beside it are about."""
