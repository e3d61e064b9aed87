@echo off
rem Makes load on a WebSocket endpoint that echoes, and measures it; --help tells how. Needs Java 25 or newer.
setlocal
set "HIOLOAD_PROGRAM=bench"
call "%~dp0hioload.cmd" %*
exit /b %ERRORLEVEL%
