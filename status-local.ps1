# Shows each service: pid, uptime, readiness, restarts, log file; exit code 0 all ready, 1 something is not, 3 not running.
# Windows PowerShell 5.1 and PowerShell 7: powershell -ExecutionPolicy Bypass -File status-local.ps1
[CmdletBinding()]
param()

Set-Location -LiteralPath $PSScriptRoot
$python = Join-Path -Path $PSScriptRoot -ChildPath '.venv\Scripts\python.exe'
if (-not (Test-Path -LiteralPath $python)) {
    Write-Host 'Not running: start-local.ps1'
    Write-Host 'Tidak berjalan: start-local.ps1'
    exit 3
}
$env:PYTHONPATH = $PSScriptRoot
& $python -m app.local status
exit $LASTEXITCODE
