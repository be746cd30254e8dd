import { describe, expect, it } from 'vitest';
import {
  isNamedAsTrace,
  isTypedAsRoot,
  Kind,
  kindOfLabel,
  labelOf,
  nameOfLabel,
  namesParent,
} from '../../src/span/label.js';

const nothing = { namesParent: false, typedAsRoot: false };
const named = (name: string): number => nameOfLabel(labelOf({ span_name: name }, nothing));

describe('the name in a label', () => {
  it.each([
    ['iteration-2', 'iteration-13'],
    ['agent.react.update-9', 'agent.react.update-263'],
    ['run.6f8d2449-33ed-4c7c-82e7-5410e34ee4e6', 'run.f9f77d1a-437f-4ba6-890e-b592a50cbd21'],
    ['step deadbeef01', 'step 0123456789abcdef0123'],
    ['chunk1of2', 'chunk33of44'],
  ])('is the same for %s and %s', (one, other) => {
    expect(named(one)).toBe(named(other));
  });

  it.each([
    ['retrieve', 'rerank'],
    ['feedface', 'facade'],
    ['chat gpt', 'chat gpt-4'],
    ['', '#'],
    ['GET /a', 'GET /b'],
  ])('differs for %s and %s', (one, other) => {
    expect(named(one)).not.toBe(named(other));
  });

  it('does not depend on kind and facts', () => {
    const label = labelOf({ span_name: 'x', log_type: 'chat' }, { namesParent: true, typedAsRoot: true });
    expect(nameOfLabel(label)).toBe(named('x'));
  });
});

function facts(label: number): boolean[] {
  return [namesParent(label), isTypedAsRoot(label), isNamedAsTrace(label)];
}

describe('the rest of a label', () => {
  it.each([
    ['agent', Kind.agent],
    ['tool', Kind.tool],
    ['generation', Kind.model],
    ['workflow', Kind.step],
    [undefined, Kind.step],
  ])('tells that %s is of kind %s', (type, kind) => {
    expect(kindOfLabel(labelOf({ span_name: 'a name', log_type: type }, nothing))).toBe(kind);
  });

  it('tells each fact by itself', () => {
    const fields = { span_name: 'chat', span_workflow_name: 'bot' };
    expect(facts(labelOf(fields, nothing))).toEqual([false, false, false]);
    expect(facts(labelOf(fields, { ...nothing, namesParent: true }))).toEqual([true, false, false]);
    expect(facts(labelOf(fields, { ...nothing, typedAsRoot: true }))).toEqual([false, true, false]);
    expect(facts(labelOf({ ...fields, trace_name: 'chat' }, nothing))).toEqual([false, false, true]);
  });
});
