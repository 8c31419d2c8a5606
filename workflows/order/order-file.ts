import { log, setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { CommandName } from '../../contracts/commands.ts';
import type { Money } from '../../contracts/money.ts';
import type { OrderState, Progress, StepNumber } from '../../contracts/order-mediator.ts';
import type { PlaceOrder } from '../../contracts/place-order.ts';
import { ask, refusalOf, type AcknowledgementOf, type CommandOf } from '../ask.ts';
import { currentDetails } from './current-details.ts';
import { openStepLog } from './step-log.ts';

const orderIdKey = defineSearchAttributeKey('OrderId', 'KEYWORD');
const orderStateKey = defineSearchAttributeKey('OrderState', 'KEYWORD');

/** What the mediator knows of its order, and shows of it: query, current details, search attributes. */
export interface OrderFile {
  readonly progress: Progress;
  /** The order's id; asking before it has one is a bug. */
  orderId(): string;
  number(orderId: string): void;
  price(total: Money): void;
  enter(step: StepNumber): void;
  become(state: OrderState, reason: string | null): void;
  /** Asks a processor, and logs what was asked, and when and at which attempt it was acknowledged, or why it was refused. */
  ask<Name extends CommandName>(
    name: Name,
    command: CommandOf<Name>,
    summary: string,
    step?: StepNumber,
  ): Promise<AcknowledgementOf<Name>>;
}

/** Opens the file of a new order. */
export function openOrderFile({ requestId, customerId }: PlaceOrder): OrderFile {
  const show = () => setCurrentDetails(currentDetails(progress));
  const steps = openStepLog(show);
  let progress: Progress = { ...blank, requestId, customerId, steps: steps.records };
  const change = (changes: Partial<Progress>) => {
    progress = { ...progress, ...changes };
    show();
  };
  const tell = (what: string) => log.info(what, { requestId, orderId: progress.orderId });
  return {
    get progress() {
      return progress;
    },
    orderId() {
      if (!progress.orderId) throw new Error('The order has no id yet.');
      return progress.orderId;
    },
    number(orderId) {
      change({ orderId });
      upsertSearchAttributes([{ key: orderIdKey, value: orderId }]);
    },
    price: (total) => change({ total }),
    enter(step) {
      change({ step });
      tell(`step ${step}`);
    },
    become(state, reason) {
      change({ state, reason });
      tell(state);
      upsertSearchAttributes([{ key: orderStateKey, value: state }]);
    },
    async ask(name, command, summary, step = progress.step) {
      const entry = steps.open(step, name, command.requestId);
      try {
        const acknowledgement = await ask(name, command, summary);
        entry.acknowledged(acknowledgement.attempt);
        return acknowledgement;
      } catch (error) {
        entry.refused(refusalOf(error).type);
        throw error;
      }
    },
  };
}

const blank = {
  orderId: null,
  state: 'open',
  step: 0,
  holdReason: null,
  holds: [],
  total: null,
  reason: null,
} as const;
