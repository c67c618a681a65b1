// Two processes in one PGlite folder lose rows silently: the second is refused in words, a dead one's lock is taken over.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDb } from '../../src/db/db.ts';
import { lockFolder } from '../../src/db/folder-lock.ts';

let folder: string;
let children: ChildProcess[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'folder-lock-'));
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill();
  rmSync(folder, { recursive: true, force: true });
});

function node(script: string): ChildProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  return child;
}

test('an open folder is refused in words, a closed one opens again with its rows', async () => {
  const db = await openDb({ folder });
  await db.execute('CREATE TABLE kept (a INT); INSERT INTO kept VALUES (7)');
  await expect(openDb({ folder })).rejects.toThrow(`正被另一个党建助手使用（进程号 ${process.pid}）`);
  await db.close();

  const again = await openDb({ folder });
  expect(await again.client.$queryRaw`SELECT a FROM kept`).toEqual([{ a: 7 }]);
  await again.close();
});

test('a living process keeps its lock, a dead one loses it', async () => {
  const owner = node('setInterval(() => {}, 1000)');
  writeFileSync(join(folder, 'lock.1'), String(owner.pid));
  expect(() => lockFolder(folder)).toThrow(`进程号 ${owner.pid}`);

  owner.kill();
  await once(owner, 'exit');
  lockFolder(folder).release();
});

test('a lock with our own pid that we do not hold is from before, as in a restarted container', () => {
  writeFileSync(join(folder, 'lock.1'), String(process.pid));
  lockFolder(folder).release();
});

test('of many processes that find a dead lock at once, one gets it', async () => {
  const folders = Array.from({ length: 300 }, (_, i) => join(folder, `${i}`));
  for (const each of folders) {
    mkdirSync(each);
    writeFileSync(join(each, 'lock.1'), '999999999');
  }
  const module = new URL('../../src/db/folder-lock.ts', import.meta.url).href;
  const script = `
    import { lockFolder } from ${JSON.stringify(module)};
    process.stdin.once('data', () => {
      const got = ${JSON.stringify(folders)}.filter((folder) => {
        try { lockFolder(folder); return true; } catch { return false; }
      });
      console.log(JSON.stringify(got));
    });
    console.log('ready');`;
  const racers = Array.from({ length: 4 }, () => node(script));
  await Promise.all(racers.map((racer) => answer(racer)));
  const got = await Promise.all(
    racers.map(async (racer): Promise<string[]> => {
      racer.stdin?.write('go');
      return JSON.parse(await answer(racer));
    }),
  );
  expect(got.flat().sort()).toEqual(folders.sort());
});

async function answer(child: ChildProcess): Promise<string> {
  let said = '';
  while (!said.endsWith('\n')) {
    if (!child.stdout) throw new Error('no output');
    const [chunk] = await once(child.stdout, 'data');
    said += String(chunk);
  }
  return said;
}
