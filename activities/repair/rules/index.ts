import type { RepairRule } from '../message.ts';
import { countryCodeCase } from './country-code-case.ts';
import { countryName } from './country-name.ts';
import { currencyCase } from './currency-case.ts';
import { currencySymbol } from './currency-symbol.ts';
import { emailInCapitals } from './email-in-capitals.ts';
import { headerNames } from './header-names.ts';
import { isbn10 } from './isbn-10.ts';
import { isbnAsNumber } from './isbn-as-number.ts';
import { isbnSeparators } from './isbn-separators.ts';
import { jsonInText } from './json-in-text.ts';
import { mintedId } from './minted-id.ts';
import { missingSpecversion } from './missing-specversion.ts';
import { olderDataschema } from './older-dataschema.ts';
import { quantityAsText } from './quantity-as-text.ts';
import { quantityDecimalComma } from './quantity-decimal-comma.ts';
import { quantityWithUnit } from './quantity-with-unit.ts';
import { renamedFields } from './renamed-fields.ts';
import { trailingComma } from './trailing-comma.ts';
import { trimmedTokens } from './trimmed-tokens.ts';
import { typeFromSubject } from './type-from-subject.ts';
import { utf16 } from './utf-16.ts';
import { utf8Bom } from './utf-8-bom.ts';

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
