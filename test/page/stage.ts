/** The whole stage for a test of the page: a world on the worker's database, behind real doors. */
import { randomBytes } from 'node:crypto';
import { test } from 'vitest';
import { createIds } from '../../src/kernel/ids.ts';
import { createLog } from '../../src/kernel/log.ts';
import { createRouter, type Router } from '../../src/nlu/router.ts';
import { serveStage, type Stage } from '../../src/stage.ts';
import { createMemoryState } from '../../src/state/memory.ts';
import { testDb } from '../database.ts';

let router: Router | undefined;

/** `page`: its address. */
export function onStage(name: string, play: (stage: Stage, page: string) => Promise<void>, timeout = 120_000): void {
  const work = async () => {
    // Before anything is timed: training takes seconds.
    router ??= createRouter();
    const next = () => `ww${randomBytes(8).toString('hex')}`;
    const { stage, page, close } = await serveStage({
      db: await testDb(),
      memory: async (clock) => createMemoryState({ clock }),
      corps: { first: next(), next },
      router: () => router,
      log: createLog('silent'),
      real: () => new Date(),
      createIds,
      timing: { refresh: 20, retry: 20 },
      port: 0,
      pace: 20,
    });
    try {
      await play(stage, page);
    } finally {
      await close();
    }
  };
  test(name, work, timeout);
}
