"""Erasure: one interview or one person out of every store, by steps that outlive a crash, with a receipt."""
