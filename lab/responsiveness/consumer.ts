import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { Client } from '@temporalio/client';
import type { Broker, Delivery } from '../../broker-bridge/nats/broker.ts';
import { commentQueue, postedComments, receivedComments, type Comment } from './comment.ts';
import type { createEngines } from './engines.ts';
import { commentsIn, publishComment } from './streams.ts';

/** What the consumer needs. */
export interface ConsumerPorts {
  readonly broker: Broker;
  readonly client: Client;
  readonly engines: ReturnType<typeof createEngines>;
}

/**
 * Parses the comments of the queue, many at the same time, and posts them. One with a forbidden word is handed to the
 * workflow processor in one hop, and the consumer goes on. A message is acknowledged when its comments are posted or
 * handed over.
 */
export async function startCommentConsumer(ports: ConsumerPorts): Promise<() => Promise<void>> {
  const { stream, subject } = receivedComments;
  const settings = { stream, name: 'engines', subjects: [subject], acknowledgeWithin: 30_000 };
  const deliveries = await ports.broker.consume(settings);
  const handling = new Set<Promise<void>>();
  const reading = (async () => {
    for (let batch = await deliveries.next(100); batch.length > 0; batch = await deliveries.next(100))
      for (const delivery of batch) {
        const one = take(ports, delivery).catch(() => delivery.postpone(1_000));
        handling.add(one);
        void one.finally(() => handling.delete(one));
      }
  })();
  return async () => {
    await deliveries.close();
    await reading;
    await Promise.all(handling);
  };
}

async function take(ports: ConsumerPorts, delivery: Delivery): Promise<void> {
  await Promise.all(commentsIn(delivery).map((comment) => decide(ports, comment)));
  await delivery.acknowledge();
}

/** Safe to repeat: a comment is posted once, and one workflow has it. */
async function decide({ broker, client, engines }: ConsumerPorts, comment: Comment): Promise<void> {
  const word = await engines.inTurn(comment.text);
  if (word === null) await publishComment(broker, postedComments, comment);
  else await handOver(client, comment, word);
}

/** A comment that is delivered again finds its workflow started. */
async function handOver(client: Client, comment: Comment, word: string): Promise<void> {
  const start = { workflowId: `returned-comment/${comment.id}`, args: [comment, word], taskQueue: commentQueue };
  await client.workflow.start('returnComment', start).catch((error: unknown) => {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  });
}
