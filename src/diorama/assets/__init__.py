"""What can be shown: subjects, surfaces and skies, as plain data, read from files or made by code."""
