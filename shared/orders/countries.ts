/** Pure: which country a number belongs to, as far as its first digits tell (ITU-T E.164 assigned country codes). */

/** ISO 3166 codes by calling code; several where the countries that share one can only be told apart by longer plans that change. */
const BY_CALLING_CODE: Readonly<Record<string, string>> = {
  1: 'US CA AG AI AS BB BM BS DM DO GD GU JM KN KY LC MP MS PR SX TC TT VC VG VI',
  7: 'RU KZ',
  20: 'EG',
  27: 'ZA',
  30: 'GR',
  31: 'NL',
  32: 'BE',
  33: 'FR',
  34: 'ES',
  36: 'HU',
  39: 'IT VA',
  40: 'RO',
  41: 'CH',
  43: 'AT',
  44: 'GB GG IM JE',
  45: 'DK',
  46: 'SE',
  47: 'NO SJ',
  48: 'PL',
  49: 'DE',
  51: 'PE',
  52: 'MX',
  53: 'CU',
  54: 'AR',
  55: 'BR',
  56: 'CL',
  57: 'CO',
  58: 'VE',
  60: 'MY',
  61: 'AU CC CX',
  62: 'ID',
  63: 'PH',
  64: 'NZ',
  65: 'SG',
  66: 'TH',
  81: 'JP',
  82: 'KR',
  84: 'VN',
  86: 'CN',
  90: 'TR',
  91: 'IN',
  92: 'PK',
  93: 'AF',
  94: 'LK',
  95: 'MM',
  98: 'IR',
  212: 'MA EH',
  213: 'DZ',
  216: 'TN',
  218: 'LY',
  220: 'GM',
  221: 'SN',
  225: 'CI',
  227: 'NE',
  233: 'GH',
  234: 'NG',
  237: 'CM',
  244: 'AO',
  250: 'RW',
  251: 'ET',
  254: 'KE',
  255: 'TZ',
  256: 'UG',
  258: 'MZ',
  260: 'ZM',
  262: 'RE YT',
  263: 'ZW',
  264: 'NA',
  267: 'BW',
  297: 'AW',
  298: 'FO',
  299: 'GL',
  350: 'GI',
  351: 'PT',
  352: 'LU',
  353: 'IE',
  354: 'IS',
  355: 'AL',
  356: 'MT',
  357: 'CY',
  358: 'FI AX',
  359: 'BG',
  370: 'LT',
  371: 'LV',
  372: 'EE',
  373: 'MD',
  374: 'AM',
  375: 'BY',
  376: 'AD',
  377: 'MC',
  378: 'SM',
  380: 'UA',
  381: 'RS',
  382: 'ME',
  383: 'XK',
  385: 'HR',
  386: 'SI',
  387: 'BA',
  389: 'MK',
  420: 'CZ',
  421: 'SK',
  423: 'LI',
  501: 'BZ',
  502: 'GT',
  503: 'SV',
  504: 'HN',
  505: 'NI',
  506: 'CR',
  507: 'PA',
  509: 'HT',
  590: 'GP BL MF',
  591: 'BO',
  592: 'GY',
  593: 'EC',
  594: 'GF',
  595: 'PY',
  596: 'MQ',
  597: 'SR',
  598: 'UY',
  599: 'CW BQ',
  673: 'BN',
  679: 'FJ',
  852: 'HK',
  853: 'MO',
  855: 'KH',
  856: 'LA',
  880: 'BD',
  886: 'TW',
  960: 'MV',
  961: 'LB',
  962: 'JO',
  964: 'IQ',
  965: 'KW',
  966: 'SA',
  968: 'OM',
  970: 'PS',
  971: 'AE',
  972: 'IL',
  973: 'BH',
  974: 'QA',
  975: 'BT',
  976: 'MN',
  977: 'NP',
  992: 'TJ',
  994: 'AZ',
  995: 'GE',
  996: 'KG',
  998: 'UZ',
};

const CODES = new Map(Object.entries(BY_CALLING_CODE).map(([code, countries]) => [code, countries.split(' ')]));
const KNOWN = new Set([...CODES.values()].flat());
const LONGEST_CODE = 3;

/** Upstream's samples mix ISO codes with this one (azure-rest-api-specs voiceservices 2024-02-29-preview). */
const ALIASES: Readonly<Record<string, string>> = { UK: 'GB', EL: 'GR' };

const callingCodeOf = (digits: string): string | undefined => {
  for (let length = 1; length <= LONGEST_CODE; length++) if (CODES.has(digits.slice(0, length))) return digits.slice(0, length);
  return undefined;
};

/** The countries that a number may belong to; undefined where its first digits tell nothing. */
export const countriesOf = (digits: string): readonly string[] | undefined => CODES.get(callingCodeOf(digits) ?? '');

/** The ISO code that somebody's spelling of a country stands for; undefined for spellings that we do not know. */
export const toCountry = (spelling: string): string | undefined => {
  const code = spelling.trim().toUpperCase();
  const country = ALIASES[code] ?? code;
  return KNOWN.has(country) ? country : undefined;
};

/**
 * Whether a number lies in none of these countries, for sure. Never for numbers or spellings that we do not know: what is opaque refuses nothing.
 */
export const liesOutside = (spellings: readonly string[]): ((digits: string) => boolean) => {
  const countries = spellings.map(toCountry);
  if (countries.includes(undefined)) return () => false;
  const covered = new Set([...CODES].filter(([, of]) => of.some((country) => countries.includes(country))).map(([code]) => code));
  return (digits) => {
    const code = callingCodeOf(digits);
    return code !== undefined && !covered.has(code);
  };
};

/** Toll-free codes of the North American plan in use (NANPA). */
const TOLL_FREE = /^1(800|833|844|855|866|877|888)/;
/** `digits` without the plus. */
export const isNorthAmericanTollFree = (digits: string): boolean => digits.startsWith('18') && TOLL_FREE.test(digits);
