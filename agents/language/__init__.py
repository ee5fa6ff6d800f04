"""What the rules of all three agents know of English: set phrases, protected traits, words that say nothing, text that addresses an AI."""
