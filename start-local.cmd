@rem Installs what is locked, then opens a window for each service. Nothing watches them: start-local.ps1 does.
@rem Option: --no-ui (without the dashboard, whose window builds it first and needs Node.js)
@echo off
setlocal
cd /d "%~dp0"
set "PYTHONPATH=%CD%"
call scripts\find-python.cmd
if errorlevel 1 exit /b 1
call %PYTHON% -m app.local.install requirements.txt
if errorlevel 1 exit /b 1
if not defined VENV_PYTHON set "VENV_PYTHON=%CD%\.venv\Scripts\python.exe"
call "%VENV_PYTHON%" -m app.local check
if errorlevel 1 exit /b 1
set "SERVICES=api scheduler worker connector dashboard"
if /i "%~1"=="--no-ui" set "SERVICES=api scheduler worker connector"
rem A window closes with its service; if the service fails, it stays open to show the reason.
for %%S in (%SERVICES%) do start "Multi-Job %%S" cmd /c call scripts\window.cmd %%S
call "%VENV_PYTHON%" -m app.local wait
exit /b %ERRORLEVEL%
