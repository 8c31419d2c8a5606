import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { createMailer } from '../../activities/notification/mailer.ts';
import { connectBroker } from '../../broker-bridge/nats/connect.ts';
import { endAll, type Ending } from '../../test/support/rig/end-all.ts';
import { labLog } from '../open-shop.ts';
import { createCommentActivities } from './activities.ts';
import { commentQueue } from './comment.ts';
import { startCommentConsumer } from './consumer.ts';
import { createEngines } from './engines.ts';
import { openFront } from './front.ts';
import { ensureCommentStreams } from './streams.ts';

/** The servers of the comment service, and the time of its engines together. */
export interface ServiceSettings {
  readonly natsUrl: string;
  readonly smtpUrl: string;
  readonly temporalAddress: string;
  readonly namespace: string;
  readonly parsingMs: number;
}

/** Opens the part that users see, on this port of loopback. Returns what closes it. */
export async function openServiceFront(settings: ServiceSettings, port: number): Promise<() => Promise<void>> {
  const { endings, ...ports } = await connectAll(settings);
  endings.unshift(await openFront(ports, port));
  return () => endAll(endings);
}

/** Opens the part behind it: the consumer of the queue, the workflows and their activities. */
export async function openServiceBack(settings: ServiceSettings): Promise<() => Promise<void>> {
  const { endings, ...ports } = await connectAll(settings);
  const mailer = createMailer(settings.smtpUrl);
  endings.unshift(async () => mailer.close());
  const connection = await NativeConnection.connect({ address: settings.temporalAddress });
  endings.unshift(() => connection.close());
  const worker = await Worker.create({
    connection,
    namespace: settings.namespace,
    taskQueue: commentQueue,
    workflowsPath: fileURLToPath(new URL('./workflows.ts', import.meta.url)),
    activities: createCommentActivities({ ...ports, mailer }),
  });
  const ended = worker.run();
  endings.unshift(() => (worker.shutdown(), ended));
  endings.unshift(await startCommentConsumer(ports));
  return () => endAll(endings);
}

async function connectAll({ natsUrl, temporalAddress, namespace, parsingMs }: ServiceSettings) {
  const broker = await connectBroker({ url: natsUrl, name: 'comments', log: labLog });
  await ensureCommentStreams(broker);
  const connection = await Connection.connect({ address: temporalAddress });
  const endings: Ending[] = [() => connection.close(), () => broker.close()];
  return { broker, client: new Client({ connection, namespace }), engines: createEngines(parsingMs), endings };
}
