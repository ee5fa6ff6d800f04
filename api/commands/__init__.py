"""The commands of `plumbline`, one module a concern; each registers its own on the app."""
