"""The referee in the room: questions about one candidate, answered out of the packet and the record, sentence by sentence with its source."""
