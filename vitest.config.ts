import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

const TIMEOUTS = { testTimeout: 180_000, hookTimeout: 180_000 };

/**
 * `--mode services`, or SERVICES=1: a real Postgres and Redis instead of PGlite and memory, and besides the tests that
 * cannot do without them or without Chromium (`*.services.test.ts`).
 */
export default defineConfig(({ mode }) => {
  if (mode === 'services') process.env['SERVICES'] = '1';
  const services = process.env['SERVICES'] === '1';
  const stories: TestProjectInlineConfiguration = {
    test: {
      name: 'stories',
      include: ['test/**/*.test.ts'],
      // What needs no database is run once; the scenes are played in Chromium there, on the same database.
      exclude: services ? ['test/{llm,nlu,rulebook,rules,scenes,chaos}/**'] : ['test/**/*.services.test.ts'],
      globalSetup: 'test/global-setup.ts',
      pool: 'forks',
      maxWorkers: '100%',
      // One worker, one database (test/database.ts), for all the files it is given.
      isolate: false,
      ...TIMEOUTS,
    },
  };
  // Kills and races after everything else: they wait much, so two run side by side.
  const chaos: TestProjectInlineConfiguration = {
    test: {
      name: 'chaos',
      include: ['test/chaos/*.test.ts'],
      sequence: { groupOrder: 1 },
      pool: 'forks',
      maxWorkers: 2,
      ...TIMEOUTS,
    },
  };
  return { test: { projects: services ? [stories, chaos] : [stories] } };
});
