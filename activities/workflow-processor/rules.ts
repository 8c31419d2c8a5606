import type { RepairRule } from './message.ts';
import { countryCodeCase } from './rules/country-code-case.ts';
import { countryName } from './rules/country-name.ts';
import { currencyCase } from './rules/currency-case.ts';
import { currencySymbol } from './rules/currency-symbol.ts';
import { emailInCapitals } from './rules/email-in-capitals.ts';
import { headerNames } from './rules/header-names.ts';
import { isbn10 } from './rules/isbn-10.ts';
import { isbnAsNumber } from './rules/isbn-as-number.ts';
import { isbnSeparators } from './rules/isbn-separators.ts';
import { jsonInText } from './rules/json-in-text.ts';
import { mintedId } from './rules/minted-id.ts';
import { missingSpecversion } from './rules/missing-specversion.ts';
import { olderDataschema } from './rules/older-dataschema.ts';
import { quantityAsText } from './rules/quantity-as-text.ts';
import { quantityDecimalComma } from './rules/quantity-decimal-comma.ts';
import { quantityWithUnit } from './rules/quantity-with-unit.ts';
import { renamedFields } from './rules/renamed-fields.ts';
import { trailingComma } from './rules/trailing-comma.ts';
import { trimmedTokens } from './rules/trimmed-tokens.ts';
import { typeFromSubject } from './rules/type-from-subject.ts';
import { utf16 } from './rules/utf-16.ts';
import { utf8Bom } from './rules/utf-8-bom.ts';

/** Every repair rule, in the order they are tried: bytes, then headers, then names, then values; what makes something readable comes before what reads it. */
export const repairRules: readonly RepairRule[] = [
  utf16,
  utf8Bom,
  trailingComma,
  jsonInText,
  headerNames,
  mintedId,
  missingSpecversion,
  typeFromSubject,
  renamedFields,
  trimmedTokens,
  isbnAsNumber,
  isbnSeparators,
  isbn10,
  quantityWithUnit,
  quantityDecimalComma,
  quantityAsText,
  countryName,
  countryCodeCase,
  currencySymbol,
  currencyCase,
  emailInCapitals,
  olderDataschema,
];

/** A rule as the case and the audit trail name it. */
export const nameOfRule = ({ name, version }: Pick<RepairRule, 'name' | 'version'>): string => `${name}@${version}`;
