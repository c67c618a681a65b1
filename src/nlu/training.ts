/** The router, trained in a thread of its own: meanwhile the bot answers by sure signs. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { routerOf, type Learnt, type Router } from './router.ts';

/** @throws Error when the phrases cannot be read */
export async function trainRouter(): Promise<Router> {
  const worker = new Worker(new URL('training.mjs', import.meta.url));
  const [learnt] = (await once(worker, 'message')) as [Learnt];
  return routerOf(learnt);
}
