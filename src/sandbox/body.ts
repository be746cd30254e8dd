import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

const inflate = promisify(gunzip);

type Body =
  | { kind: 'json'; value: unknown; bytes: number }
  | { kind: 'too large' }
  /** No gzip, no UTF-8 or no JSON. */
  | { kind: 'unreadable' };

/** Reads a request's body, of at most `maxBytes` bytes both on the wire and decompressed. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Body> {
  const wire = await readBytes(request, maxBytes);
  if (wire === undefined) return { kind: 'too large' };
  try {
    const gzipped = request.headers['content-encoding']?.toLowerCase() === 'gzip';
    const plain = gzipped ? await inflate(wire, { maxOutputLength: maxBytes }) : wire;
    const text = new TextDecoder('utf-8', { fatal: true }).decode(plain);
    return { kind: 'json', value: JSON.parse(text), bytes: plain.length };
  } catch (error) {
    const inflatedTooFar =
      error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    return { kind: inflatedTooFar ? 'too large' : 'unreadable' };
  }
}

async function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Whatever exceeds the limit is still taken off the wire, so that the client gets to read the answer.
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) chunks.length = 0;
    else chunks.push(chunk);
  }
  return length > maxBytes ? undefined : Buffer.concat(chunks);
}
