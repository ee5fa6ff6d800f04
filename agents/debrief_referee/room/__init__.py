"""The referee in the room: questions about one candidate, answered sentence by sentence with what each rests on."""
