"""The commands of `plumbline` against a running server, one module a concern; what they print stays in `api.commands`."""
