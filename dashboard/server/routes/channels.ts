import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { ChannelActionName, ChannelActions, ChannelBrake } from '../../../contracts/channel-brakes.ts';
import { parseChannelAction } from '../../../contracts/schemas/channel-brakes.ts';
import { Failure } from '../failure.ts';
import { actorOf, paramOf, readInput } from '../input.ts';
import type { Channels } from '../ports.ts';

const object = z.record(z.string(), z.unknown());

/** The brakes of event channels. */
export function addChannelRoutes(server: FastifyInstance, channels: Channels): void {
  server.post('/api/channels/:name/brake', (request) => {
    const action = channelAction('brake', request.body, actorOf(request));
    return shown(channels.brake(paramOf(request, 'name'), action));
  });
  server.post('/api/channels/:name/release', (request) => {
    const action = channelAction('release', request.body, actorOf(request));
    return shown(channels.release(paramOf(request, 'name'), action));
  });
}

const shown = async (done: Promise<ChannelBrake | null>) => ({ brake: await done });

/** Reads an action, or throws with the problems by field. */
function channelAction<Name extends ChannelActionName>(name: Name, body: unknown, actor: string): ChannelActions[Name] {
  const parsed = parseChannelAction(name, { ...readInput(object, body), actor });
  if (parsed.ok) return parsed.action;
  throw new Failure('bad-input', 'The channel cannot be braked or released like this.', { problems: parsed.problems });
}
