import { stringText } from './json-text.js';
import { logTypeOfChild, logTypeOfRoot } from './log-type.js';

/** What is to be written into the bytes of a span. */
export interface SpanPatch {
  /** In place of the one that the span has. */
  traceId: string | undefined;
  /** For a span that has no member `span_parent_id`. */
  parentId: string | undefined;
  /** With a parent: what was taken for a workflow, since it named none, is a task. */
  typedAsRoot: boolean;
}

const [quote, backslash, comma, colon, openBrace] = [0x22, 0x5c, 0x2c, 0x3a, 0x7b] as const;
const traceKey = Buffer.from('{"trace_unique_id":');
const spanKey = Buffer.from(',"span_unique_id":');
const parentKey = ',"span_parent_id":';
const typeKey = Buffer.from('"log_type"');
const rootType = Buffer.from(JSON.stringify(logTypeOfRoot));
const childType = JSON.stringify(logTypeOfChild);

/** Bytes that a parent of this id adds. `idBytes`: those of the id as JSON, quotes included. */
export function addedBytes(idBytes: number, typedAsRoot: boolean): number {
  return parentKey.length + idBytes - (typedAsRoot ? logTypeOfRoot.length - logTypeOfChild.length : 0);
}

/**
 * The bytes of a span, changed without parsing them. For what `encodeSpan` wrote these are the bytes that parsing,
 * changing and encoding would give. A row that is a span keeps its own bytes beside its parent. Undefined where a member
 * that has to be changed is not where `encodeSpan` puts it.
 */
export function patchBytes(span: Buffer, { traceId, parentId, typedAsRoot }: SpanPatch): Buffer | undefined {
  const ids = findIds(span);
  if (ids === undefined) {
    const isParentAlone = traceId === undefined && parentId !== undefined && !typedAsRoot;
    return isParentAlone ? withFirstMember(span, parentKey.slice(1) + stringText(parentId)) : undefined;
  }
  const parts: (Buffer | string)[] = [];
  let from = 0;
  const replace = (start: number, end: number, text: string): void => {
    parts.push(span.subarray(from, start), text);
    from = end;
  };
  if (traceId !== undefined) replace(traceKey.length, ids.traceEnd, stringText(traceId));
  if (parentId !== undefined) {
    replace(ids.spanEnd, ids.spanEnd, parentKey + stringText(parentId));
    if (typedAsRoot) {
      const type = findRootType(span, ids.spanEnd);
      if (type === undefined) return undefined;
      replace(type, type + rootType.length, childType);
    }
  }
  parts.push(span.subarray(from));
  return join(parts);
}

function withFirstMember(span: Buffer, member: string): Buffer | undefined {
  return span[0] === openBrace ? join([`{${member},`, span.subarray(1)]) : undefined;
}

/**
 * The id of a span, from its bytes: of the members of this name the only one, wherever it stands. Undefined where there
 * are several, or where it is written with escapes. It may be a nested member's: whoever asks has to make sure.
 */
export function readSpanId(span: Buffer): string | undefined {
  const key = spanKey.subarray(1, -1);
  const at = span.indexOf(key);
  if (at === -1 || span.includes(key, at + key.length)) return undefined;
  let start = skipBlanks(span, at + key.length);
  if (span[start] !== colon) return undefined;
  start = skipBlanks(span, start + 1);
  const end = endOfString(span, start);
  if (end === undefined) return undefined;
  const id = span.toString('utf8', start + 1, end - 1);
  return id.includes('\\') ? undefined : id;
}

function skipBlanks(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at]! <= 0x20) at += 1;
  return at;
}

/** Ends of the two ids. */
function findIds(span: Buffer): { traceEnd: number; spanEnd: number } | undefined {
  if (!startsWith(span, 0, traceKey)) return undefined;
  const traceEnd = endOfString(span, traceKey.length);
  if (traceEnd === undefined || !startsWith(span, traceEnd, spanKey)) return undefined;
  const spanEnd = endOfString(span, traceEnd + spanKey.length);
  return spanEnd === undefined ? undefined : { traceEnd, spanEnd };
}

/** Where the log type of a root stands: before it come only strings. */
function findRootType(span: Buffer, from: number): number | undefined {
  for (let at = from; span[at] === comma;) {
    const keyEnd = endOfString(span, at + 1);
    if (keyEnd === undefined || span[keyEnd] !== colon) return undefined;
    if (startsWith(span, at + 1, typeKey)) {
      return startsWith(span, keyEnd + 1, rootType) ? keyEnd + 1 : undefined;
    }
    const valueEnd = endOfString(span, keyEnd + 1);
    if (valueEnd === undefined) return undefined;
    at = valueEnd;
  }
  return undefined;
}

/** Behind the closing quote of the JSON string that begins at `at`; undefined where none does. */
function endOfString(bytes: Buffer, at: number): number | undefined {
  if (bytes[at] !== quote) return undefined;
  for (let next = at + 1; next < bytes.length; next++) {
    if (bytes[next] === quote) return next + 1;
    if (bytes[next] === backslash) next += 1;
  }
  return undefined;
}

function startsWith(bytes: Buffer, at: number, wanted: Buffer): boolean {
  return (
    bytes.length >= at + wanted.length &&
    bytes.compare(wanted, 0, wanted.length, at, at + wanted.length) === 0
  );
}

function join(parts: readonly (Buffer | string)[]): Buffer {
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
}
