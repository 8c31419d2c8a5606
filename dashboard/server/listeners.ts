import { pauseListener, replayListener, resumeListener, type ListenerBroker } from '../../app/listeners.ts';
import type { Database } from '../../prisma/database.ts';
import type { Listeners } from './ports.ts';

/** Listeners are steered with one piece of work at NATS at a time, as its administrator. */
export interface ListenerSources {
  readonly database: Database;
  asAdministrator(work: (broker: ListenerBroker) => Promise<void>): Promise<void>;
}

/** Pauses listeners, resumes them, and plays their facts to them again. */
export const createListeners = ({ database, asAdministrator }: ListenerSources): Listeners => ({
  pause: (name) => asAdministrator((broker) => pauseListener(broker, name)),
  resume: (name) => asAdministrator((broker) => resumeListener(broker, name)),
  replay: (name, from) => asAdministrator((broker) => replayListener({ broker, database }, name, from)),
});
