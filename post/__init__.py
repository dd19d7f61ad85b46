"""The post room: what is owed to people, written and sent by letter, email and text."""
