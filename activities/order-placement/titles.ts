import { sql } from '../../prisma/sql.ts';

/** The refusal of the titles in the CTE `priced` that have no price: unknown, or not sold in the currency. */
export const titlesRefused = sql`
  SELECT jsonb_build_object('type', 'UnknownTitle', 'details', jsonb_strip_nulls(jsonb_build_object(
    'isbns', coalesce(jsonb_agg(isbn ORDER BY position) FILTER (WHERE title IS NULL), '[]'),
    'unpriced', jsonb_agg(jsonb_build_object('isbn', isbn, 'currency', currency, 'soldIn', (
      SELECT coalesce(jsonb_agg(other.currency ORDER BY other.currency), '[]')
      FROM order_placement.price AS other WHERE other.isbn = priced.isbn)) ORDER BY position) FILTER (WHERE title IS NOT NULL))))
  FROM priced WHERE amount IS NULL HAVING count(*) > 0`;
