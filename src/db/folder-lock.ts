// One process per PGlite folder: two lose acknowledged rows without a word (decision 2).
import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** Locks of this process; a lock with our pid that is not among them was left by an earlier process of the same pid. */
const held = new Set<string>();

/**
 * Takes the folder for this process, making it if need be, or throws a sentence for the operator.
 *
 * Locks are numbered and the newest counts. A dead owner's lock is followed by the next number, never replaced: of several
 * processes that find it dead only one can create that file.
 */
export function lockFolder(folder: string): { release(): void } {
  mkdirSync(folder, { recursive: true });
  const mine = resolve(folder, randomUUID());
  writeFileSync(mine, String(process.pid));
  try {
    for (;;) {
      const last = numbers(folder).at(-1) ?? 0;
      const owner = read(file(folder, last));
      if (alive(Number(owner), file(folder, last))) throw inUse(folder, file(folder, last), owner);
      const lock = file(folder, last + 1);
      if (!createWithContent(lock, mine)) continue;
      const others = numbers(folder).filter((number) => number !== last + 1);
      if (others.some((number) => number > last)) {
        rmSync(lock);
        continue;
      }
      for (const number of others) rmSync(file(folder, number), { force: true });
      held.add(lock);
      return {
        release() {
          held.delete(lock);
          truncateSync(lock);
        },
      };
    }
  } finally {
    rmSync(mine);
  }
}

const file = (folder: string, number: number) => resolve(folder, `lock.${number}`);

function numbers(folder: string): number[] {
  const found = readdirSync(folder).map((name) => /^lock\.(\d+)$/.exec(name)?.[1]);
  return found
    .filter((number) => number !== undefined)
    .map(Number)
    .sort((a, b) => a - b);
}

/** Nobody ever reads a half-written lock; false when there is one already. */
function createWithContent(lock: string, content: string): boolean {
  try {
    linkSync(content, lock);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** A released lock is empty, and one that a newer has followed is gone. */
function read(lock: string): string {
  try {
    return readFileSync(lock, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return '';
    throw error;
  }
}

function alive(pid: number, lock: string): boolean {
  if (pid === process.pid) return held.has(lock);
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: there, and somebody else's.
    return codeOf(error) === 'EPERM';
  }
}

function inUse(folder: string, lock: string, pid: string): Error {
  return new Error(
    `数据目录 ${folder} 正被另一个党建助手使用（进程号 ${pid}），同时打开会丢失数据。` +
      `请先停止那个进程，或用 DATABASE_URL 改用 Postgres；如果确认进程 ${pid} 不是党建助手，请删除 ${lock} 后重试。`,
  );
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
