"""The intake agent: from a wandering call, or a live interview, to a contract of three must-haves, two trade-offs and one deal-breaker."""
