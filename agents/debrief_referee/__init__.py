"""The debrief referee: a panel's readings laid beside the record; it computes findings and never recommends a hire."""
