import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type pg from 'pg';
import { placeOrder, type PlacedOrder } from '../../../app/place.ts';
import { loadOrderPolicy } from '../../../config/order-policy.ts';
import type { HoldReason } from '../../../contracts/mediators/holds.ts';
import type { EventBodies, InitiatingEventName } from '../../../contracts/initiating-events.ts';
import type { OrderActionName, OrderActions } from '../../../contracts/mediators/order-actions.ts';
import { orderMediator, type Progress } from '../../../contracts/mediators/order-mediator.ts';
import type { OrderPolicy } from '../../../contracts/mediators/order-policy.ts';
import type { PlaceOrder } from '../../../contracts/place-order.ts';
import { runnerOn } from '../../../prisma/statement.ts';
import { holdTables } from '../../support/hold-tables.ts';
import { startQueued } from '../../support/queued-event.ts';
import { until } from '../../support/until.ts';
import type { Policies } from '../../../contracts/initiating-event.ts';

/** What a scenario is recorded with, on a running system. */
export interface Stage {
  readonly client: Client;
  /** Places an order without waiting for anything but its id. */
  place(event: Omit<PlaceOrder, 'requestId'>, policy?: OrderPolicy): Promise<PlacedOrder>;
  /** Waits until the order is as the sentence says. */
  when(placed: PlacedOrder, what: string, isSo: (progress: Progress) => boolean): Promise<void>;
  held(placed: PlacedOrder, reason: HoldReason): Promise<void>;
  act<Name extends OrderActionName>(placed: PlacedOrder, name: Name, action: OrderActions[Name]): Promise<void>;
  /** Stops whoever needs these tables until the returned function is called. */
  hold(...tables: readonly string[]): Promise<() => Promise<void>>;
  sql<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Starts the flow of an event as the intake does; says which workflow it is. */
  queue<Name extends InitiatingEventName>(
    name: Name,
    body: EventBodies[Name],
    policies?: Partial<Policies>,
  ): Promise<string>;
}

/** A stage on the system that the client and the database belong to. */
export const openStage = (client: Client, pool: pg.Pool): Stage => {
  const when: Stage['when'] = async (placed, what, isSo) => {
    const query = () => client.workflow.getHandle(placed.workflowId).query<Progress>(orderMediator.progressQuery);
    await until(async () => isSo(await query()), { within: 60_000, what });
  };
  const sql = async <Row>(text: string, values: readonly unknown[] = []) =>
    (await pool.query(text, [...values])).rows as Row[];
  return {
    client,
    when,
    place: (content, policy = loadOrderPolicy({})) =>
      placeOrder({
        client,
        database: runnerOn(pool),
        event: { requestId: randomUUID(), ...content },
        policy,
        deadlineMs: 30_000,
      }),
    held: (placed, reason) =>
      when(placed, `held for ${reason}`, ({ holds }) => holds.some((hold) => hold.reason === reason)),
    async act({ workflowId }, name, action) {
      await client.workflow.getHandle(workflowId).executeUpdate(name, { args: [action] });
    },
    hold: (...tables) => holdTables(pool, tables),
    sql,
    queue: async (name, body, policies = {}) =>
      (await startQueued({ client, sql }, name, body, { policies })).workflowId,
  };
};
