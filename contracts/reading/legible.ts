/*
 * Text of people, as it may be taken and shown. Every script is taken as it is, and so are emoji. Characters that
 * cannot be seen, or that turn the text around them, are kept in the data and left out where people read it.
 */

/**
 * Characters that cannot be seen, or that reorder the text around them: soft hyphens, fillers, zero-width spaces, marks
 * and overrides of direction, tags, notes without a head. Not among them are the joiners and selectors that scripts and
 * emoji are made of. The tags of a flag are matched with it, as the first group.
 */
const hidden =
  /(\u{1F3F4}[\u{E0020}-\u{E007E}]+\u{E007F})|\u034F|[\u00AD\u061C\u115F\u1160\u17B4\u17B5\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\u2800\u3164\uFEFF\uFFA0\uFFF0-\uFFFB\u{1BCA0}-\u{1BCA3}\u{1D159}\u{1D173}-\u{1D17A}\u{E0000}-\u{E00FF}]/gu;

/** The text without what hides or reorders. */
export const legible = (text: string): string => text.replace(hidden, '$1');

/** Text on one line for people: line breaks and other control characters become spaces. */
export const legibleLine = (text: string): string => legible(text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')).trim();

/** True when something of the text can be seen. */
export const isVisible = (text: string): boolean => /[\p{L}\p{N}\p{P}\p{S}]/u.test(legible(text));

/**
 * JSON text in which those characters, and what a terminal would obey, are written as `\uXXXX`: the same value, and
 * nothing is hidden. Line breaks stay.
 */
export const legibleJson = (json: string): string =>
  json
    .replace(hidden, (found: string, flag?: string) => flag ?? escaped(found))
    .replace(/[\u007F-\u009F\u2028\u2029]/g, escaped);

/** The value of JSON text, its texts legible; those under the names of `exact` keep every character. */
export const legibleValue = (json: string, exact: readonly string[]): unknown =>
  JSON.parse(json, (name, value: unknown) =>
    typeof value === 'string' && !exact.includes(name) ? legible(value) : value,
  );

const escaped = (found: string): string =>
  Array.from({ length: found.length }, (_, at) => `\\u${found.charCodeAt(at).toString(16).padStart(4, '0')}`).join('');
