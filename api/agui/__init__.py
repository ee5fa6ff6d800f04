"""AG-UI: runs as streams of events, and what waits as interrupts."""
