import { describe, expect, it } from 'vitest';
import { acknowledging } from '../../../activities/kit/acknowledge.ts';
import type { ActivityContext } from '../../../activities/kit/activity-context.ts';
import { lasting } from '../../../activities/kit/call-service.ts';
import { answerOf } from '../../../activities/kit/refuse.ts';

interface Line {
  readonly level: string;
  readonly message: string;
  readonly meta: Record<string, unknown> | undefined;
}

/** Runs something as the given attempt of an activity, and collects what it logs. */
async function asActivity<T>(attempt: number, run: (current: () => ActivityContext) => Promise<T>) {
  const lines: Line[] = [];
  const level = (name: string) => (message: string, meta?: Record<string, unknown>) =>
    void lines.push({ level: name, message, meta });
  const log = { info: level('info'), warn: level('warn') };
  const context = { attempt, log, cancellation: new AbortController().signal, heartbeat: () => undefined };
  const settled = await run(() => context).then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  return { ...settled, lines };
}

const command = { requestId: 'ord-1/apply-payment/1', orderId: 'ord-1', card: 'card_secret', amount: 1 };

describe('acknowledging', () => {
  it('adds the attempt to the answer', async () => {
    expect(
      await asActivity(3, (current) =>
        acknowledging({ pay: async (_command: typeof command) => ({ chargeId: 'ch-1' }) }, current).pay(command),
      ),
    ).toMatchObject({ value: { chargeId: 'ch-1', attempt: 3 } });
  });

  it('logs begin and end with order id and request id, and never the payload', async () => {
    const { lines } = await asActivity(1, (current) =>
      acknowledging({ pay: async (_command: typeof command) => ({}) }, current).pay(command),
    );
    const meta = { orderId: 'ord-1', requestId: command.requestId, attempt: 1 };
    expect(lines).toEqual([
      { level: 'info', message: 'begin', meta },
      { level: 'info', message: 'done', meta },
    ]);
    expect(JSON.stringify(lines)).not.toContain('card_secret');
  });

  it('logs a refusal by its type and lets it through', async () => {
    const refusal = { type: 'AlreadyUndone', details: { requestId: command.requestId } } as const;
    const { error, lines } = (await asActivity(1, (current) =>
      acknowledging({ pay: async (_command: typeof command) => answerOf<object>({ refusal }) }, current).pay(command),
    )) as { error?: unknown; lines: unknown[] };
    expect(error).toMatchObject({ type: 'AlreadyUndone' });
    expect(lines[1]).toMatchObject({ level: 'info', message: 'refused', meta: { refusal: 'AlreadyUndone' } });
  });

  it('logs a fault and lets it through', async () => {
    const { error, lines } = (await asActivity(2, (current) =>
      acknowledging(
        {
          pay: async (_command: typeof command): Promise<object> => Promise.reject(new Error('gateway down')),
        },
        current,
      ).pay(command),
    )) as { error?: unknown; lines: unknown[] };
    expect(error).toMatchObject({ message: 'gateway down' });
    expect(lines[1]).toMatchObject({ level: 'warn', message: 'fault', meta: { attempt: 2 } });
  });

  it('logs a fault that asking again will not mend as a fault, not as a refusal', async () => {
    const { error, lines } = (await asActivity(1, (current) =>
      acknowledging(
        {
          pay: async (_command: typeof command): Promise<object> =>
            Promise.reject(lasting('The gateway answered 400.')),
        },
        current,
      ).pay(command),
    )) as { error?: unknown; lines: unknown[] };
    expect(error).toMatchObject({ type: 'LastingFault', nonRetryable: true });
    expect(lines[1]).toMatchObject({ level: 'warn', message: 'fault', meta: { error } });
  });
});
