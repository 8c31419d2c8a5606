import { WithStartWorkflowOperation, type Client } from '@temporalio/client';
import fastify from 'fastify';
import type { Broker } from '../../broker-bridge/nats/broker.ts';
import { commentQueue, keptUpdate, postedComments, type Answer, type Comment } from './comment.ts';
import type { createEngines } from './engines.ts';
import { inGroups } from './groups.ts';
import { publishComment, queueComments } from './streams.ts';
import type { postComment } from './workflows.ts';

/** What the front needs. */
export interface FrontPorts {
  readonly broker: Broker;
  readonly client: Client;
  readonly engines: ReturnType<typeof createEngines>;
}

/** The ways in which the front takes a comment. */
export type Way = keyof ReturnType<typeof waysOf>;

/** The HTTP front of the comment service: `POST /comments/<way>` answers `{ answer }`. */
export async function openFront(ports: FrontPorts, port: number): Promise<() => Promise<void>> {
  const app = fastify({ keepAliveTimeout: 60_000, bodyLimit: 4_096 }); // a group of comments fits into a message
  app.get('/health', () => ({ ok: true }));
  for (const [way, take] of Object.entries(waysOf(ports)))
    app.post<{ Body: Comment }>(`/comments/${way}`, async ({ body }) => ({ answer: await take(body) }));
  await app.listen({ port, host: '127.0.0.1' });
  return () => app.close();
}

function waysOf({ broker, client, engines }: FrontPorts) {
  const queueInGroups = inGroups((comments) => queueComments(broker, comments));
  return {
    /** The user waits for the engines, one after the other. */
    waiting: (comment: Comment) => parsed(broker, comment, engines.inTurn),
    /** The user waits for the engines, all at the same time. */
    parallel: (comment: Comment) => parsed(broker, comment, engines.inParallel),
    /** The user waits until the comment is on disk, with those that came at the same time. */
    asynchronous: (comment: Comment) => accepted(queueInGroups(comment)),
    /** The user waits until the comment is on disk, in a message of its own. */
    'one-by-one': (comment: Comment) => accepted(queueComments(broker, [comment])),
    /** The user waits for the first step of the comment's workflow. */
    'early-return': (comment: Comment): Promise<Answer> =>
      client.workflow.executeUpdateWithStart<typeof postComment, Answer, []>(keptUpdate, {
        startWorkflowOperation: new WithStartWorkflowOperation<typeof postComment>('postComment', {
          workflowId: `comment/${comment.id}`,
          workflowIdConflictPolicy: 'USE_EXISTING',
          args: [comment],
          taskQueue: commentQueue,
        }),
      }),
  };
}

async function accepted(kept: Promise<unknown>): Promise<Answer> {
  await kept;
  return 'accepted';
}

async function parsed(
  broker: Broker,
  comment: Comment,
  parse: (text: string) => Promise<string | null>,
): Promise<Answer> {
  if ((await parse(comment.text)) !== null) return 'refused';
  await publishComment(broker, postedComments, comment);
  return 'posted';
}
