/** One column of a row: the PostgreSQL types it may have, and the conversion of the value that `pg` gives. */
export interface Column<T> {
  /** Names as `format_type` writes them. */
  readonly types: readonly string[];
  readonly isNullable: boolean;
  /** Throws a `TypeError` when the value is not of the declared type. */
  decode(value: unknown): T;
}

/** The columns of a statement, by name. */
export type Columns = Readonly<Record<string, Column<unknown>>>;

/** The row that follows from the columns. */
export type RowOf<C extends Columns> = { readonly [Name in keyof C]: C[Name] extends Column<infer T> ? T : never };

const column = <T>(types: readonly string[], is: (value: unknown) => value is T): Column<T> => ({
  types,
  isNullable: false,
  decode(value) {
    if (!is(value)) throw new TypeError(`is ${value === null ? 'null' : typeof value}, not ${types[0]}`);
    return value;
  },
});

const mapped = <T, U>({ types, isNullable, decode }: Column<T>, map: (value: T) => U): Column<U> => ({
  types,
  isNullable,
  decode: (value) => map(decode(value)),
});

const isString = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number';

export const text = column(['text', 'character varying', 'name'], isString);
export const uuid = column(['uuid'], isString);
export const bool = column(['boolean'], (value): value is boolean => typeof value === 'boolean');
export const int = column(['integer', 'smallint'], isNumber);
export const double = column(['double precision', 'real'], isNumber);
export const bytea = column(['bytea'], (value): value is Buffer => Buffer.isBuffer(value));
export const timestamp = column(['timestamp with time zone'], (value): value is Date => value instanceof Date);

/** An instant as ISO 8601 in UTC, to the millisecond. */
export const instant = mapped(timestamp, (date) => date.toISOString());

/** A whole number that may be too big for JavaScript's numbers. */
export const bigintText = column(['bigint'], isString);

/** A whole number that is known to fit into JavaScript's numbers. */
export const bigintNumber = mapped(bigintText, (digits) => {
  const number = Number(digits);
  if (!Number.isSafeInteger(number)) throw new TypeError(`is ${digits}, which JavaScript cannot count to`);
  return number;
});

/** Text that is one of these values. */
export const oneOf = <T extends string>(...values: readonly T[]): Column<T> =>
  mapped(text, (value) => {
    const known = values.find((one) => one === value);
    if (known === undefined) throw new TypeError(`is ${value}, none of ${values.join(', ')}`);
    return known;
  });

/** A whole number that is one of these values. */
export const oneOfInts = <T extends number>(...values: readonly T[]): Column<T> =>
  mapped(int, (value) => {
    const known = values.find((one) => one === value);
    if (known === undefined) throw new TypeError(`is ${value}, none of ${values.join(', ')}`);
    return known;
  });

/**
 * JSON of a shape of our own: we wrote it, as the contracts say. JSON that another program may have written needs a
 * check; the value is then the result of the check.
 */
export const jsonb = <T>(check?: (value: unknown) => T): Column<T> =>
  mapped(column(['jsonb', 'json'], isPresent), check ?? ((value) => value as T));

const isPresent = (value: unknown): value is unknown => value !== null && value !== undefined;

export const arrayOf = <T>(element: Column<T>): Column<readonly T[]> =>
  mapped(
    column(
      element.types.map((type) => `${type}[]`),
      (value): value is unknown[] => Array.isArray(value),
    ),
    (values) => values.map((value) => element.decode(value)),
  );

export const nullable = <T>({ types, decode }: Column<T>): Column<T | null> => ({
  types,
  isNullable: true,
  decode: (value) => (value === null ? null : decode(value)),
});

/**
 * Makes the row that the columns promise from one that `pg` gave. A missing, an undeclared and a wrong value are
 * errors.
 */
export function decoderOf<C extends Columns>(columns: C): (row: Readonly<Record<string, unknown>>) => RowOf<C> {
  const entries = Object.entries(columns);
  return (row) => {
    const undeclared = Object.keys(row).find((name) => !Object.hasOwn(columns, name));
    if (undeclared) throw new TypeError(`Column "${undeclared}" is not declared.`);
    const decoded: Record<string, unknown> = {};
    for (const [name, { decode }] of entries) {
      try {
        decoded[name] = decode(row[name]);
      } catch (error) {
        throw new TypeError(`Column "${name}" ${(error as Error).message}.`, { cause: error });
      }
    }
    return decoded as RowOf<C>;
  };
}
