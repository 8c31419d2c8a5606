import { pauseListener, replayListener, resumeListener, type ListenerBroker } from '../../app/listeners.ts';
import type { Database } from '../../prisma/database.ts';
import type { Listeners } from './ports.ts';

/** Listeners are steered with one piece of work at NATS and PostgreSQL at a time, as their administrator. */
export interface ListenerSources {
  asAdministrator(work: (broker: ListenerBroker, database: Database) => Promise<void>): Promise<void>;
}

/** Pauses listeners, resumes them, and plays their facts to them again. */
export const createListeners = ({ asAdministrator }: ListenerSources): Listeners => ({
  pause: (name) => asAdministrator((broker) => pauseListener(broker, name)),
  resume: (name) => asAdministrator((broker) => resumeListener(broker, name)),
  replay: (name, from) => asAdministrator((broker, database) => replayListener({ broker, database }, name, from)),
});
