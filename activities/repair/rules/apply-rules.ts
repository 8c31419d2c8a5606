import { declaredCharset, jsonInText, trailingComma, utf16, utf8Bom } from './encoding.ts';
import { headerNames, mintedId, missingSpecversion, olderDataschema, timeForm, typeFromSubject } from './headers.ts';
import { renamedFields } from './names.ts';
import type { RepairableMessage, RepairRule } from './rule.ts';
import {
  countryCodeCase,
  countryName,
  currencyCase,
  currencySymbol,
  emailInCapitals,
  isbn10,
  isbnAsNumber,
  isbnSeparators,
  quantityAsText,
  quantityDecimalComma,
  quantityWithUnit,
  trimmedTokens,
} from './values.ts';

/**
 * Every repair rule, in the order they are tried: bytes, headers, names, values. A rule that makes a part readable
 * comes before the rules that read it.
 */
export const repairRules: readonly RepairRule[] = [
  declaredCharset,
  utf16,
  utf8Bom,
  trailingComma,
  jsonInText,
  headerNames,
  mintedId,
  missingSpecversion,
  typeFromSubject,
  timeForm,
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

/** A message after the rules. */
export interface Repaired {
  readonly message: RepairableMessage;
  /** The rules that changed something, as `name@version`, in their order. */
  readonly applied: readonly string[];
}

/** Tries every rule once, in order. */
export function applyRules(message: RepairableMessage, rules: readonly RepairRule[] = repairRules): Repaired {
  return rules.reduce<Repaired>(
    (so, rule) => {
      const repaired = rule.repair(so.message);
      return repaired ? { message: repaired, applied: [...so.applied, nameOfRule(rule)] } : so;
    },
    { message, applied: [] },
  );
}
