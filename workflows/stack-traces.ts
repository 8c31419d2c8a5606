/*
 * Run once in each workflow thread, before the first workflow (workers/workflow-code.ts). The SDK takes a stack trace
 * of every promise, for the call stack in the Web UI: with ten frames, as is usual, that is two fifths of the thread's
 * work. Four are two of the SDK's own, and the two that tell where a flow waits (docs/adr/0035).
 */
Error.stackTraceLimit = 4;
