import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/fixtures/services.ts'],
    testTimeout: 90_000,
    hookTimeout: 120_000,
    maxConcurrency: 3, // each of the concurrent ones has worker processes of its own
    fileParallelism: false, // two cores, one PostgreSQL, one Temporal server
  },
});
