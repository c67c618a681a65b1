/** The whole stage for a test of the page: a world on the worker's database, behind real doors. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'vitest';
import { createIds } from '../../src/kernel/ids.ts';
import { createLog } from '../../src/kernel/log.ts';
import { createRouter, type Router } from '../../src/nlu/router.ts';
import { EXAMPLES } from '../../src/playground/examples.ts';
import { startPlayground } from '../../src/playground/server.ts';
import { openStage, type OpenStage } from '../../src/stage.ts';
import { createMemoryState } from '../../src/state/memory.ts';
import { testDb } from '../database.ts';

let router: Router | undefined;

/** `page`: its address. */
export function onStage(name: string, play: (stage: OpenStage, page: string) => Promise<void>, timeout?: number): void {
  const work = async () => {
    const db = await testDb();
    const next = () => `ww${randomBytes(8).toString('hex')}`;
    let bot = '';
    let page = '';
    const stage = await openStage({
      db,
      memory: async (clock) => createMemoryState({ clock }),
      corps: { first: next(), next },
      bot: () => bot,
      page: () => page,
      router: () => (router ??= createRouter()),
      log: createLog('silent'),
      real: () => new Date(),
      createIds,
      timing: { refresh: 20, retry: 20 },
    });
    const doors = createServer(stage.doors).listen(0, '127.0.0.1');
    await once(doors, 'listening');
    bot = `http://127.0.0.1:${(doors.address() as AddressInfo).port}`;
    const playground = await startPlayground({ stage, examples: EXAMPLES, port: 0, pace: 20 });
    page = playground.url;
    try {
      await stage.ready();
      await play(stage, page);
    } finally {
      await playground.close();
      doors.close();
      doors.closeAllConnections();
      await stage.close();
    }
  };
  if (timeout === undefined) test(name, work);
  else test(name, work, timeout);
}
