"""Measuring answers: question files, what counts as right, and the plain recipe beside ours."""
