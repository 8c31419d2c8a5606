import { openSync, readFileSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'nats';
import { ready, settingsOfEntry } from '../kit/entry.ts';
import { namesOf, pauseMs, publishedAtOnce, type WorkSettings } from './work.ts';

/*
 * Publishes the messages 1 to `messages` and notes on disk up to which it has published. Started again, it goes on
 * behind its note. When all are noted it stays, until it is asked to end.
 */

const { natsUrl, run, messages, noteFile, publishes } = settingsOfEntry() as WorkSettings;
const { subject } = namesOf(run);
const note = openSync(noteFile, 'a+');
const nats = await connect({
  servers: natsUrl,
  maxReconnectAttempts: -1,
  reconnectTimeWait: 50,
  waitOnFirstConnect: true,
});
const jetstream = nats.jetstream({ timeout: 1_000 });
ready(() => nats.close());

/** Under one id the stream keeps a message once: a message without an answer is published again. */
async function publishUntilAcknowledged(number: number): Promise<void> {
  for (;;) {
    try {
      await jetstream.publish(subject, String(number), { msgID: `${run}/${number}` });
      return;
    } catch {
      await sleep(50);
    }
  }
}

const noted = readFileSync(noteFile, 'utf8').trimEnd().split('\n').at(-1);
for (let next = Number(noted ?? 0) + 1; next <= messages; next += publishedAtOnce) {
  const last = Math.min(messages, next + publishedAtOnce - 1);
  const numbers = Array.from({ length: last - next + 1 }, (_, index) => next + index);
  if (publishes === 'awaited') await Promise.all(numbers.map(publishUntilAcknowledged));
  else for (const number of numbers) nats.publish(subject, String(number));
  writeSync(note, `${last}\n`);
  await sleep(pauseMs);
}
