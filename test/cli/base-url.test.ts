import { describe, expect, it } from 'vitest';
import { findBaseUrl } from '../../src/cli/base-url.js';
import type { StoredProfile } from '../../src/cli/stored-profile.js';
import { respan } from '../../src/targets/respan.js';

const environment = {
  RESPAN_BASE_URL: 'https://first.example',
  RESPAN_API_BASE_URL: 'https://second.example',
};
const noProfile = (): undefined => undefined;
const unreadable = (): never => {
  throw new Error('the profile was read');
};
const profile: StoredProfile = {
  name: 'staging',
  file: '/home/user/.respan/credentials.json',
  key: 'key-of-the-profile',
  account: undefined,
  baseUrl: 'https://profile.example',
};
const plainHttp = expect.objectContaining({ code: 'plain_http', exitCode: 2 });
const badBaseUrl = expect.objectContaining({ code: 'bad_base_url', exitCode: 2 });

describe('the base address', () => {
  it('comes from the first place that has one', () => {
    expect(findBaseUrl({ baseUrl: 'https://flag.example' }, environment, noProfile)).toBe(
      'https://flag.example',
    );
    expect(findBaseUrl({}, environment, noProfile)).toBe('https://first.example');
    expect(findBaseUrl({}, { ...environment, RESPAN_BASE_URL: ' ' }, noProfile)).toBe(
      'https://second.example',
    );
    expect(findBaseUrl({}, {}, () => profile)).toBe('https://profile.example');
    expect(findBaseUrl({}, {}, () => ({ ...profile, baseUrl: undefined }))).toBe('https://api.respan.ai');
    expect(findBaseUrl({}, {}, noProfile)).toBe('https://api.respan.ai');
  });

  it('is that of a profile that was asked for, whatever the environment says', () => {
    const stored = (): StoredProfile => profile;
    expect(findBaseUrl({ profile: 'staging' }, environment, stored)).toBe('https://profile.example');
    expect(findBaseUrl({ profile: 'staging', baseUrl: 'https://flag.example' }, {}, stored)).toBe(
      'https://flag.example',
    );
    const withoutAddress = { ...profile, baseUrl: undefined };
    expect(findBaseUrl({ profile: 'staging' }, environment, () => withoutAddress)).toBe(
      'https://first.example',
    );
  });

  it('of a profile is checked as any other', () => {
    const insecure = { ...profile, baseUrl: 'http://profile.example' };
    expect(() => findBaseUrl({}, {}, () => insecure)).toThrow(plainHttp);
    expect(() => findBaseUrl({}, {}, () => ({ ...profile, baseUrl: 'elsewhere' }))).toThrow(badBaseUrl);
  });

  it('is not looked for in profiles where it is known', () => {
    expect(findBaseUrl({}, environment, unreadable)).toBe('https://first.example');
  });

  it.each([
    ['https://host.example/', 'https://host.example'],
    ['https://host.example/api//', 'https://host.example/api'],
    [' https://HOST.example/Api ', 'https://host.example/Api'],
    ['https://host.example:8443', 'https://host.example:8443'],
  ])('%j is read as %j', (text, url) => expect(findBaseUrl({ baseUrl: text }, {}, noProfile)).toBe(url));

  it.each([
    'https://host.example/api?tenant=1',
    'https://host.example/api#part',
    '',
    'host.example',
    'ftp://host.example',
    'file:///etc/passwd',
    'https://',
    'javascript:alert(1)',
  ])('%j is refused', (baseUrl) =>
    expect(() => findBaseUrl({ baseUrl }, environment, noProfile)).toThrow(badBaseUrl),
  );

  it('is refused with a password in it, which is not repeated', () => {
    const refuse = findBaseUrl.bind(undefined, { baseUrl: 'https://me:hunter2@host.example' }, {});
    expect(refuse).toThrow(badBaseUrl);
    expect(refuse).not.toThrow('hunter2');
  });

  it.each([
    'http://host.example',
    'http://localhost.example',
    'http://127.0.0.1.example',
    'http://0.0.0.0:8080',
    'http://10.0.0.1',
    'http://[::2]',
  ])('%s is refused, unless plain http is allowed', (baseUrl) => {
    expect(() => findBaseUrl({ baseUrl }, {}, noProfile)).toThrow(plainHttp);
    expect(() => findBaseUrl({}, { RESPAN_BASE_URL: baseUrl }, noProfile)).toThrow(plainHttp);
    expect(findBaseUrl({ baseUrl, allowHttp: true }, {}, noProfile)).toBe(baseUrl);
  });

  it.each(['http://localhost:8377', 'http://127.0.0.1:8377', 'http://127.9.9.9', 'http://[::1]:8377'])(
    '%s stays on this machine',
    (baseUrl) => expect(findBaseUrl({ baseUrl }, {}, noProfile)).toBe(baseUrl),
  );
});

function endpoint(baseUrl: string): string {
  return respan.endpoint(findBaseUrl({ baseUrl }, {}, noProfile));
}

describe('the endpoint', () => {
  it('follows from the base', () => {
    expect(endpoint('https://api.respan.ai')).toBe('https://api.respan.ai/v1/traces/ingest');
    expect(endpoint('https://api.respan.ai/api/')).toBe('https://api.respan.ai/api/v1/traces/ingest');
  });

  it('is the base that ends in it already', () => {
    for (const base of ['https://h.example/v1/traces/ingest', 'https://h.example/v1/traces/ingest/'])
      expect(endpoint(base)).toBe('https://h.example/v1/traces/ingest');
  });
});
