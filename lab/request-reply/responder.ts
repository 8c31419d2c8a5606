import { connect, headers } from 'nats';
import { ready, settingsOfEntry } from '../kit/entry.ts';
import { correlationHeader, requestSubject } from './requester.ts';

/** Answers every request with its own body, and repeats its correlation id. */
const { natsUrl } = settingsOfEntry() as { readonly natsUrl: string };
const nats = await connect({ servers: natsUrl });
nats.subscribe(requestSubject, {
  queue: 'responders',
  callback(_none, request) {
    const id = request.headers?.get(correlationHeader);
    const named = headers();
    if (id) named.set(correlationHeader, id);
    request.respond(request.data, id ? { headers: named } : {});
  },
});
await nats.flush();
ready(() => nats.close());
