"""MCP: tools and resources, in both revisions of the protocol, as far as a key reaches."""
