"""Conversations with the referee as a hiring tool holds them over the chat API, and what their turns are worth."""
