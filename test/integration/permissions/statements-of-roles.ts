import { processorNames } from '../../../contracts/command-routes.ts';
import { listenerRole, type ListenerSchema } from '../../../prisma/roles/roles.ts';
import type { Sample } from '../sql/describe.ts';

type Chosen = (sample: Sample) => boolean;

const named =
  (...names: readonly (string | RegExp)[]): Chosen =>
  ({ statement }) =>
    names.some((name) => (typeof name === 'string' ? name === statement : name.test(statement)));

const either =
  (...chosen: readonly Chosen[]): Chosen =>
  (sample) =>
    chosen.some((one) => one(sample));

/** Statements that several parts have, each on its own schema. */
const onSchema =
  (names: RegExp, schema: string): Chosen =>
  ({ statement, query }) =>
    names.test(statement) && query.sql.text.includes(`${schema}.`);

const refused = named('mediator-store.event-to-refuse', 'mediator-store.mark-refused', 'mediator-store.complete-event');
const openCase = named('repair.open-case');

/** Inventory locks and orders titles that it knows by what orders have taken, warehouse those of its purchase orders. */
const byInventory = ({ query }: Sample) => query.sql.text.includes('inventory.taken');

const processors = Object.fromEntries(
  processorNames.map((name) => [
    name,
    either(
      (sample) => sample.statement.startsWith(`${name}.`) && !(name === 'warehouse' && byInventory(sample)),
      onSchema(/^answer\./, name.replaceAll('-', '_')),
      ...(name === 'inventory' ? [named('warehouse.order-uncovered')] : []),
      ...(name === 'warehouse'
        ? [(sample: Sample) => named('inventory.lock-stock')(sample) && !byInventory(sample)]
        : []),
    ),
  ]),
);

const ofAdministrator = named(
  /^app\.(unknown-facts|epochs-of|tell-restored|unfinished-flows|flow-of|greatest-epochs|listener-schemas|greatest-heard|begin-epoch|listener-replay|tables-of-listener|empty-tables|forget-seen|forget-positions|table-exists)$/,
);

const ofPeople: Chosen = (sample) =>
  sample.statement === 'app.table-exists' ||
  (/^(app|demo)\./.test(sample.statement) && !ofAdministrator(sample) && sample.statement !== 'app.delivery-of');

/** The statements that each role runs, by the code that runs as it. */
export const statementsOf = (listeners: readonly ListenerSchema[]): Readonly<Record<string, Chosen>> => ({
  ...processors,
  'order-mediator': either(
    refused,
    openCase,
    named(
      /^mediator-store\.(open-order|read-order|withdraw-order|finish-order|hold-order|resume-order|record-action|note-amendment|compensate-order|complete-again|see-obstacles)$/,
      'app.newest-brakes',
    ),
  ),
  'customer-mediator': either(
    refused,
    openCase,
    named(/^mediator-store\.(open-events|mark-started|mark-dead-lettered)$/),
  ),
  'returns-mediator': either(refused, openCase, named(/^mediator-store\..*return/)),
  'workflow-processor': (sample) => sample.statement.startsWith('repair.') && !openCase(sample),
  reconciler: named(/^mediator-store\.unfinished-(page|order)$/, /^reconciler\./, 'app.newest-brakes'),
  pruning: named(/^pruning\./),
  bulk: named('app.order-table', 'app.interrupt-order'),
  ask: named(
    /^app\.(placed-order|order-records|timeline-facts|table-exists|order-actions|order-contents|free-pieces)$/,
  ),
  relay: named(/^outbox\./),
  deliveries: either(openCase, named('app.delivery-of')),
  intake: either(openCase, named(/^intake\./)),
  ...Object.fromEntries(
    listeners.map(({ name, schema, findsOrders }) => [
      listenerRole(name),
      either(
        openCase,
        named(new RegExp(`^${name}\\.`), 'inbox.schema-mark', 'inbox.record-fact'),
        onSchema(/^(inbox|outgoing)\./, schema),
        ...(findsOrders ? [named('mediator-store.open-orders-of')] : []),
      ),
    ]),
  ),
  desk: ofPeople,
  client: ofPeople,
  administrator: either(
    ofAdministrator,
    openCase,
    named('app.order-records', 'app.outbox-facts', 'app.order-contents'),
  ),
});
