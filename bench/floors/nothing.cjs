// What Node itself needs to start and to end.
process.exitCode = 0;
