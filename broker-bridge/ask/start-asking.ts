import { askService, questionNames, type AskHandlers, type QuestionName } from '../../contracts/outside/ask.ts';
import { runComponent, runSessions, type Log, type RunningComponent } from '../component.ts';
import type { Broker } from '../nats/broker.ts';
import type { RunningService, ServiceSettings } from '../nats/service-port.ts';
import { Answering } from './answering.ts';

export interface AskingParts {
  readonly broker: Pick<Broker, 'serve'>;
  readonly handlers: AskHandlers;
  readonly log: Log;
  /** The milliseconds that questions under way have to be answered in once the component is told to stop. */
  readonly graceMs: number;
}

const descriptions: Readonly<Record<QuestionName, string>> = {
  'place-order': 'Places an order and answers with its id',
  'order-status': 'Says what an order is now',
  stock: 'Says how many pieces are free of up to 100 titles',
};

/**
 * Answers questions as a NATS service, and resolves when they reach it. Told to stop it takes no more, answers those
 * under way, and ends.
 */
export async function startAsking({ broker, handlers, log, graceMs }: AskingParts): Promise<RunningComponent> {
  const answering = new Answering(handlers, log);
  const settings = settingsOf(answering);
  let opened: RunningService | undefined = await broker.serve(settings);
  return runComponent('ask', async (signal) => {
    await runSessions(signal, { log, warning: 'The service of questions has ended; it is opened again' }, async () => {
      const service = opened ?? (await broker.serve(settings));
      opened = undefined;
      await endOf(service, signal);
    });
    await answering.finish(graceMs);
  });
}

const settingsOf = (answering: Answering): ServiceSettings => ({
  ...askService,
  description: 'An online bookshop: places orders, tells their status and the stock',
  endpoints: questionNames.map((name) => ({
    name,
    description: descriptions[name],
    take: (request) => answering.take(name, request),
    statistics: () => answering.statistics(name),
  })),
});

/** Waits until the service ends or the signal is aborted; then it has taken what had come. */
async function endOf(service: RunningService, signal: AbortSignal): Promise<void> {
  const aborted = new Promise<null>((resolve) => {
    if (signal.aborted) resolve(null);
    signal.addEventListener('abort', () => resolve(null), { once: true });
  });
  const error = await Promise.race([service.ended, aborted]);
  await service.stop();
  if (error) throw error;
}
