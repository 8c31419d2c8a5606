import type { TitleStock } from '../../contracts/outside/ask.ts';
import { int, nullable, text } from '../../prisma/codec.ts';
import { sql } from '../../prisma/sql.ts';
import { statement, type SqlRunner } from '../../prisma/statement.ts';

/** The free pieces of these titles, in this order; null for a title that inventory does not keep. */
export const stockOf = (on: SqlRunner, isbns: readonly string[]): Promise<TitleStock[]> => on.run(freePieces(isbns));

export const freePieces = statement(
  'app.free-pieces',
  { isbn: text, onHand: nullable(int) },
  (isbns: readonly string[]) => sql`
    SELECT asked.isbn, on_hand AS "onHand"
    FROM unnest(${isbns}::text[]) WITH ORDINALITY AS asked(isbn, place) LEFT JOIN inventory.stock USING (isbn)
    ORDER BY place`,
);
