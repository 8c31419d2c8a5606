import { html, type TemplateResult } from 'lit';
import type {
  Liveness,
  ChannelFlow,
  CustomerEventFlow,
  FlowSnapshot,
  ListenerFlow,
  QueueFlow,
} from '../../server/api/flow.ts';
import { spanOf } from '../parts/ages.ts';
import { numberOf } from '../parts/words.ts';
import { brakeSentence, braking, type SteerChannel } from './brakes.ts';

type Figure = readonly [name: string, value: string];

/** A stream of NATS from which events are taken: the customer-event queue, or the supplier's deliveries. */
export const queueCard = (name: string, queue: QueueFlow | CustomerEventFlow | null): TemplateResult =>
  queue
    ? card(name, queue.liveness, [
        ['depth', numberOf(queue.depth)],
        ['in flight', numberOf(queue.inFlight)],
        ['in', rateOf(queue.inPerSecond)],
        ['out', rateOf(queue.outPerSecond)],
        ['oldest', ageOf(queue.oldestSeconds)],
        ['pollers', numberOf(queue.pollers)],
        ...('waiting' in queue ? [['in turn', numberOf(queue.waiting)] as const] : []),
        ['again', numberOf(queue.redelivered)],
      ])
    : card(name, 'unknown', []);

/** A task queue and its workers; that of a processor with its brake. */
export const channelCard = (channel: ChannelFlow, steer: SteerChannel): TemplateResult =>
  card(
    channel.name.replace(/-queue$/, ''),
    channel.liveness,
    [
      ['depth', numberOrDash(channel.depth)],
      ...(channel.kind === 'processor' ? [] : [['under way', numberOrDash(channel.inFlight)] as const]),
      ['in', rateOf(channel.inPerSecond)],
      ['out', rateOf(channel.outPerSecond)],
      ['oldest', ageOf(channel.oldestSeconds)],
      ['pollers', numberOrDash(channel.pollers)],
    ],
    channel.brake ? brakeSentence(channel.brake) : undefined,
    channel.kind === 'processor' ? braking(channel, steer) : undefined,
  );

/** A listener of the facts, or its queue of repaired ones. */
export const listenerCard = (listener: ListenerFlow, steer: SteerListener): TemplateResult =>
  card(
    listenerName(listener),
    listener.liveness,
    [
      ['behind', numberOf(listener.depth)],
      ['in flight', numberOf(listener.inFlight)],
      ['oldest', ageOf(listener.oldestSeconds)],
      ['out', rateOf(listener.outPerSecond)],
      ['pollers', numberOf(listener.pollers)],
    ],
    listener.hasRun ? (listener.isPaused ? 'Paused: its facts wait' : undefined) : 'It has never run here',
    listener.hasRun && listener.stream === 'FACTS' ? steering(listener, steer) : undefined,
  );

/** Has a listener paused or resumed. */
export type SteerListener = (name: string, how: 'pause' | 'resume') => void;

const steering = ({ name, isPaused }: ListenerFlow, steer: SteerListener): TemplateResult => {
  const how = isPaused ? 'resume' : 'pause';
  return html`<p>
    <button type="button" class="plain" @click=${() => steer(name, how)} aria-label=${`${how} ${name}`}>
      ${isPaused ? 'Resume' : 'Pause'}
    </button>
  </p>`;
};

/** A listener has two queues: of all facts, and of those that were repaired. */
export const listenerName = ({ stream, name }: Pick<ListenerFlow, 'stream' | 'name'>): string =>
  stream === 'FACTS' ? name : `${name}, repaired`;

/** Facts that wait for the relay. */
export const outboxCard = (outbox: FlowSnapshot['outbox']): TemplateResult =>
  card(
    'relay',
    outbox?.liveness ?? 'unknown',
    outbox
      ? [
          ['waiting', numberOf(outbox.depth)],
          ['oldest', ageOf(outbox.oldestSeconds)],
          ['out', rateOf(outbox.outPerSecond)],
        ]
      : [],
  );

const livenessSentences: { readonly [Name in Liveness]: string } = {
  ok: '',
  unpolled: 'Nobody polls this',
  stuck: 'Work waits, none is taken',
  unknown: 'Not known now',
};

const card = (
  name: string,
  liveness: Liveness,
  numbers: readonly Figure[],
  sentence: string | TemplateResult = livenessSentences[liveness],
  actions?: TemplateResult,
): TemplateResult => html`
  <article class="flow-card" data-liveness=${liveness}>
    <h3>${name}</h3>
    ${sentence ? html`<p class="flow-state">${sentence}</p>` : null}
    <dl>
      ${numbers.map(
        ([label, value]) =>
          html`<div>
            <dt>${label}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
    ${actions}
  </article>
`;

const numberOrDash = (value: number | null): string => (value === null ? '–' : numberOf(value));

const rateOf = (value: number | null): string =>
  value === null ? '–' : `${value < 10 ? value.toFixed(1) : Math.round(value)}/s`;

const ageOf = (seconds: number | null): string => (seconds === null ? '–' : spanOf(seconds * 1000));
