"""What developers run on the repository; nothing of it is installed."""
