import { defineConfig } from 'vitest/config';

/** The quick tests of the pure stages: what `npm run mutate` runs for each mutant. No services, no solver, no generated constitutions. */
export default defineConfig({
  test: {
    include: ['test/{gate,warrant,execute,constitution}/**/*.test.ts'],
    exclude: ['test/gate/{compiled,prove,mutants}.test.ts'],
    testTimeout: 20_000,
  },
});
