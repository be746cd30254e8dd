import { fieldKinds, isCredential, maxNameLength, type FieldKind } from './fields.js';
import { isLogType } from './log-type.js';
import { areAcceptedMessages, isAcceptedMessage } from './messages.js';
import { isCount, readBoolean } from './numbers.js';
import { isObject } from './text.js';

type Accepts = (value: unknown) => boolean;

const isString: Accepts = (value) => typeof value === 'string';
const isStrings: Accepts = (value) => Array.isArray(value) && value.every(isString);

/** What the server coerces: digits, a decimal point, an exponent. */
function isNumberText(value: unknown): value is string {
  return typeof value === 'string' && /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?\s*$/.test(value);
}

function hasNoCredential(value: unknown): boolean {
  if (!isObject(value)) return false;
  for (const name in value) {
    if (isCredential(name)) return false;
  }
  return true;
}

/**
 * Values that the server stores as they are, by kind of field. From its pydantic model, run locally: what is refused
 * there, or stored as something else (`null` as "None"), is not accepted here.
 */
export const accepts: Record<FieldKind, Accepts> = {
  identifier: isString,
  time: isString,
  metadata: hasNoCredential,
  log_type: isLogType,
  messages: areAcceptedMessages,
  message: isAcceptedMessage,
  text: isString,
  string: isString,
  name: (value) => typeof value === 'string' && value.length <= maxNameLength,
  label: (value) => typeof value === 'string' || Number.isSafeInteger(value),
  integer: (value) =>
    typeof value === 'number' ? isCount(value) : isNumberText(value) && isCount(Number(value)),
  number: (value) => Number.isFinite(isNumberText(value) ? Number(value) : value),
  seconds: (value) => {
    const seconds = isNumberText(value) ? Number(value) : value;
    return typeof seconds === 'number' && seconds >= 0 && seconds < Infinity;
  },
  boolean: (value) => typeof value === 'boolean' || readBoolean(value) !== undefined,
  object: isObject,
  objects: (value) => Array.isArray(value) && value.every(isObject),
  strings: isStrings,
  json: (value) => typeof value === 'object' && value !== null,
  text_or_object: (value) => typeof value === 'string' || isObject(value),
  text_or_list: (value) => typeof value === 'string' || Array.isArray(value),
};

/** Characters of what the scanner of rows calls a short text; it counts their bytes, which are no fewer. */
const shortTextLength = 255;

/** What a rule takes unseen, which spares most fields of a row a closer look, and the rule. */
export interface FieldRule {
  /** Any string, of any length. */
  anyString: boolean;
  /** Any string of up to 255 characters. */
  anyShortString: boolean;
  /** Any integer from 0 to 999,999,999,999,999. */
  anyCount: boolean;
  /** Any number from 0 up, with digits behind the point or without. */
  anyDecimal: boolean;
  /** Any object, any list, whatever is in it. */
  anyObject: boolean;
  anyArray: boolean;
  /** Of an object it reads the names of the members, and not what they hold. */
  readsNames: boolean;
  accepts: Accepts;
}

/** Of rules that take values by their kind or by an upper or lower limit: what they take at the limits they take between. */
function fieldRule(takes: Accepts): FieldRule {
  return {
    anyString: takes('') && takes('x'.repeat(maxNameLength + 1)),
    anyShortString: takes('') && takes('x'.repeat(shortTextLength)),
    anyCount: takes(0) && takes(2) && takes(999_999_999_999_999),
    anyDecimal: takes(0) && takes(0.5) && takes(Number.MAX_VALUE),
    anyObject: takes({}) && takes({ api_key: null }),
    anyArray: takes([]) && takes([null]),
    readsNames: takes === hasNoCredential,
    accepts: takes,
  };
}

const rulesOfKinds = new Map(Object.entries(accepts).map(([kind, takes]) => [kind, fieldRule(takes)]));

/** The rule of its kind by field, in one look-up. */
export const fieldRules: ReadonlyMap<string, FieldRule> = new Map(
  [...fieldKinds].map(([field, kind]) => [field, rulesOfKinds.get(kind)!]),
);
