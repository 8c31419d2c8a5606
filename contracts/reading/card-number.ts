/** 13 to 19 digits, also in groups, that begin as those of a card do. An ISBN-13 begins with 9. */
const candidates = /(?<![\dA-Za-z_])[2-6](?:[ -]?\d){12,18}(?![\dA-Za-z_])/g;

/** True for a text in which a number stands that a card may have: by its form, its first and its check digit. */
export const holdsCardNumber = (text: string): boolean => withoutCardNumbers(text) !== text;

/** The text with stars for the digits of card numbers, but for the last four. All else stays, the length as well. */
export const withoutCardNumbers = (text: string): string =>
  text.replaceAll(candidates, (found) =>
    hasCheckDigit(found) ? found.replaceAll(/\d(?=(?:[ -]?\d){4})/g, '*') : found,
  );

/** By Luhn's rule: every second digit from the right is doubled. */
function hasCheckDigit(found: string): boolean {
  const digits = Array.from(found.replaceAll(/\D/g, ''), Number).toReversed();
  const sum = digits.reduce((total, digit, place) => {
    const doubled = place % 2 === 1 ? digit * 2 : digit;
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}
