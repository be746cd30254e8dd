import { crc32 } from 'node:zlib';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { joinChecksums } from '../../src/bodies/join-checksums.js';

test('joined checksums are the checksum of the bytes, joined', () => {
  const bytes = fc.uint8Array({ maxLength: 700 });
  fc.assert(
    fc.property(fc.array(bytes, { maxLength: 6 }), (parts) => {
      const joined = parts.reduce((sum, part) => joinChecksums(sum, crc32(part), part.length), 0);
      expect(joined).toBe(crc32(Buffer.concat(parts)));
    }),
  );
});

test.each([255, 256, 65_535, 65_536, 16_777_215, 16_777_217])(
  'the second stretch may be %i bytes',
  (length) => {
    const first = Buffer.from('{"a":1}');
    const second = Buffer.alloc(length, 'span');
    expect(joinChecksums(crc32(first), crc32(second), length)).toBe(crc32(Buffer.concat([first, second])));
  },
);

test('a byte that differs, and two parts that changed places, are noticed', () => {
  const [one, other] = [Buffer.from('{"a":1}'), Buffer.from('{"b":2}')];
  const planned = joinChecksums(crc32(one), crc32(other), other.length);
  expect(crc32(Buffer.concat([other, one]))).not.toBe(planned);
  expect(crc32(Buffer.concat([one, Buffer.from('{"b":3}')]))).not.toBe(planned);
});
