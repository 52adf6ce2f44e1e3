"""The version of the product; a trace and a replay token name it."""

VERSION = "0.1.0"
