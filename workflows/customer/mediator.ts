import {
  condition,
  continueAsNew,
  defineSignal,
  setHandler,
  setWorkflowOptions,
  workflowInfo,
} from '@temporalio/workflow';
import {
  customerMediator as mediator,
  type CustomerRecords,
  type EndedEvent,
  type StartCustomer,
} from '../../contracts/mediators/customer-mediator.ts';
import { openRecords } from '../kit/records.ts';
import { autoUpgrade, toTheEnd } from '../kit/to-the-end.ts';
import { CustomerProgress } from './progress.ts';
import { handleEvent } from './simple-events.ts';

/**
 * The customer mediator: takes the customer's recorded events strictly in order, handles the simple ones, and has the
 * mediators of the others started. It ends when no event is left whose turn it is; the next bell starts it again. The
 * rows are in PostgreSQL, so that it continues as new at any moment, and nothing is lost with it. It cannot
 * be cancelled.
 */
export const customerMediator = (start: StartCustomer): Promise<void> =>
  toTheEnd(async () => {
    const bells = listen();
    const records = openRecords<CustomerRecords>({ takeNext }, { alone: ['takeNext'], longest: '10 seconds' });
    const progress = new CustomerProgress(start.customerId);
    let ended: EndedEvent | null = null;
    for (;;) {
      const next = await records.takeNext({ ...start, ended });
      progress.delegated(next.delegated);
      ended = null;
      if (next.next === 'nothing') return;
      if (next.next === 'waits') {
        progress.waits(next);
        await bells.next();
        if (hasLongHistory()) await continueAsNew<typeof customerMediator>(start);
      } else if (next.next === 'simple') {
        ended = await handleEvent(next.event, progress);
        bells.heard();
        if (hasLongHistory()) {
          await records.takeNext({ ...start, ended });
          await continueAsNew<typeof customerMediator>(start);
        }
      }
    }
  });

/** A customer may wait for a person for months. */
setWorkflowOptions(autoUpgrade, customerMediator);

const takeNext = ({ ended }: { readonly ended: EndedEvent | null }): string =>
  ended === null ? 'the next event' : `${ended.refused ? 'refused' : 'done'}; the next event`;

/**
 * Counts the bells, from the beginning, because one comes with the start. What was heard is put down only while no
 * record is being written: at any other moment a replay might see a bell earlier or later than it came
 * (docs/adr/0020). That is why the end does not ask for bells: a bell that comes while Temporal closes the run makes it
 * refuse the close, and the records are read again; any other one finds the workflow gone, and starts it.
 */
function listen() {
  let rung = 0;
  let heard = 0;
  setHandler(defineSignal(mediator.bell), () => void (rung += 1));
  return {
    heard: (): void => void (heard = rung),
    async next(): Promise<void> {
      await condition(() => rung > heard);
      heard = rung;
    },
  };
}

const hasLongHistory = (): boolean => workflowInfo().continueAsNewSuggested;
