"""What people see in Slack: each module turns values of ``bot.domain`` into one message.

Words that we did not write stand in plain text elements only, which Slack never reads as markup.
"""
