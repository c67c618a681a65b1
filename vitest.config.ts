import { defineConfig } from 'vitest/config';

/**
 * `--mode services`, or SERVICES=1: a real Postgres and Redis instead of PGlite and memory, and besides the tests that
 * cannot do without them or without Chromium (`*.services.test.ts`).
 */
export default defineConfig(({ mode }) => {
  if (mode === 'services') process.env['SERVICES'] = '1';
  const services = process.env['SERVICES'] === '1';
  return {
    test: {
      include: ['test/**/*.test.ts'],
      // What needs no database is run once; the scenes are played in Chromium there, on the same database.
      exclude: services ? ['test/{llm,nlu,rulebook,rules,scenes}/**'] : ['test/**/*.services.test.ts'],
      globalSetup: 'test/global-setup.ts',
      pool: 'forks',
      maxWorkers: '100%',
      // One worker, one database (test/database.ts), for all the files it is given.
      isolate: false,
      testTimeout: 180_000,
      hookTimeout: 180_000,
    },
  };
});
