"""The routes, a module a concept; none decides anything that `agents` could."""
