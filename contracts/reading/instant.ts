/** The form of an instant of RFC 3339; `isInstant` also asks if there is such a day and minute. */
export const instantForm = /^(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d):(\d\d)(\.\d{1,30})?([Zz]|[+-]\d\d:\d\d)$/;

/** True for an instant of RFC 3339, as CloudEvents demands: also in lower case, of a leap second, of any precision. */
export function isInstant(text: string): boolean {
  const [, date, minute, second, , zone] = instantForm.exec(text) ?? [];
  if (date === undefined || second === undefined || zone === undefined) return false;
  return !Number.isNaN(Date.parse(`${date}T${minute}:${second === '60' ? '59' : second}${zone.toUpperCase()}`));
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
