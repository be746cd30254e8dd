/** What the inference of parents compares spans by: a name without its numbers, and a kind. */
export const Kind = { step: 0, agent: 1, tool: 2, model: 3 } as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

const kinds: Readonly<Record<string, Kind>> = {
  agent: Kind.agent,
  tool: Kind.tool,
  function: Kind.tool,
  chat: Kind.model,
  completion: Kind.model,
  generation: Kind.model,
  response: Kind.model,
  text: Kind.model,
};

const kindBits = 3;
const Flag = { namesParent: 8, namedAsTrace: 16, typedAsRoot: 32 } as const;
const hashShift = 6;

interface LabelOptions {
  /** The row says something about its parent, be it that there is none. */
  namesParent: boolean;
  /** The log type says no more than that the row named no parent. */
  typedAsRoot: boolean;
}

interface LabelFacts extends LabelOptions {
  /** The span is called as its trace or its workflow is. */
  namedAsTrace: boolean;
}

/**
 * A span's name, kind and three facts about its parent in 32 bits, since the plan keeps them for every span: the kind
 * in bits 0 to 2, the facts in 3 to 5, and 26 bits of a hash of the name. Spans of one step in different traces
 * get one name: `iteration-2` and `iteration-3`, `run.6f8d2449-33ed` and `run.f9f77d1a-437f` do not differ. Two names
 * that share a hash are taken for one, which can cost an inferred edge its evidence and nothing else.
 */
export function labelOf(fields: Readonly<Record<string, unknown>>, options: LabelOptions): number {
  const { span_name: name, log_type: type, span_workflow_name: workflow, trace_name: trace } = fields;
  const text = typeof name === 'string' ? name : '';
  const { namesParent, typedAsRoot } = options;
  return labelOfName(text, type, {
    namesParent,
    typedAsRoot,
    namedAsTrace: text === workflow || text === trace,
  });
}

/** The same of a span's name, empty where it has none, and its log type. */
export function labelOfName(name: string, type: unknown, facts: LabelFacts): number {
  return (
    ((hashName(name) << hashShift) |
      (facts.typedAsRoot ? Flag.typedAsRoot : 0) |
      (facts.namedAsTrace && name !== '' ? Flag.namedAsTrace : 0) |
      (facts.namesParent ? Flag.namesParent : 0) |
      kindOf(type, name)) >>>
    0
  );
}

/** Exporters that know no agents call their spans model calls. */
function kindOf(type: unknown, name: string): Kind {
  const kind = kindOfLogType(type);
  return kind === Kind.model && /agent/i.test(name) ? Kind.step : kind;
}

export function kindOfLogType(type: unknown): Kind {
  return typeof type === 'string' ? (kinds[type] ?? Kind.step) : Kind.step;
}

export function nameOfLabel(label: number): number {
  return label >>> hashShift;
}

export function kindOfLabel(label: number): Kind {
  switch (label & ((1 << kindBits) - 1)) {
    case Kind.agent:
      return Kind.agent;
    case Kind.tool:
      return Kind.tool;
    case Kind.model:
      return Kind.model;
    default:
      return Kind.step;
  }
}

export function namesParent(label: number): boolean {
  return (label & Flag.namesParent) !== 0;
}

/** True where the span is called as its trace is: in several exporters only the root. */
export function isNamedAsTrace(label: number): boolean {
  return (label & Flag.namedAsTrace) !== 0;
}

export function isTypedAsRoot(label: number): boolean {
  return (label & Flag.typedAsRoot) !== 0;
}

const Character = { other: 0, digit: 1, hexLetter: 2, letter: 3 } as const;

function classOf(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return Character.digit;
  const lower = unit | 0x20;
  if (lower >= 0x61 && lower <= 0x66) return Character.hexLetter;
  return lower > 0x66 && lower <= 0x7a ? Character.letter : Character.other;
}

/** Shorter words of hex digits may be words: `decade2`, `face`. */
const shortestId = 8;
const shortestGroup = 4;
const hyphen = 0x2d;
const standIn = 0x23;

/** Names repeat: most are not hashed twice. */
const hashes = new Map<string, number>();
const mostHashes = 4096;

function hashName(name: string): number {
  const known = hashes.get(name);
  if (known !== undefined) return known;
  if (hashes.size >= mostHashes) hashes.clear();
  const hash = hashCharacters(name);
  hashes.set(name, hash);
  return hash;
}

/** FNV-1a over the name, in which a number and a word of hex digits (an id) read as `#`. */
function hashCharacters(name: string): number {
  let hash = 0x811c9dc5;
  let position = 0;
  while (position < name.length) {
    const end = endOfWord(name, position);
    if (end === position) {
      hash = Math.imul(hash ^ name.charCodeAt(position), 0x01000193);
      position += 1;
      continue;
    }
    if (isHex(name, position, end, shortestId) && hasDigit(name, position, end)) {
      hash = Math.imul(hash ^ standIn, 0x01000193);
      position = endOfUuid(name, end);
    } else {
      hash = hashWord(hash, name, position, end);
      position = end;
    }
  }
  return (hash ^ (hash >>> 15)) >>> 0;
}

function endOfWord(name: string, start: number): number {
  let end = start;
  while (end < name.length && classOf(name.charCodeAt(end)) !== Character.other) end += 1;
  return end;
}

function isHex(name: string, start: number, end: number, shortest: number): boolean {
  for (let position = start; position < end; position++) {
    if (classOf(name.charCodeAt(position)) === Character.letter) return false;
  }
  return end - start >= shortest;
}

function hasDigit(name: string, start: number, end: number): boolean {
  for (let position = start; position < end; position++) {
    if (classOf(name.charCodeAt(position)) === Character.digit) return true;
  }
  return false;
}

/** Past the further groups of a UUID, the first of which ends at `start`. */
function endOfUuid(name: string, start: number): number {
  let end = start;
  while (name.charCodeAt(end) === hyphen) {
    const next = endOfWord(name, end + 1);
    if (!isHex(name, end + 1, next, shortestGroup)) break;
    end = next;
  }
  return end;
}

function hashWord(seed: number, name: string, start: number, end: number): number {
  let hash = seed;
  let inNumber = false;
  for (let position = start; position < end; position++) {
    const unit = name.charCodeAt(position);
    const isDigit = classOf(unit) === Character.digit;
    if (!isDigit || !inNumber) hash = Math.imul(hash ^ (isDigit ? standIn : unit), 0x01000193);
    inNumber = isDigit;
  }
  return hash;
}
