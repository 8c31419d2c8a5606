import type { ChangePrice, PriceStored } from '../../contracts/order-placement.ts';
import { text } from '../../prisma/codec.ts';
import { refusalColumn, triedColumns } from '../../prisma/outcome.ts';
import { sql, type Sql } from '../../prisma/sql.ts';
import { statement } from '../../prisma/statement.ts';
import { titlesRefused } from './titles.ts';

/** Changes of one title's prices run one at a time: the fact of each names them all, in every currency. */
export const lockTitle = statement(
  'order-placement.lock-title',
  { isbn: text },
  (isbn: string) => sql`SELECT isbn FROM order_placement.title WHERE isbn = ${isbn} FOR NO KEY UPDATE`,
);

/**
 * Changes a price, with answer and fact; the same price as before is answered, and tells nothing. A repeat stores no
 * answer, and so changes nothing, also when another price came in between. Runs under `lockTitle`.
 */
export const changePrice = statement(
  'order-placement.change-price',
  { ...triedColumns<PriceStored>(), otherwise: refusalColumn },
  (command: ChangePrice) => sql`
  WITH ${priced(command)}, stored AS (
    INSERT INTO order_placement.answer (request_id, command, answer)
    SELECT ${command.requestId}, 'change-price', jsonb_build_object('isbn', isbn, 'price', ${JSON.stringify(command.price)}::jsonb,
      'before', jsonb_build_object('amount', amount, 'currency', currency), 'isChanged', amount <> ${command.price.amount}::int)
    FROM priced WHERE amount IS NOT NULL
    ON CONFLICT DO NOTHING RETURNING answer
  ), changed AS (
    UPDATE order_placement.price SET amount = ${command.price.amount}::int
    FROM stored WHERE isbn = ${command.isbn} AND currency = ${command.price.currency} AND (stored.answer->'isChanged')::boolean
    RETURNING isbn, stored.answer
  ), fact AS (
    SELECT outbox.record_fact('stock', 'price-changed', isbn, jsonb_build_object('isbn', isbn, 'price', answer->'price',
      'before', answer->'before', 'prices', (${pricesAfter(command)})), ${command.requestId}) AS sequence
    FROM changed
  )
  SELECT stored.answer, fact.sequence, (${titlesRefused}) AS otherwise
  FROM (SELECT) AS always LEFT JOIN stored ON true LEFT JOIN fact ON true`,
);

/** The title with its price in the currency, as the other statements have the titles of an order. */
const priced = ({ isbn, price }: ChangePrice): Sql => sql`
  priced AS (
    SELECT given.isbn, 1 AS position, title.title, price.amount, ${price.currency}::text AS currency
    FROM (SELECT ${isbn}::text AS isbn) AS given
    LEFT JOIN order_placement.title ON title.isbn = given.isbn
    LEFT JOIN order_placement.price ON price.isbn = title.isbn AND price.currency = ${price.currency}
  )`;

/** Every price of the title. The statement sees the table as it was before it, so the new one is put in here. */
const pricesAfter = ({ isbn, price }: ChangePrice): Sql => sql`
  SELECT jsonb_agg(jsonb_build_object('currency', currency,
    'amount', CASE currency WHEN ${price.currency} THEN ${price.amount}::int ELSE amount END) ORDER BY currency)
  FROM order_placement.price WHERE price.isbn = ${isbn}`;
