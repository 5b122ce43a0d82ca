@echo off
rem Starts the K-LINK webhooks command line. It needs a Java of version 17 or newer: that of
rem JAVA_HOME, or the one on the path. JAVA_OPTS may hold options of Java, such as -Xmx1g.
setlocal EnableExtensions DisableDelayedExpansion

if defined JAVA_HOME goto home
where /q java || goto missing
set "klink_java=java"
goto run

:home
set "klink_java=%JAVA_HOME%\bin\java.exe"
if not exist "%klink_java%" goto missing

:run
rem The first compiler alone starts fastest.
"%klink_java%" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC %JAVA_OPTS% -jar "%~dp0..\lib\klink-webhooks.jar" %*
exit /b %ERRORLEVEL%

:missing
echo klink-webhooks: there is no Java; install version 17 or newer, or set JAVA_HOME 1>&2
exit /b 2
