"""What must not happen, tried through the product's own doors: injections, protected traits, verdicts, and other organisations' records."""
