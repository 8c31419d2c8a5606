import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { parseWebhookAction } from '../../../contracts/schemas/webhooks.ts';
import type { WebhookActionName, WebhookActions } from '../../../contracts/outside/webhooks.ts';
import { Failure } from '../failure.ts';
import { actorOf, paramOf, readInput } from '../input.ts';
import type { Webhooks } from '../ports.ts';

const object = z.record(z.string(), z.unknown());
const actionsOnOne = ['change', 'rotate', 'on', 'off', 'remove'] as const;

/** The list of webhooks, and the actions on them. */
export function addWebhookRoutes(server: FastifyInstance, webhooks: Webhooks): void {
  server.get('/api/webhooks', () => webhooks.list());
  server.post('/api/webhooks', (request) => webhooks.add(webhookAction('add', request.body, actorOf(request))));
  for (const name of actionsOnOne) {
    server.post(`/api/webhooks/:id/${name}`, (request) => {
      const act: (id: string, action: never) => Promise<object> = webhooks[name];
      return act(paramOf(request, 'id'), webhookAction(name, request.body, actorOf(request)) as never);
    });
  }
}

/** Reads an action, or throws with the problems by field. */
function webhookAction<Name extends WebhookActionName>(name: Name, body: unknown, actor: string): WebhookActions[Name] {
  const parsed = parseWebhookAction(name, { ...readInput(object, body), actor });
  if (parsed.ok) return parsed.action;
  throw new Failure('bad-input', 'The webhook cannot be used as it is.', { problems: parsed.problems });
}
