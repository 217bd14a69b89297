@rem Sets PYTHON to an interpreter of at least 3.11, or ends with 1 after a message that says what is missing.
@echo off
if defined PYTHON (
    call %PYTHON% -c "import sys, venv; sys.exit(sys.version_info < (3, 11))" >nul 2>&1 && exit /b 0
)
for %%P in ("py -3" python python3) do (
    call %%~P -c "import sys, venv; sys.exit(sys.version_info < (3, 11))" >nul 2>&1 && (
        set "PYTHON=%%~P"
        exit /b 0
    )
)
echo ERROR: Python 3.11 or newer is needed: winget install Python.Python.3.12
echo ERROR: perlu Python 3.11 atau lebih baru: winget install Python.Python.3.12
exit /b 1
