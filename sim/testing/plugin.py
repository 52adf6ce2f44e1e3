"""What pytest can do with sessions, as a plugin that pytest finds by itself."""
