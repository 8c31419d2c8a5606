import { ServiceErrorCodeHeader, ServiceErrorHeader, type Service, type ServiceMsg } from 'nats';
import { readableHeaders, toNatsHeaders } from './headers.ts';
import type { NatsClient } from './link.ts';
import type {
  RunningService,
  ServiceAnswer,
  ServiceEndpoint,
  ServiceRequest,
  ServiceSettings,
} from './service-port.ts';

/** Publishes a NATS service, and resolves when the server knows all of its subscriptions. */
export async function serve(
  { connection }: Pick<NatsClient, 'connection'>,
  { name, version, description, group, queueGroup, endpoints }: ServiceSettings,
): Promise<RunningService> {
  const service = await connection.services.add({
    name,
    version,
    description,
    queue: queueGroup,
    statsHandler: ({ subject }) => Promise.resolve(endpointOf(subject)?.statistics() ?? null),
  });
  const endpointOf = (subject: string) => endpoints.find((endpoint) => subject === `${group}.${endpoint.name}`);
  const inGroup = service.addGroup(group, queueGroup);
  for (const endpoint of endpoints) addEndpoint(inGroup, endpoint);
  await connection.flush();
  return {
    ended: service.stopped,
    async stop() {
      await service.stop();
    },
  };
}

/** The library ends the service when a subscription fails, so the handler has no error to look at. */
function addEndpoint(group: Pick<Service, 'addEndpoint'>, { name, description, take }: ServiceEndpoint): void {
  group.addEndpoint(name, {
    subject: name,
    metadata: { description },
    handler: (_none, message) => take(toRequest(message)),
  });
}

const toRequest = (message: ServiceMsg): ServiceRequest => ({
  data: message.data,
  headers: readableHeaders(message),
  replyTo: message.reply || undefined,
  respond: ({ data, headers, error }) => {
    message.respond(data, { headers: toNatsHeaders({ ...headers, ...errorHeaders(error) }) });
  },
});

const errorHeaders = (error: ServiceAnswer['error']) =>
  error && { [ServiceErrorCodeHeader]: String(error.code), [ServiceErrorHeader]: error.description };
