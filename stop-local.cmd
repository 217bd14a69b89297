@rem Stops every service that was started from here, whichever launcher did; its window closes with it.
@echo off
setlocal
cd /d "%~dp0"
set "PYTHONPATH=%CD%"
if not defined VENV_PYTHON set "VENV_PYTHON=%CD%\.venv\Scripts\python.exe"
if not exist "%VENV_PYTHON%" (
    echo Not running: start-local.cmd
    echo Tidak berjalan: start-local.cmd
    exit /b 0
)
call "%VENV_PYTHON%" -m app.local stop
exit /b %ERRORLEVEL%
