# Drains and stops all services of this installation, in order.
# Windows PowerShell 5.1 and PowerShell 7: powershell -ExecutionPolicy Bypass -File stop-local.ps1
[CmdletBinding()]
param()

Set-Location -LiteralPath $PSScriptRoot
$python = Join-Path -Path $PSScriptRoot -ChildPath '.venv\Scripts\python.exe'
if (-not (Test-Path -LiteralPath $python)) {
    Write-Host 'Not running: start-local.ps1'
    Write-Host 'Tidak berjalan: start-local.ps1'
    exit 0
}
$env:PYTHONPATH = $PSScriptRoot
& $python -m app.local stop
exit $LASTEXITCODE
