# Dot-sourced. Find-Python returns the command of an interpreter of at least 3.11, its arguments behind it;
# if there is none, it prints a message and returns nothing. Windows PowerShell 5.1 and PowerShell 7.

function Test-Python {
    param([string[]]$Candidate)
    if (-not (Get-Command -Name $Candidate[0] -CommandType Application -ErrorAction SilentlyContinue)) {
        return $false
    }
    $rest = @($Candidate | Select-Object -Skip 1)
    # No double quotes inside: Windows PowerShell 5.1 drops them on the way to a program.
    & $Candidate[0] @rest -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' | Out-Null
    return $LASTEXITCODE -eq 0
}

function Find-Python {
    $candidates = @(@('py', '-3'), @('python'), @('python3'))
    if ($env:PYTHON) {
        $candidates = @(, @($env:PYTHON)) + $candidates
    }
    foreach ($candidate in $candidates) {
        if (Test-Python -Candidate $candidate) {
            return $candidate
        }
    }
    Write-Host 'ERROR: Python 3.11 or newer is needed: winget install Python.Python.3.12'
    Write-Host 'ERROR: perlu Python 3.11 atau lebih baru: winget install Python.Python.3.12'
}
