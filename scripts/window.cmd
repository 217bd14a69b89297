@rem What runs in a window of start-local.cmd: one service, named by the argument.
@echo off
call "%VENV_PYTHON%" -m app.local run %1
if errorlevel 1 pause
