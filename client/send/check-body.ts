import { parseEvent } from '../../contracts/schemas/initiating-events.ts';
import { fieldSentences } from '../options/option-problems.ts';
import type { ReadEvent } from './read-event.ts';

/** Refuses an event that does not fit its schema. Without it the queue takes the event, and it is repaired there. */
export function checkBody(read: ReadEvent): ReadEvent {
  if (!read.ok) return read;
  const parsed = parseEvent(read.event.type, read.event.data);
  if (parsed.ok) return read;
  return { ok: false, id: read.event.id, reason: `does not fit its schema: ${fieldSentences(parsed.problems)}` };
}
