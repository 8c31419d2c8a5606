import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeFact } from '../../../broker-bridge/facts/cloud-events.ts';
import { prepareBroker } from '../../../broker-bridge/facts/listener-consumers.ts';
import type { Broker } from '../../../broker-bridge/nats/broker.ts';
import { configuredUser } from '../../../broker-bridge/nats/configured-user.ts';
import { connectBroker } from '../../../broker-bridge/nats/connect.ts';
import { inboxOf, natsUsers } from '../../../broker-bridge/nats/users.ts';
import { aWrittenFact, factId } from '../../support/facts.ts';
import { describeWithNatsCli, runWithNats } from '../../support/nats-cli.ts';
import { openRig, type Rig } from '../../support/rig.ts';
import { silentLog } from '../../support/silent-log.ts';

const numbersIn = (printed: string) =>
  printed
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => (JSON.parse(line) as { number: number }).number);

describeWithNatsCli('docs/examples/listen.sh, as a user that may only read facts', () => {
  let rig: Rig;
  let relay: Broker;
  const urlOf = (user: string) => rig.nats.url.replace('nats://', `nats://${user}:secret@`);
  const brokerOf = async (name: string): Promise<Broker> => {
    const broker = await connectBroker({ url: urlOf(name), name, log: silentLog });
    rig.onClose(() => broker.close());
    return broker;
  };

  beforeAll(async () => {
    const users = natsUsers([{ name: 'order-timeline' }]);
    rig = await openRig({ nats: { users: users.map((user) => configuredUser(user, 'secret')) } });
    const timeline = { name: 'order-timeline', reads: 'orders', follows: 'some-facts' } as const;
    await prepareBroker(await brokerOf('administrator'), [timeline]);
    relay = await brokerOf('relay');
  });
  afterAll(() => rig?.close());

  const tell = async (number: number): Promise<void> => {
    const body = { orderId: 'ord-1', customerId: 'c-1', kind: 'shipped', number };
    await relay.publish(
      encodeFact(aWrittenFact('email-sent', 'ord-1', body, { id: factId(number), sequence: number })),
    );
  };

  const listen = (name: string, count: number, fact = 'email-sent') => {
    const user = 'outside-listener';
    const env = { NATS_URL: urlOf(user), NATS_INBOX_PREFIX: inboxOf(user), NATS_TIMEOUT: '2s' };
    return runWithNats(rig.folder, ['listen.sh', name, fact, String(count)], env);
  };

  test('prints the facts from the oldest on, and goes on where it was', async () => {
    for (const number of [1, 2, 3]) await tell(number);
    const first = await listen('another-team', 2);
    expect({ ...first, printed: numbersIn(first.printed) }).toEqual({ code: 0, noted: '', printed: [1, 2] });
    await tell(4);
    expect(numbersIn((await listen('another-team', 2)).printed)).toEqual([3, 4]);
    expect(numbersIn((await listen('a-third-team', 4)).printed)).toEqual([1, 2, 3, 4]);
  });

  test('may not take the facts of a listener of ours', async () => {
    const refused = await listen('order-timeline', 1);
    expect(refused.code).not.toBe(0);
    expect(refused.printed).toBe('');
    const { pending } = (await relayedConsumer()) ?? {};
    expect(pending).toBe(4);
  });

  const relayedConsumer = async () => (await brokerOf('administrator')).consumerInfo('FACTS', 'order-timeline');
});
