"""Broken clients, by what is broken: each is a Membership of a session, or a Client, that does
one thing otherwise than the sound one.
"""
