// The forms of single values, as the schemas give them. A test holds both sides equal by feeding them the same values.
import { type Decoder, optional, text } from '../decode.ts';
import { VERSION } from '../semver.ts';

const SLUG = '[a-z0-9]+(?:-[a-z0-9]+)*';
const whole = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`);

const SHA256: RegExp = whole('[0-9a-f]{64}');
export const PLUGIN_ID: RegExp = whole(`(?=[^/]{1,39}/[^/]{1,64}$)${SLUG}/${SLUG}`);
export const PUBLISHER_ID: RegExp = whole(SLUG);
// Only days that exist: an expiry on another day would compare as neither before nor after.
const DAY =
  '(?:20\\d\\d-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|02-(?:0[1-9]|1\\d|2[0-8]))|20(?:[02468][048]|[13579][26])-02-29)';
const INSTANT: RegExp = whole(`${DAY}T(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\dZ`);
const URL_REST = '/[!#-&(-;=?-\\[\\]_a-z~]*';
const HTTPS_URL: RegExp = whole(`https://[a-z0-9.-]+(?::\\d{1,5})?(?:${URL_REST})?`);
const HTTP_URL: RegExp = whole(`https?://[A-Za-z0-9.:[\\]-]+(?:${URL_REST})?`);

const SEGMENT = '(?!\\.{1,2}(?:[/@#]|$))[A-Za-z0-9_.+-]+';
const PACKAGE = '(?:@[a-z0-9][a-z0-9._~-]*/)?[a-z0-9][a-z0-9._~-]*';
const SOURCE: RegExp = whole(
  [
    `https://[a-z0-9.-]+(?::\\d{1,5})?(?!.*/(?:\\.|%2[eE]){1,2}(?:[/?#]|$))${URL_REST}`,
    `npm:${PACKAGE}@\\d[0-9A-Za-z.+-]*#${SEGMENT}(?:/${SEGMENT})*`,
    `github:[A-Za-z0-9-]+/${SEGMENT}@${SEGMENT}(?:/${SEGMENT})*#${SEGMENT}`,
    'oci://[a-z0-9.-]+(?::\\d{1,5})?(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)+@sha256:[0-9a-f]{64}',
    'workspace:[a-z0-9-]+(?:/[a-z0-9-]+)*',
  ].join('|'),
);
const RANGE: RegExp = whole('[0-9A-Za-z.*^~<>=| -]+');

// Control and direction-changing characters, lone surrogates, invisible tags.
const NO_TEXT =
  '\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u061c\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u2069\\ufeff\\ud800-\\udfff\\u{e0000}-\\u{e007f}';
const LINE = new RegExp(`^[^\\t\\n${NO_TEXT}]+$`, 'u');
const LINES = new RegExp(`^[^${NO_TEXT}]+$`, 'u');

/** One line for people. */
export const line = (max: number): Decoder<string> => text(LINE, max);
/** Several lines for people. */
export const lines = (max: number): Decoder<string> => text(LINES, max);

export const sha256: Decoder<string> = text(SHA256, 64);
export const pluginId: Decoder<string> = text(PLUGIN_ID, 104);
export const hostId: Decoder<string> = text(PUBLISHER_ID, 39);
export const registryId: Decoder<string> = text(whole(`${SLUG}(?:\\.${SLUG})*`), 100);
export const version: Decoder<string> = text(VERSION, 64);
export const range: Decoder<string> = text(RANGE, 100);
export const instant: Decoder<string> = text(INSTANT, 20);
export const httpsUrl: Decoder<string> = text(HTTPS_URL, 2000);
export const registryUrl: Decoder<string> = text(HTTP_URL, 2000);
export const sourceUri: Decoder<string> = text(SOURCE, 2000);
export const base64: Decoder<string> = text(
  /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$/,
  4_000_000,
);
export const capabilityId: Decoder<string> = text(/^[a-z][a-z0-9_-]*(?::[a-z][a-z0-9_-]*)*$/, 64);
export const ruleId: Decoder<string> = text(/^[a-z][a-z0-9-]*(?:\.[a-z][a-z0-9-]*)+$/, 80);
export const license: Decoder<string> = text(/^[A-Za-z0-9.+() -]+$/, 200);
export const fileName: Decoder<string> = text(/^[a-z0-9]+(?:[-_.][a-z0-9]+)*$/, 64);
export const commit: Decoder<string> = text(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 64);
export const word: Decoder<string> = text(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 40);
/** A number another system gave, as text. */
export const digits: Decoder<string> = text(/^[0-9]{1,20}$/, 20);
export const relativePath: Decoder<string> = text(
  /^(?!\.{1,2}(?:\/|$))[A-Za-z0-9_.@+-]+(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9_.@+-]+)*$/,
  300,
);
export const optionalInstant: Decoder<string | undefined> = optional(instant);
