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

/** A Tuesday morning: what these tests see does not depend on the hour they run at. */
const MORNING = new Date('2026-11-24T10:00:00+08:00');

/** @param play `page`: its address. @param start what the wall clock shows at first */
export function onStage(
  name: string,
  play: (stage: Stage, page: string) => Promise<void>,
  { timeout = 120_000, start = MORNING }: { timeout?: number; start?: Date } = {},
): void {
  const work = async () => {
    // Before anything is timed: training takes seconds.
    router ??= createRouter();
    const next = () => `ww${randomBytes(8).toString('hex')}`;
    const shift = start.getTime() - Date.now();
    const { stage, page, close } = await serveStage({
      db: await testDb(),
      memory: async (clock) => createMemoryState({ clock }),
      corps: { first: next(), next },
      router: () => router,
      log: createLog('silent'),
      real: () => new Date(Date.now() + shift),
      createIds,
      timing: { answer: 30_000, refresh: 20, retry: 20 },
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
