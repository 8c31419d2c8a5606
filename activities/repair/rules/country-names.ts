import type { Country } from '../../../contracts/address.ts';

/**
 * Names of the countries the shop delivers to, in English and at home. A name that could mean two countries is not
 * among them.
 */
const countryNames: { readonly [Code in Country]: readonly string[] } = {
  AT: ['austria', 'österreich', 'oesterreich', 'republic of austria'],
  BE: ['belgium', 'belgië', 'belgique', 'belgien'],
  CH: ['switzerland', 'schweiz', 'suisse', 'svizzera'],
  CZ: ['czechia', 'czech republic', 'česko', 'česká republika'],
  DE: ['germany', 'deutschland', 'federal republic of germany', 'bundesrepublik deutschland'],
  DK: ['denmark', 'danmark'],
  ES: ['spain', 'españa', 'espana'],
  FI: ['finland', 'suomi'],
  FR: ['france'],
  GB: ['united kingdom', 'great britain', 'united kingdom of great britain and northern ireland'],
  GR: ['greece', 'ελλάδα', 'hellas'],
  HU: ['hungary', 'magyarország'],
  IE: ['ireland', 'éire', 'republic of ireland'],
  IS: ['iceland', 'ísland'],
  IT: ['italy', 'italia'],
  LU: ['luxembourg', 'luxemburg', 'lëtzebuerg'],
  NL: ['netherlands', 'the netherlands', 'nederland'],
  NO: ['norway', 'norge', 'noreg'],
  PL: ['poland', 'polska'],
  PT: ['portugal'],
  SE: ['sweden', 'sverige'],
  AE: ['united arab emirates', 'emirates', 'uae', 'الإمارات العربية المتحدة'],
  AR: ['argentina'],
  AU: ['australia'],
  BR: ['brazil', 'brasil'],
  CA: ['canada'],
  CL: ['chile'],
  HK: ['hong kong', '香港'],
  IN: ['india'],
  JP: ['japan', '日本'],
  KE: ['kenya'],
  KR: ['south korea', 'republic of korea', '대한민국'],
  MX: ['mexico', 'méxico'],
  NZ: ['new zealand', 'aotearoa'],
  SG: ['singapore'],
  US: ['united states', 'united states of america'],
  ZA: ['south africa'],
  AQ: ['antarctica'],
  FK: ['falkland islands'],
  GL: ['greenland', 'kalaallit nunaat'],
  PN: ['pitcairn', 'pitcairn islands'],
};

/** The code of a country by its names in lower case. */
export const countryCodes: ReadonlyMap<string, string> = new Map(
  Object.entries(countryNames).flatMap(([code, known]) => known.map((name): [string, string] => [name, code])),
);
