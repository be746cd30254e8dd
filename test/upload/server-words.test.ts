import { expect, test } from 'vitest';

import { ServerWords } from '../../src/upload/server-words.js';

test('traces count once, however many answers name them', () => {
  const words = new ServerWords();
  words.hear(['a', 'b'], []);
  words.hear(['b', 'c'], []);
  expect(words.createdTraces).toBe(3);
});

test('without a single name the number of traces is unknown, not zero', () => {
  const words = new ServerWords();
  expect(words.createdTraces).toBeUndefined();
  words.hear([], ['bad']);
  expect(words.createdTraces).toBeUndefined();
});

test('all messages are counted, the first twenty kept', () => {
  const words = new ServerWords();
  words.hear([], ['message 1', 'message 2']);
  for (let number = 3; number <= 30; number++) words.hearError(`message ${number}`);
  expect(words.errors.count).toBe(30);
  expect(words.errors.messages).toEqual(Array.from({ length: 20 }, (_, at) => `message ${at + 1}`));
});

test('what was given out is a copy', () => {
  const words = new ServerWords();
  words.hearError('one');
  words.errors.messages.push('another');
  expect(words.errors.messages).toEqual(['one']);
});
