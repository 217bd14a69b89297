"""Start after a reboot: systemd units, launchd agents, tasks of the Windows Task Scheduler."""
