/** The form of an instant of RFC 3339; `isInstant` also asks if there is such a day and minute. */
export const instantForm = /^(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d):(\d\d)(\.\d{1,30})?([Zz]|[+-]\d\d:\d\d)$/;

/**
 * True for an instant of RFC 3339, as CloudEvents demands: also in lower case, of a leap second, of any precision. Its
 * day is in the calendar, and PostgreSQL can keep it: in the years 1 to 9999 of UTC, and less than 16 hours from there.
 */
export function isInstant(text: string): boolean {
  const [, date, minute = '', second, , zone = ''] = instantForm.exec(text) ?? [];
  if (date === undefined || second === undefined || !isDay(date)) return false;
  if (minute > '23:59' || /^.(1[6-9]|[2-9])/.test(zone)) return false;
  const at = Date.parse(`${date}T${minute}:${second === '60' ? '59' : second}${zone.toUpperCase()}`);
  return at >= earliest && at < latest;
}

const earliest = Date.parse('0001-01-01T00:00:00Z');
/** The last second is left out: rounded up it would be one of the year 10000. */
const latest = Date.parse('9999-12-31T23:59:59Z');

/** `Date` takes 30 February for 2 March. */
function isDay(date: string): boolean {
  const at = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(date);
}

/**
 * The instant of a text in another common form: without seconds, with a space for the `T`, or as milliseconds since
 * 1970. Undefined for any other text, and for one without a zone: a zone is never invented.
 */
export function instantMeant(text: string): string | undefined {
  if (/^1\d{12}$/.test(text)) return new Date(Number(text)).toISOString();
  const [, date, minute, second = ':00', fraction = '', zone] =
    /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d)(:\d\d)?(\.\d{1,30})? ?([Zz]|UTC|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  if (date === undefined || zone === undefined) return undefined;
  const meant = `${date}T${minute}${second}${fraction}${zone === 'UTC' ? 'Z' : zone}`;
  return isInstant(meant) ? meant : undefined;
}
