import { proxyLocalActivities } from '@temporalio/workflow';

type Write = (entry: never) => Promise<unknown>;

type Writes<Records> = { readonly [Name in keyof Records]: Write };

/** The line that the Web UI shows beside each write: a text, or one made of the entry. */
export type Summaries<Records extends Writes<Records>> = {
  readonly [Name in keyof Records]: string | ((entry: Parameters<Records[Name]>[0]) => string);
};

/**
 * The rows a flow keeps in PostgreSQL, written by local activities of its own worker: no trip over a task queue. Faults
 * are retried until the database is back. They are written one at a time, in the order of asking: answers of several
 * local activities at once may come in another order when the workflow is replayed. So a flow opens its records once,
 * and writes nothing beside them.
 */
export function openRecords<Records extends Writes<Records>>(
  summaries: Summaries<Records>,
  longest: '5 seconds' | '10 seconds' = '5 seconds',
): Records {
  const inTurn = oneAtATime();
  const write = (name: string, summary: string | ((entry: never) => string)) => (entry: never) =>
    inTurn(() => activity(name, typeof summary === 'string' ? summary : summary(entry), longest)(entry));
  const writes = Object.entries<string | ((entry: never) => string)>(summaries);
  return Object.fromEntries(writes.map(([name, summary]) => [name, write(name, summary)])) as Records;
}

function activity(name: string, summary: string, longest: '5 seconds' | '10 seconds') {
  const activities = proxyLocalActivities<Record<string, (entry: unknown) => Promise<unknown>>>({
    startToCloseTimeout: longest,
    retry: { initialInterval: '200 ms', maximumInterval: '10 seconds' },
    summary,
  });
  return activities[name] as (entry: unknown) => Promise<unknown>;
}

function oneAtATime(): <Answer>(write: () => Promise<Answer>) => Promise<Answer> {
  let last: Promise<unknown> = Promise.resolve();
  return (write) => {
    const turn = last.then(write, write);
    last = turn;
    return turn;
  };
}
