import { setTimeout as sleep } from 'node:timers/promises';
import type { Broker } from '../../broker-bridge/nats/broker.ts';
import type { LabEvent } from './events.ts';

/** Events of a run as they were published. */
export interface Published {
  /** Good events, by id: the instant at which each was handed to the broker, in milliseconds since 1970. */
  readonly at: ReadonlyMap<string, number>;
  readonly bad: number;
  /** Milliseconds since 1970: the first event was published, and the publishing ended. */
  readonly begun: number;
  readonly ended: number;
}

/** The parameters of a run's publishing. */
export interface Publishing {
  readonly broker: Broker;
  readonly next: (isBad: boolean) => LabEvent;
  readonly seconds: number;
  /** Good events a second, independent of the share of bad ones. */
  readonly rate: number;
  /** The share of bad events among all, 0 to below 1; they come on top of the good ones. */
  readonly badShare: number;
}

/** Publishes at a steady rate, also when consumers do not keep up. */
export async function publishSteadily(publishing: Publishing): Promise<Published> {
  const { seconds, rate, badShare } = publishing;
  const at = new Map<string, number>();
  const sending: Promise<unknown>[] = [];
  const begun = Date.now();
  const total = Math.round(rate * seconds);
  let bad = 0;
  const publish = (isBad: boolean) => {
    const { id, message } = publishing.next(isBad);
    if (!isBad) at.set(id, Date.now());
    sending.push(publishing.broker.publish(message));
  };
  while (at.size < total) {
    const due = Math.min(total, Math.floor(((Date.now() - begun) / 1000) * rate));
    while (at.size < due) {
      publish(false);
      for (; bad < (at.size * badShare) / (1 - badShare); bad += 1) publish(true);
    }
    await sleep(5);
  }
  await Promise.all(sending);
  return { at, bad, begun, ended: Date.now() };
}
