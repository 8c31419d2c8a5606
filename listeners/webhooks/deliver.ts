import type { OwnDelivery, Postponed } from '../../broker-bridge/facts/listener.ts';
import type { PostAnswer, SendPost } from '../../broker-bridge/outbound/post.ts';
import type { SwitchOffReason } from '../../contracts/outside/webhooks.ts';
import type { RowFrom } from '../../prisma/statement.ts';
import * as endpoints from './endpoints.ts';
import { askedPause, attemptsWithin, pauseAfter, type Pauses } from './retry.ts';
import { signatureHeaders } from './signature.ts';

/** One message for one endpoint: a fact as a CloudEvent in JSON, the same bytes at every attempt. */
export interface WebhookMessage {
  readonly webhookId: string;
  readonly factId: string;
  readonly body: string;
}

/** The way that messages go out. */
export interface Delivering {
  readonly post: SendPost;
  readonly pauses: Pauses;
  /** An endpoint may fail for so many milliseconds without taking anything. */
  readonly switchOffAfter: number;
}

type Delivered = void | Postponed | 'held-back';

/** Delivers a message, or says when it is to be tried again. */
export const createDeliver =
  (delivering: Delivering) =>
  async (message: OwnDelivery): Promise<Delivered> => {
    const content = message.content as WebhookMessage;
    const [endpoint] = await message.on.run(endpoints.findEndpoint(content.webhookId));
    if (!endpoint) return undefined; // it was removed
    if (endpoint.state === 'off') return holdBack(message, content);
    if (endpoint.quietFor > 0) return { againIn: endpoint.quietFor, isTried: false };
    const answer = await call(endpoint, content, message.signal, delivering.post);
    if (answer.status >= 200 && answer.status < 300) {
      await message.on.execute(endpoints.noteDelivered(content.webhookId));
      return undefined;
    }
    return failed(message, content, answer, delivering);
  };

/** An attempt without an answer has the status 0. */
type Attempted = PostAnswer & { readonly problem: string };

async function call(
  { url, secrets }: RowFrom<typeof endpoints.findEndpoint>,
  { factId: id, body }: WebhookMessage,
  signal: AbortSignal,
  post: SendPost,
): Promise<Attempted> {
  const timestamp = Math.floor(Date.now() / 1_000);
  const headers = { ...ownHeaders, ...signatureHeaders({ id, timestamp, body }, secrets) };
  try {
    const answer = await post({ url, headers, body, signal });
    return { ...answer, problem: problemOf(answer.status) };
  } catch (error) {
    if (signal.aborted) throw error;
    return { status: 0, retryAfter: undefined, problem: (error as Error).message.slice(0, longestProblem) };
  }
}

const longestProblem = 200;

const ownHeaders = { 'content-type': 'application/cloudevents+json', 'user-agent': 'order-mediator' };

const problemOf = (status: number): string =>
  status >= 300 && status < 400
    ? `It answered with the status ${status}; redirects are not followed.`
    : `It answered with the status ${status}.`;

const gone = 410;

async function failed(
  message: OwnDelivery,
  content: WebhookMessage,
  { status, retryAfter, problem }: Attempted,
  { pauses, switchOffAfter }: Delivering,
): Promise<Delivered> {
  const { on, attempt } = message;
  const { webhookId } = content;
  const quietFor = Math.min(askedPause(retryAfter), pauses.longest);
  const [noted] = await on.run(endpoints.noteFailed(webhookId, { problem, quietFor }, switchOffAfter));
  if (status === gone) return switchOff(message, content, 'gone');
  if (noted?.isOver) return switchOff(message, content, 'failing');
  if (attempt >= attemptsWithin(switchOffAfter, pauses)) {
    await on.execute(endpoints.noteGivenUp(webhookId)); // it takes others
    return undefined;
  }
  return { againIn: Math.max(quietFor, pauseAfter(attempt, pauses)), problem };
}

/** Switches the endpoint off, once, and tells of it; all its messages wait from then on. */
async function switchOff(message: OwnDelivery, content: WebhookMessage, reason: SwitchOffReason): Promise<Delivered> {
  const { webhookId } = content;
  await message.transaction(async (tx) => {
    const [off] = await tx.run(endpoints.switchOff(webhookId, reason));
    if (!off) return;
    await tx.execute(endpoints.holdBackAll(webhookId));
    tx.tell({ name: 'webhook-switched-off', key: webhookId, body: { webhookId, reason, ...off } });
  });
  return holdBack(message, content);
}

async function holdBack({ id, on }: OwnDelivery, { webhookId }: WebhookMessage): Promise<Delivered> {
  const held = await on.execute(endpoints.holdBack(id, webhookId));
  return held > 0 ? 'held-back' : { againIn: 0, isTried: false };
}
