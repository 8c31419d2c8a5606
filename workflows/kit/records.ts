import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import { legible } from '../../contracts/reading/legible.ts';

type Write = (entry: never) => Promise<unknown>;

type Writes<Records> = { readonly [Name in keyof Records]: Write };

/** The line that the Web UI shows beside each write: a text, or one made of the entry. */
export type Summaries<Records extends Writes<Records>> = {
  readonly [Name in keyof Records]: string | ((entry: Parameters<Records[Name]>[0]) => string);
};

interface RecordOptions<Name> {
  /** The writes during which nothing else can happen to the flow: its first and its last ones. */
  readonly alone?: readonly Name[];
  /** The time limit of one attempt. */
  readonly longest?: '5 seconds' | '10 seconds';
}

/**
 * The rows a flow keeps in PostgreSQL, written by activities of its own worker. Faults are retried until the database
 * is back. They are written one at a time, in the order of asking. So a flow opens its records once, and writes nothing
 * beside them.
 *
 * A write that is alone is a local activity, which costs neither a trip over the task queue nor events. Others must not
 * be: a query may end the workflow task while a local activity is under way. Its result is then seen after what came
 * meanwhile (an update, a signal, another answer), but before it when the flow is replayed (docs/adr/0020).
 */
export function openRecords<Records extends Writes<Records>>(
  summaries: Summaries<Records>,
  { alone = [], longest = '5 seconds' }: RecordOptions<keyof Records> = {},
): Records {
  const inTurn = oneAtATime();
  const isAlone = (name: string): boolean => alone.some((one) => one === name);
  const write = (name: string, summary: string | ((entry: never) => string)) => (entry: never) => {
    const shown = typeof summary === 'string' ? summary : legible(summary(entry));
    const options = { startToCloseTimeout: longest, retry: faultRetry, summary: shown };
    const activities = isAlone(name) ? proxyLocalActivities<Activities>(options) : proxyActivities<Activities>(options);
    return inTurn(() => (activities[name] as Activity)(entry));
  };
  const writes = Object.entries<string | ((entry: never) => string)>(summaries);
  return Object.fromEntries(writes.map(([name, summary]) => [name, write(name, summary)])) as Records;
}

const faultRetry = { initialInterval: '200 ms', maximumInterval: '10 seconds' } as const;

type Activity = (entry: unknown) => Promise<unknown>;
type Activities = Record<string, Activity>;

function oneAtATime(): <Answer>(write: () => Promise<Answer>) => Promise<Answer> {
  let last: Promise<unknown> = Promise.resolve();
  return (write) => {
    const turn = last.then(write, write);
    last = turn;
    return turn;
  };
}
