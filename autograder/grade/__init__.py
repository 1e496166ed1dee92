"""The instructor's room: course directories, submissions, gradebook."""
