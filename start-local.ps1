# Installs the locked packages, starts all services, waits until ready. Options: -NoUi -Demo
# Windows PowerShell 5.1 and PowerShell 7: powershell -ExecutionPolicy Bypass -File start-local.ps1
[CmdletBinding()]
param([switch]$NoUi, [switch]$Demo)

Set-Location -LiteralPath $PSScriptRoot
. (Join-Path -Path $PSScriptRoot -ChildPath 'scripts\find-python.ps1')

$python = @(Find-Python)
if ($python.Count -eq 0) {
    exit 1
}
$env:PYTHONPATH = $PSScriptRoot
$rest = @($python | Select-Object -Skip 1)
& $python[0] @rest -m app.local.install requirements.txt
if ($LASTEXITCODE -ne 0) {
    exit $LASTEXITCODE
}

$options = @()
if ($NoUi) {
    $options += '--no-ui'
}
if ($Demo) {
    $options += '--demo'
}
# Waits for /readyz. Logs are in runtime-logs; status-local.ps1 shows each process.
& (Join-Path -Path $PSScriptRoot -ChildPath '.venv\Scripts\python.exe') -m app.local start @options
exit $LASTEXITCODE
