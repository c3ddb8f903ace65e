"""Telling: from people's words to cited answers, in Slack and in the terminal."""
