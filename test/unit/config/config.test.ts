import { expect, it } from 'vitest';
import { loadConfig } from '../../../config/config.ts';
import { databaseUrlOf } from '../../../config/database.ts';
import { natsAccess } from '../../../config/nats.ts';
import { temporalAddress } from '../../../config/temporal.ts';

it('an empty environment leads to the stack of npm start', () => {
  const config = loadConfig({});
  expect(config.database.DATABASE_URL).toBe('postgresql://postgres:postgres@127.0.0.1:5433/order_mediator');
  expect(config.nats).toEqual({ NATS_URL: 'nats://127.0.0.1:4222' });
  expect(config.provided.size).toBe(0);
});

it('a moved port moves the address with it', () => {
  expect(loadConfig({ STACK_NATS_PORT: '14222' }).nats.NATS_URL).toBe('nats://127.0.0.1:14222');
});

it('what the environment gives is used, and known as given', () => {
  const { database, provided } = loadConfig({
    DATABASE_URL: 'postgresql://a:b@db.example:5432/shop',
    TEMPORAL_ADDRESS: 't:7233',
  });
  expect(database.DATABASE_URL).toBe('postgresql://a:b@db.example:5432/shop');
  expect([...provided]).toEqual(['DATABASE_URL', 'TEMPORAL_ADDRESS']);
});

it('an identity gets to NATS by its own variables, and by those for all where it has none', () => {
  const { nats } = loadConfig({
    NATS_URL: 'nats://nats.example:4222',
    NATS_CA: 'ca.pem',
    NATS_URL_LISTENER_ORDER_TIMELINE: 'nats://timeline:secret@nats.example:4222',
    NATS_CREDS_RELAY: 'relay.creds',
    NATS_MONITOR_URL: 'http://nats.example:8222',
  });
  expect(natsAccess(nats, 'listener-order-timeline')).toEqual({
    url: 'nats://timeline:secret@nats.example:4222',
    ca: 'ca.pem',
  });
  expect(natsAccess(nats, 'relay')).toEqual({
    url: 'nats://nats.example:4222',
    creds: 'relay.creds',
    ca: 'ca.pem',
  });
});

it('a role gets to the database by its own address, and by that for all where it has none', () => {
  const { database } = loadConfig({
    DATABASE_URL: 'postgresql://shop:secret@db.example/shop',
    DATABASE_URL_ORDER_PLACEMENT: 'postgresql://placement:secret@db.example/shop',
  });
  expect(databaseUrlOf(database, 'order-placement')).toBe('postgresql://placement:secret@db.example/shop');
  expect(databaseUrlOf(database, 'payment')).toBe('postgresql://shop:secret@db.example/shop');
  expect(() => loadConfig({ DATABASE_URL_PAYMENT: 'payment' })).toThrow('DATABASE_URL_PAYMENT: must be postgresql://');
});

it('an address of one identity that cannot be used is told by its name', () => {
  expect(() => loadConfig({ NATS_URL_RELAY: 'relay' })).toThrow('NATS_URL_RELAY: must be nats://host:port');
});

it('an empty value counts as not set', () => {
  expect(loadConfig({ NATS_URL: '' })).toEqual(loadConfig({}));
});

it('every bad name is told at once', () => {
  const bad = { STACK_NATS_PORT: '70000', SMTP_URL: 'http://mail.example', LOG_LEVEL: 'loud' };
  expect(() => loadConfig(bad)).toThrow(/SMTP_URL.*LOG_LEVEL.*STACK_NATS_PORT: must be a port/);
});

it.each([
  'https://shop.example/orders/{orderId}',
  'http://127.0.0.1:8080/?order={orderId}#now',
  'https://shop.example:8443/{orderId}/{orderId}',
])('the shop has the page of an order at %s', (template) => {
  expect(loadConfig({ SHOP_URL: template }).shopUrl).toBe(template);
});

it.each([
  'https://shop.example/orders',
  'https://{orderId}.shop.example/',
  'https://shop.example/{order}/{orderId}',
  'https://shop.example/{orderId',
  'https://anna:secret@shop.example/{orderId}',
  'https://shop.example/my orders/{orderId}',
  'javascript:alert({orderId})',
  'shop.example/{orderId}',
  'https:///{orderId}',
  'https://shop.example:port/{orderId}',
])('SHOP_URL is no template of a page: %s', (template) => {
  expect(() => loadConfig({ SHOP_URL: template })).toThrow(/SHOP_URL: must be .*\{orderId\}/);
});

it('Temporal is where the environment says, or where the stack runs it', () => {
  const stack = { temporal: 17233 };
  expect(temporalAddress({}, stack)).toMatchObject({
    connectionOptions: { address: '127.0.0.1:17233' },
    namespace: 'default',
  });
  const given = temporalAddress({ TEMPORAL_ADDRESS: 'temporal.example:7233', TEMPORAL_NAMESPACE: 'shop' }, stack);
  expect(given).toMatchObject({ connectionOptions: { address: 'temporal.example:7233' }, namespace: 'shop' });
});
