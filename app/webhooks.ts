import { randomBytes } from 'node:crypto';
import {
  DestinationRefused,
  readDestination,
  resolveDestination,
  type DestinationRules,
} from '../broker-bridge/outbound/destination.ts';
import { inMs, type Duration } from '../contracts/duration.ts';
import { mostWebhooks, type Webhook, type WebhookActions, type WebhookSecret } from '../contracts/outside/webhooks.ts';
import type { Database } from '../prisma/database.ts';
import type { SqlRunner } from '../prisma/statement.ts';
import { AppError } from './app-error.ts';
import { findWebhook, hasWebhooks } from './reads/webhooks.ts';
import * as rows from './webhook-rows.ts';

/** The records of the listener `webhooks`, and the destinations that an endpoint may have. */
export interface WebhookSources {
  readonly database: Pick<Database, 'run' | 'execute' | 'transaction'>;
  readonly rules: DestinationRules;
}

/**
 * Adds an endpoint, which gets the facts from now on. Its secret is in the answer, and never shown again. Throws an
 * `AppError` when its destination is refused, or when there are too many.
 */
export async function addWebhook(
  { database, rules }: WebhookSources,
  { url, takes, actor }: WebhookActions['add'],
): Promise<WebhookSecret> {
  await requireListener(database);
  const destination = await checkedUrl(url, rules);
  const added = { id: `wh_${randomBytes(8).toString('hex')}`, url: destination, takes: [...new Set(takes)], actor };
  const secret = newSecret();
  return database.transaction(async (on) => {
    await on.run(rows.lockWebhooks());
    if ((await on.execute(rows.insertWebhook(added, secret, mostWebhooks))) === 0) {
      throw new AppError(
        'refused',
        `There are ${mostWebhooks} webhooks, the most that there may be: remove one first.`,
      );
    }
    return { webhook: await keptWebhook(on, added.id), secret };
  });
}

/** Changes the URL or the facts of a webhook. What waits goes to the new URL. */
export async function changeWebhook(
  { database, rules }: WebhookSources,
  id: string,
  { url, takes, actor }: WebhookActions['change'],
): Promise<Webhook> {
  await requireListener(database);
  const change = {
    url: url === undefined ? null : await checkedUrl(url, rules),
    takes: takes === undefined ? null : [...new Set(takes)],
    actor,
  };
  return changed(database, id, (on) => on.execute(rows.updateWebhook(id, change)));
}

/** Makes a new secret. The one before signs as well for the given time; one from before that no more. */
export async function rotateWebhook(
  { database }: Pick<WebhookSources, 'database'>,
  id: string,
  { keepFor, actor }: WebhookActions['rotate'],
): Promise<WebhookSecret> {
  await requireListener(database);
  const secret = newSecret();
  const rotation = { secret, keepForMs: inMs(keepFor as Duration), actor };
  const webhook = await changed(database, id, (on) => on.execute(rows.rotateSecret(id, rotation)));
  return { webhook, secret };
}

/** Switches a webhook on. What waits is sent at once, with all its attempts before it. One that is on stays so. */
export async function switchWebhookOn(
  { database }: Pick<WebhookSources, 'database'>,
  id: string,
  { actor }: WebhookActions['on'],
): Promise<Webhook> {
  await requireListener(database);
  return changed(database, id, async (on) => {
    const switched = await on.execute(rows.switchOn(id, actor));
    if (switched > 0) await on.execute(rows.releaseMessages(id));
  });
}

/** Switches a webhook off. What waits is kept, and nothing is added to it. One that is off stays as it is. */
export async function switchWebhookOff(
  { database }: Pick<WebhookSources, 'database'>,
  id: string,
  { reason, actor }: WebhookActions['off'],
): Promise<Webhook> {
  await requireListener(database);
  return changed(database, id, async (on) => {
    const switched = await on.execute(rows.switchOff(id, reason, actor));
    if (switched > 0) await on.execute(rows.holdMessages(id));
  });
}

/** Removes a webhook, its secrets and all that waits for it. Resolves with what it was. */
export async function removeWebhook({ database }: Pick<WebhookSources, 'database'>, id: string): Promise<Webhook> {
  await requireListener(database);
  return database.transaction(async (on) => {
    const webhook = await keptWebhook(on, id);
    await on.execute(rows.deleteWebhook(id));
    await on.execute(rows.deleteMessages(id));
    return webhook;
  });
}

/** The webhook of this id. Throws an `AppError` when there is none. */
export async function keptWebhook(on: SqlRunner, id: string): Promise<Webhook> {
  const webhook = await findWebhook(on, id);
  if (!webhook) throw new AppError('not-found', 'There is no such webhook.');
  return webhook;
}

const changed = (
  database: WebhookSources['database'],
  id: string,
  change: (on: SqlRunner) => Promise<unknown>,
): Promise<Webhook> =>
  database.transaction(async (on) => {
    await change(on);
    return keptWebhook(on, id);
  });

/** 32 random bytes: as many as the signature's hash has. */
const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

async function requireListener(on: SqlRunner): Promise<void> {
  if (await hasWebhooks(on)) return;
  throw new AppError(
    'refused',
    'The listener webhooks has never run: start it with "npm run worker -- listener:webhooks".',
  );
}

/** The URL as it is called. Throws an `AppError` when it may not be. */
async function checkedUrl(text: string, rules: DestinationRules): Promise<string> {
  try {
    const url = readDestination(text, rules);
    await resolveDestination(url, rules);
    return url.href;
  } catch (error) {
    if (!(error instanceof DestinationRefused)) throw error;
    throw new AppError('bad-input', `This endpoint cannot be called. ${error.message}`, { cause: error });
  }
}
