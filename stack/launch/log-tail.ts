import { existsSync, readFileSync } from 'node:fs';

/** The last lines of a log, for a message about why its process failed. */
export function tailOf(logFile: string, lines = 15): string {
  if (!existsSync(logFile)) return `Its log ${logFile} is gone.`;
  const text = readFileSync(logFile, 'utf8').trimEnd();
  const tail = text.split('\n').slice(-lines).join('\n');
  return `Last lines of ${logFile}:\n${tail}`;
}
