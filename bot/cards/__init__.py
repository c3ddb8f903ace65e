"""What is known of one licence, or of several side by side: cards, comparisons, checked uses."""
