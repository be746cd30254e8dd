import { describe, expect, it } from 'vitest';
import { ImportError } from '../../src/errors.js';
import { findTrace } from '../../src/tree/find-trace.js';
import { sketch, type Sketched } from './factories.js';

const hex = '0af7651916cd43dd8448eb211c80319c';
const traces = sketch([
  { trace: 'session-one', id: 'a' },
  { trace: 'session-two', id: 'b' },
  { trace: 'session-two', id: 'c', parent: 'b' },
  { trace: hex, id: 'd' },
]);

const found = (wanted: string, from: Sketched = traces): string[] =>
  Array.from(findTrace(from, wanted), (span) => from.idOf(span));

function failureOf(wanted: string, from: Sketched = traces): ImportError {
  try {
    findTrace(from, wanted);
  } catch (error) {
    if (error instanceof ImportError) return error;
  }
  throw new Error(`${wanted} was found`);
}

describe('a trace', () => {
  it('is found by its id, and no other trace is read for it', () => {
    traces.read.clear();
    expect(found('session-two')).toEqual(['b', 'c']);
    expect(traces.read.size).toBe(0);
  });

  it.each([`0x${hex}`, hex.toUpperCase(), Buffer.from(hex, 'hex').toString('base64'), ` ${hex} `])(
    'is found by another spelling of its id: %s',
    (spelling) => expect(found(spelling)).toEqual(['d']),
  );

  it('is found by a beginning of four characters that no other has', () => {
    expect(found('0af7')).toEqual(['d']);
    expect(found('0AF765')).toEqual(['d']);
    expect(found('session-t')).toEqual(['b', 'c']);
  });
});

describe('a trace that is not found', () => {
  it('because several begin so: they are named', () => {
    const { code, hint } = failureOf('session-');
    expect(code).toBe('ambiguous_trace');
    expect(hint).toContain('session-one, session-two');
  });

  it('because a beginning is too short, or because there is none: others are named', () => {
    expect(failureOf('0af')).toMatchObject({ code: 'no_such_trace', hint: expect.stringContaining('4') });
    expect(failureOf('nothing').hint).toContain('session-one');
  });

  it('because it is the id of a span: its trace is named', () => {
    const { code, hint } = failureOf('c');
    expect(code).toBe('no_such_trace');
    expect(hint).toContain('--trace session-two');
  });

  it('because the input holds none', () => {
    expect(failureOf('any', sketch([]))).toMatchObject({ code: 'no_such_trace' });
  });
});
