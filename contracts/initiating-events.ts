import { channels, type Channel } from './channels.ts';
import { orderMediator } from './order-mediator.ts';

/** Simple: one or two commands. Hard: many steps. Complex: people and long waits. */
export type MediatorClass = 'simple' | 'hard' | 'complex';

/** Where an initiating event is delegated to. */
export interface InitiatingEvent {
  readonly mediatorClass: MediatorClass;
  readonly workflowType: string;
  readonly channel: Channel;
}

/** The catalogue of initiating events. Every one, from the client or the queue, is classified by it first. */
const initiatingEvents = {
  'place-order': { mediatorClass: 'hard', workflowType: orderMediator.workflowType, channel: channels.orderMediator },
} as const satisfies Record<string, InitiatingEvent>;

export type InitiatingEventName = keyof typeof initiatingEvents;

/** The simple event mediator's decision: which mediator, of which class, on which channel. */
export const classify = (name: InitiatingEventName): InitiatingEvent => initiatingEvents[name];
