import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    env: { NO_COLOR: '1', FORCE_COLOR: '' },
    // Child processes of the real CLI share two cores with the workers on CI.
    testTimeout: 60_000,
  },
});
