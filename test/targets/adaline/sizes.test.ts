import { describe, expect, it } from 'vitest';

import type { Span } from '../../../src/span/span.js';
import { logTraceOf } from '../../../src/targets/adaline/log-trace.js';
import { adalineOptions, span } from './factories.js';
import { brokenRules } from './rules.js';

function truncated(fields: Record<string, unknown>) {
  const request = logTraceOf([span(fields)], adalineOptions({ onOversize: 'truncate' }));
  expect(brokenRules(request)).toEqual([]);
  return { sent: request.spans[0]!, codes: request.findings.map(({ code }) => code) };
}

/** Texts that cost more as JSON than they are long. */
const dear = `${'"\\\n\u0001é€😀'.repeat(10)} `;

describe('a span of more than 1 MB', () => {
  const large: Span = span({ log_type: 'tool', input: 'x'.repeat(2_000_000), output: 'short' });

  it('is refused, with the flag that would admit it', () => {
    const { spans, findings } = logTraceOf([large], adalineOptions());
    expect(spans).toEqual([]);
    expect(findings).toMatchObject([
      {
        code: 'content_too_large',
        refused: true,
        field: 'input',
        hint: expect.stringContaining('--on-oversize truncate'),
      },
    ]);
  });

  it('is cut where the user wants it, the longest text alone, and says so', () => {
    const { sent, codes } = truncated({ ...large });
    expect(codes).toEqual(['content_truncated']);
    expect(sent.attributes['respan.truncated']).toBe(true);
    expect(sent.content.output).toBe('"short"');
    expect(JSON.parse(sent.content.input)).toMatch(/^x+…\[cut: \d+ characters\]$/);
    expect(Buffer.byteLength(JSON.stringify(sent.content))).toBeGreaterThan(999_000);
  });

  it.each([
    [
      'messages',
      {
        log_type: 'chat',
        prompt_messages: [
          { role: 'user', content: dear.repeat(40_000) },
          { role: 'user', content: 'short' },
        ],
      },
    ],
    ['a JSON input', { log_type: 'tool', input: JSON.stringify({ a: [dear.repeat(30_000)], b: 'short' }) }],
    ['two long texts', { log_type: 'tool', input: dear.repeat(30_000), output: 'y'.repeat(1_500_000) }],
    [
      'many texts',
      {
        log_type: 'tool',
        input: JSON.stringify(Array.from({ length: 5000 }, (_, index) => `${index} ${dear.repeat(8)}`)),
      },
    ],
    [
      'numbers',
      { log_type: 'tool', input: JSON.stringify(Array.from({ length: 400_000 }, (_, index) => index)) },
    ],
    ['spaces', { log_type: 'tool', input: `{${' '.repeat(1_200_000)}}` }],
    ['a name as its own enemy', { log_type: 'tool', input: `{"__proto__": "${'z'.repeat(1_200_000)}"}` }],
  ])('stays valid JSON of at most 1 MB: %s', (_, fields) => {
    expect(truncated(fields).codes).toEqual(['content_truncated']);
  });

  it('keeps short texts whole beside long ones', () => {
    const { sent } = truncated({
      log_type: 'chat',
      prompt_messages: [
        { role: 'system', content: 'be brief' },
        { role: 'user', content: dear.repeat(40_000) },
      ],
    });
    expect(sent.content.input).toContain('be brief');
  });

  it('loses images before words, and as a whole', () => {
    const image = `data:image/png;base64,${'A'.repeat(1_200_000)}`;
    const words = 'w'.repeat(400_000);
    const content = [
      { type: 'image_url', image_url: { url: image } },
      { type: 'text', text: words },
    ];
    const { sent } = truncated({ log_type: 'chat', prompt_messages: [{ role: 'user', content }] });
    expect(sent.content.input).toContain(words);
    expect(sent.content.input).not.toContain('AAAA');
  });

  it('does not come back by way of the attributes', () => {
    const { sent } = truncated({
      log_type: 'chat',
      prompt_messages: [{ role: 'user', content: dear.repeat(40_000) }],
    });
    expect(JSON.stringify(sent.attributes).length).toBeLessThan(1000);
  });
});

describe('a span that no request can carry', () => {
  const fields = { metadata: { log: dear.repeat(250_000), note: 'short' } };

  it('is refused', () => {
    expect(logTraceOf([span(fields)], adalineOptions()).findings).toMatchObject([
      { code: 'span_too_large', refused: true },
    ]);
  });

  it('has its longest attributes cut where the user wants it', () => {
    const { sent, codes } = truncated(fields);
    expect(codes).toEqual(['content_truncated']);
    expect(Buffer.byteLength(JSON.stringify(sent))).toBeLessThanOrEqual(30_000_000);
    expect(sent.attributes).toMatchObject({
      note: 'short',
      'respan.trace_unique_id': 'trace-1',
      'respan.truncated': true,
    });
  });
});
