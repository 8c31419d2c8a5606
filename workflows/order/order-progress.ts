import { log, setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { Hold } from '../../contracts/mediators/holds.ts';
import type { Money } from '../../contracts/money.ts';
import type { OrderState, Progress } from '../../contracts/mediators/order-mediator.ts';
import type { PlaceOrder } from '../../contracts/place-order.ts';
import type { Answer, Call } from '../kit/call.ts';
import { currentDetails } from './current-details.ts';
import { StepLog } from '../kit/steps.ts';
import type { CommandName } from '../../contracts/command-routes.ts';
import type { StepNumber } from '../../contracts/mediators/steps.ts';

const orderIdKey = defineSearchAttributeKey('OrderId', 'KEYWORD');
const orderStateKey = defineSearchAttributeKey('OrderState', 'KEYWORD');
const holdReasonsKey = defineSearchAttributeKey('HoldReasons', 'KEYWORD_LIST');

/** A call as part of a step. */
export interface OrderCall<Name extends CommandName> extends Call<Name> {
  /** The step it belongs to; the present one when it is left out. */
  readonly step?: StepNumber | undefined;
}

/** What the mediator knows of its order, and shows of it: query, current details, search attributes. */
export interface OrderProgress {
  readonly progress: Progress;
  /** The order's id; asking before it has one is a bug. */
  orderId(): string;
  number(orderId: string): void;
  price(total: Money): void;
  enter(step: StepNumber): void;
  become(state: OrderState, reason: string | null): void;
  /** Shows what the order waits for now, oldest first. */
  showHolds(holds: readonly Hold[], state: OrderState): void;
  /** Shows a sentence about something that came too late to be done. */
  note(sentence: string): void;
  /** True while such a command is asked and not answered. */
  isUnderWay(name: CommandName): boolean;
  /** True when such a command was ever asked. */
  wasAsked(name: CommandName): boolean;
  /** Asks a processor, and logs what was asked, and when and at which attempt it was acknowledged, or what went wrong. */
  ask<Name extends CommandName>(call: OrderCall<Name>): Promise<Answer<Name>>;
}

/** Opens the file of a new order. */
export function openOrderProgress({ requestId, customerId }: PlaceOrder): OrderProgress {
  const show = () => setCurrentDetails(currentDetails(progress));
  const calls = new StepLog((steps) => change({ steps }));
  let progress: Progress = { ...blank, requestId, customerId };
  const change = (changes: Partial<Progress>) => {
    progress = { ...progress, ...changes };
    show();
  };
  const tell = (what: string) => log.info(what, { requestId, orderId: progress.orderId });
  const asksOf = (name: CommandName) => progress.steps.filter(({ command }) => command === name);
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
    showHolds(holds, state) {
      change({ holds, holdReason: holds[0]?.reason ?? null, state });
      tell(holds.length > 0 ? `waits: ${holds.map(({ reason }) => reason).join(', ')}` : 'goes on');
      const reasons = [...new Set(holds.map(({ reason }) => reason))];
      upsertSearchAttributes([
        { key: orderStateKey, value: state },
        { key: holdReasonsKey, value: reasons },
      ]);
    },
    note(sentence) {
      change({ notes: [...progress.notes, sentence] });
      tell(sentence);
    },
    isUnderWay: (name) => asksOf(name).some(({ acknowledgedAt, refusal }) => !acknowledgedAt && !refusal),
    wasAsked: (name) => asksOf(name).length > 0,
    ask: ({ step, ...call }) => calls.call(step ?? progress.step, call),
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
  notes: [],
  steps: [],
} as const;
