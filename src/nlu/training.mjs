// A thread does not inherit the loader of TypeScript (Node 20), so this plain file brings it along.
import { parentPort } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
const { learn } = await import('./router.ts');
const { readPhrases } = await import('./router-phrases.ts');
const learnt = learn(readPhrases());
parentPort.postMessage(learnt, [learnt.weights.buffer, learnt.space.rarity.buffer]);
