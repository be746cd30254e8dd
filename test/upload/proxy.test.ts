import { describe, expect, test } from 'vitest';

import { proxyFor } from '../../src/upload/proxy.js';

const proxy = 'http://proxy.example:3128';

function chosen(address: string, environment: Record<string, string>): string | undefined {
  return proxyFor(new URL(address), environment);
}

describe('the proxy for an address', () => {
  test.each<[string, string, Record<string, string>, string | undefined]>([
    ['by the scheme', 'https://api.example', { HTTPS_PROXY: proxy, HTTP_PROXY: 'http://other' }, proxy],
    ['lower case first', 'https://api.example', { https_proxy: proxy, HTTPS_PROXY: 'http://other' }, proxy],
    ['of the other scheme is not taken', 'https://api.example', { HTTP_PROXY: proxy }, undefined],
    ['without a scheme, as curl has it', 'https://api.example', { HTTPS_PROXY: 'proxy.example:3128' }, proxy],
    ['not for this machine', 'http://127.0.0.1:8080', { HTTP_PROXY: proxy }, undefined],
    ['not for localhost', 'http://localhost:8080', { HTTP_PROXY: proxy }, undefined],
    [
      'an exempt host',
      'https://api.example',
      { HTTPS_PROXY: proxy, NO_PROXY: 'other, api.example' },
      undefined,
    ],
    ['an exempt domain', 'https://a.b.example', { HTTPS_PROXY: proxy, NO_PROXY: '.b.example' }, undefined],
    [
      'an exempt port',
      'https://api.example:8443',
      { HTTPS_PROXY: proxy, NO_PROXY: 'api.example:443' },
      proxy,
    ],
    ['all exempt', 'https://api.example', { HTTPS_PROXY: proxy, NO_PROXY: '*' }, undefined],
    [
      'a longer name is another host',
      'https://notb.example',
      { HTTPS_PROXY: proxy, NO_PROXY: 'b.example' },
      proxy,
    ],
  ])('%s', (_, address, environment, expected) => {
    expect(chosen(address, environment)).toBe(expected);
  });

  test('one that is no address is told without showing it', () => {
    expect(() => chosen('https://api.example', { HTTPS_PROXY: 'http://user:secret@ /' })).toThrow(
      expect.objectContaining({
        code: 'bad_proxy',
        exitCode: 2,
        message: expect.not.stringContaining('secret'),
      }),
    );
  });
});
