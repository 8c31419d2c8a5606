import { mkdirSync } from 'node:fs';
import { test } from 'vitest';
import { openDatabase } from '../../prisma/database.ts';
import { openDesk } from '../support/desk.ts';
import { openShop } from '../support/shop.ts';
import { insertCase, insertOrders, insertReturn } from './rows.ts';

test('shots', { timeout: 400_000 }, async () => {
  mkdirSync('/tmp/b5/shots', { recursive: true });
  const shop = await openShop({}, [['order-mediator', 'processors', 'relay', 'listeners']]);
  const db = openDatabase(shop.rig.databaseUrl);
  try {
    const held = await shop.place({ card: 'card_denied' });
    const done = await shop.place({});
    await shop.end(done);
    await insertOrders(shop.sql, 3000);
    const body = {
      requestId: 'req-4711-abc',
      customerId: 'c-1',
      lines: [
        { isbn: '9780134685991', quantity: '2 pieces or so' },
        { isbn: '978-0132350884', quantity: 1 },
      ],
      card: 'card_ok',
      shipTo: {
        name: 'Anna Lindqvist',
        street: '1 Harbour Street',
        city: 'Hamburg',
        postcode: '20457',
        country: 'Germany!',
      },
      currency: 'EUR',
    };
    for (const [i, reason] of (['bad-body', 'not-json', 'unknown-event', 'refused', 'too-large'] as const).entries())
      await insertCase(db, shop.sql, {
        caseId: `customer-event-queue-sxyz-${i}`,
        reason,
        streamSequence: 100 + i,
        body: Buffer.from(
          reason === 'not-json'
            ? '{"requestId": "req-1", "lines": ['
            : reason === 'too-large'
              ? 'x'.repeat(70000)
              : JSON.stringify(body),
        ),
        message: {
          'bad-body': 'The body does not fit the schema of place-order.',
          'not-json': 'The body is no JSON.',
          'unknown-event': 'Nobody knows an event of this name.',
          refused: 'There is no customer c-1999.',
          'too-large': 'The message is over 64 KiB.',
        }[reason],
        problems:
          reason === 'bad-body'
            ? [
                { field: 'lines[0].quantity', message: 'must be a whole number from 1 to 10,000' },
                { field: 'lines[1].isbn', message: 'must be an ISBN-13, digits only' },
                { field: 'shipTo.country', message: 'must be a country the shop delivers to' },
              ]
            : [],
      });
    await insertReturn(shop.sql, 'ret-00000001', 'awaiting-approval', 'It came twice.');
    await insertReturn(shop.sql, 'ret-00000002', 'awaiting-inspection', 'A corner of the cover is bent.');
    await insertReturn(shop.sql, 'ret-00000003', 'awaiting-parcel', 'I have changed my mind.');
    await new Promise((r) => setTimeout(r, 3000));
    const desk = await openDesk(shop.rig);
    for (const [name, options] of [
      ['light', {}],
      ['dark', { colorScheme: 'dark' }],
      ['phone', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 }],
      ['wide', { viewport: { width: 1600, height: 1000 } }],
    ] as const) {
      const shown = await desk.open('/repair', { as: 'Ruth Ekberg', ...options });
      const mail = await shop.sql<{ request_id: string }>('SELECT request_id FROM notification.mail LIMIT 1');
      for (const [view, hash] of [
        ['repair', '/repair'],
        ['case', '/repair/customer-event-queue-sxyz-0'],
        ['orders', '/orders'],
        ['order', `/orders/${held.orderId}`],
        ['order-done', `/orders/${done.orderId}`],
        ['flow', '/flow'],
        ['people', '/people'],
        ['mails', `/mails/${encodeURIComponent(mail[0]?.request_id ?? '')}`],
      ] as const) {
        await shown.go(hash);
        await new Promise((r) => setTimeout(r, view === 'flow' ? 2500 : 900));
        await shown.page.screenshot({ path: `/tmp/b5/shots/${name}-${view}.png` });
      }
      console.log(name, shown.troubles);
      await shown.close();
    }
  } finally {
    await db.close?.();
    await shop.rig.close().catch((e: unknown) => console.log(String(e)));
  }
});
