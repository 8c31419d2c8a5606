import { requestOfEvent } from '../../contracts/ids.ts';
import type {
  AddressStored,
  ChangeAddress,
  CustomerCreated,
  RegisterCustomer,
} from '../../contracts/order-placement.ts';
import { refusalColumn, triedColumns } from '../../prisma/outcome.ts';
import { sql, type Sql } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';

/**
 * The CTEs `customer`, locked, and `stored`, the answer of a command that
 * comes the first time: without it nothing is to be changed.
 */
export const answeredOnce = (
  command: string,
  { requestId, customerId }: Pick<ChangeAddress, 'requestId' | 'customerId'>,
): Sql => sql`
  customer AS (
    SELECT customer_id, address, email FROM order_placement.customer WHERE customer_id = ${customerId} FOR UPDATE
  ), stored AS (
    INSERT INTO order_placement.answer (request_id, command, answer)
    SELECT ${requestId}, ${command}, jsonb_build_object('customerId', customer_id) FROM customer
    ON CONFLICT DO NOTHING RETURNING answer
  )`;

/** The refusal when the CTE `customer` is empty; null otherwise. */
export const unknownCustomer = (customerId: string): Sql => sql`CASE WHEN NOT EXISTS (SELECT FROM customer)
  THEN jsonb_build_object('type', 'UnknownCustomer', 'details', jsonb_build_object('customerId', ${customerId}::text)) END`;

/**
 * Inserts the customer, or locks an existing one: of two commands at once with the same id the second sees the first.
 */
export const registerCustomer = statement(
  'order-placement.register-customer',
  { ...triedColumns<CustomerCreated>(), otherwise: refusalColumn },
  ({ requestId, customerId, name, email }: RegisterCustomer) => sql`
  WITH customer AS (
    INSERT INTO order_placement.customer (customer_id, name, email) VALUES (${customerId}, ${name}, ${email})
    ON CONFLICT (customer_id) DO UPDATE SET customer_id = excluded.customer_id
    RETURNING xmax = 0 AS is_new, name = ${name} AND email = ${email} AS is_the_same
  ), stored AS (
    INSERT INTO order_placement.answer (request_id, command, answer)
    SELECT ${requestId}, 'register-customer', jsonb_build_object('isNew', is_new) FROM customer WHERE is_the_same
    ON CONFLICT DO NOTHING RETURNING answer
  ), fact AS (
    SELECT outbox.record_fact('customers', 'customer-created', ${customerId}, jsonb_build_object('customerId', ${customerId}::text),
      ${requestId}, ${requestOfEvent(requestId)}) AS sequence
    FROM customer, stored WHERE customer.is_new
  )
  SELECT stored.answer, fact.sequence, CASE WHEN NOT customer.is_the_same
    THEN jsonb_build_object('type', 'CustomerIdTaken', 'details', jsonb_build_object('customerId', ${customerId}::text)) END AS otherwise
  FROM customer LEFT JOIN stored ON true LEFT JOIN fact ON true`,
);

/** The CTE `happened`: an event that does not say when it happened, or says that it will, happened now. */
export const happenedOnce = (happenedAt: string | undefined): Sql => sql`
  happened AS (SELECT least(coalesce(${happenedAt ?? null}::timestamptz, now()), now()) AS at)`;

/**
 * Applies only the first time: a repeat that comes after a later change must not bring the old address back. An event
 * that happened before the change that is stored has no effect.
 */
export const changeAddress = statement(
  'order-placement.change-address',
  { ...triedColumns<AddressStored>(), otherwise: refusalColumn },
  ({ requestId, customerId, address, happenedAt }: ChangeAddress) => sql`
  WITH ${happenedOnce(happenedAt)}, ${answeredOnce('change-address', { requestId, customerId })}, changed AS (
    UPDATE order_placement.customer AS c SET address = ${JSON.stringify(address)}::jsonb, address_at = happened.at
    FROM stored, happened
    WHERE c.customer_id = ${customerId} AND (c.address_at IS NULL OR c.address_at <= happened.at)
    RETURNING c.customer_id, c.address
  ), fact AS (
    SELECT outbox.record_fact('customers', 'customer-address-changed', customer_id,
      jsonb_build_object('customerId', customer_id, 'country', ${address.country}::text),
      ${requestId}, ${requestOfEvent(requestId)}) AS sequence
    FROM changed JOIN customer USING (customer_id) WHERE changed.address IS DISTINCT FROM customer.address
  )
  SELECT stored.answer, fact.sequence, ${unknownCustomer(customerId)} AS otherwise
  FROM (SELECT) AS always LEFT JOIN stored ON true LEFT JOIN fact ON true`,
);
