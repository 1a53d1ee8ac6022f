import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/fixtures/services.ts'],
    isolate: false, // no file changes a module's state: what one has loaded the next one need not load again
    testTimeout: 150_000,
    hookTimeout: 180_000,
    maxConcurrency: 3, // each of the concurrent ones has worker processes of its own
    maxWorkers: 2, // two cores, one PostgreSQL, one Temporal server; each file has organizations and a namespace of its own
  },
});
