@echo off
rem Starts hioload in the foreground; Ctrl-C drains and stops it. Needs Java 25 or newer.
setlocal EnableExtensions
set "NEEDED=25"
set "FOUND="

if defined JAVA_HOME call :try "%JAVA_HOME%"
if defined JAVA25_HOME call :try "%JAVA25_HOME%"
for /f "delims=" %%J in ('where java 2^>nul') do call :try "%%~dpJ.."
for /d %%D in ("%ProgramFiles%\Eclipse Adoptium\*" "%ProgramFiles%\Java\*" "%ProgramFiles%\Microsoft\*" "%ProgramFiles%\Zulu\*" "%ProgramFiles%\Amazon Corretto\*" "%USERPROFILE%\.jdks\*") do call :try "%%~D"

if not defined FOUND (
  echo hioload needs Java %NEEDED% or newer and found none. Install a JDK %NEEDED%, or set JAVA_HOME or JAVA25_HOME to one. 1>&2
  exit /b 1
)

rem Set by hioload-bench, which only differs in what Java is to run.
if "%HIOLOAD_PROGRAM%"=="bench" goto bench

rem Paths in etc are relative to the installation, wherever it was started from.
cd /d "%~dp0.."
rem Why and when: see bin/hioload.
set "ARCHIVE="
if exist "%FOUND%\bin\server\classes.jsa" set "ARCHIVE=-XX:+AutoCreateSharedArchive -XX:SharedArchiveFile=var\classes.jsa -Xlog:cds*=off,aot*=off"
"%FOUND%\bin\java.exe" --sun-misc-unsafe-memory-access=allow %ARCHIVE% @etc\jvm.options -jar lib\hioload-launcher.jar %*
exit /b %ERRORLEVEL%

rem Its paths are relative to where it was started.
:bench
"%FOUND%\bin\java.exe" --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED --add-opens java.base/jdk.internal.misc=ALL-UNNAMED -XX:+UseSerialGC -Xmx512m -cp "%~dp0..\lib\*;%~dp0..\lib\bundles\*" io.hioload.bench.load.HioloadBench %*
exit /b %ERRORLEVEL%

rem Takes the folder if its file "release" names a Java that is new enough.
:try
if defined FOUND exit /b 0
if not exist "%~1\bin\java.exe" exit /b 0
if not exist "%~1\release" exit /b 0
for /f "tokens=2 delims==." %%V in ('findstr /b "JAVA_VERSION=" "%~1\release"') do call :compare "%~1" %%V
exit /b 0

rem The version arrives with the quotation mark that opens it.
:compare
set "VERSION=%~2"
set "VERSION=%VERSION:"=%"
if %VERSION% GEQ %NEEDED% set "FOUND=%~1"
exit /b 0
