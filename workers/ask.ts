import { createAskHandlers } from '../app/questions.ts';
import { startAsking } from '../broker-bridge/ask/start-asking.ts';
import { connectBroker } from '../broker-bridge/nats/connect.ts';
import { natsAccess } from '../config/nats.ts';
import { loadOrderPolicy } from '../config/order-policy.ts';
import { closing, type StartComponent } from './component.ts';

/** Answers the questions of `orders.ask.>`. Several of these processes share them. */
export const startAsk: StartComponent = async ({ config, resources, log: shared }) => {
  const policy = loadOrderPolicy(process.env);
  const log = shared.child({ part: 'ask' });
  const sources = { client: await resources.client(), database: resources.database('ask') };
  const broker = await connectBroker({ ...natsAccess(config.nats, 'ask'), name: 'ask', identity: 'ask', log });
  const handlers = createAskHandlers(sources, policy);
  return closing(await startAsking({ broker, handlers, log, graceMs: config.worker.shutdownGraceMs }), broker.close);
};
