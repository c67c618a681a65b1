// The database: one client, one way to run a unit of work, over Postgres or over PGlite (PostgreSQL inside this process).
import type { PGlite } from '@electric-sql/pglite';
import { hash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { PrismaPg } from '@prisma/adapter-pg';
import { lockFolder } from './folder-lock.ts';
import { PrismaClient, type Prisma } from './generated/client.ts';

/** What a unit of work sees; inside one, nothing else may be queried (decision 1). */
export type Tx = Prisma.TransactionClient;

export type Db = {
  client: PrismaClient;
  /** PGlite: one session, one process. */
  embedded: boolean;
  /**
   * Commits when `work` returns, undoes everything when it throws; `work` may run more than once.
   * `timeoutMs`: longer than a conversation may take, for scripts. `waitMs`: how long it may stand in line before it begins.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>, options?: { timeoutMs?: number; waitMs?: number }): Promise<T>;
  /** Runs several statements, all or none. */
  execute(sql: string): Promise<void>;
  /** Answers within 1 s. */
  healthy(): Promise<boolean>;
  close(): Promise<void>;
};

/**
 * How many transactions run at once: as many as a Postgres of a few cores can use. What waits for a connection costs nothing; what
 * waits inside a transaction, for the row of a counter, slows down whoever holds it.
 */
const POOL = 10;
/** Milliseconds. WeCom wants its answer within 5 s: who waits longer for a connection has lost it anyway. */
const CONNECT = 3000;
const TRANSACTION = { maxWait: CONNECT, timeout: 5000 };
const HEALTH = 1000;
/** How long a connection may be idle: a new one has to plan every statement anew, in the very moment when many come at once. */
const IDLE = 10 * 60_000;
/** From which time on a statement is named, and how many are: each takes memory on each connection. */
const NAMED = { from: 3, most: 500 };
/** Milliseconds before the second, third and fourth try, half of it by chance. */
const RETRY_AFTER = [10, 50, 200];
/** Postgres has undone everything and wants it tried again: serialization failure, deadlock, Prisma's word for both. */
const RETRIED = new Set(['40001', '40P01', 'P2034']);

/** Refuses a folder that another process has open, in a sentence for the operator. */
export async function openDb(where: { url: string } | { folder: string } | { memory: Blob | File | undefined }): Promise<Db> {
  if ('url' in where) {
    const pool = { connectionString: where.url, max: POOL, connectionTimeoutMillis: CONNECT, idleTimeoutMillis: IDLE };
    const adapter = new PrismaPg(pool, { statementNameGenerator: statementNames() });
    const client = new PrismaClient({ adapter, errorFormat: 'minimal' });
    return over(client, {
      embedded: false,
      // Without parameters pg sends all statements in one message, which Postgres runs as one transaction.
      execute: async (sql) => void (await client.$executeRawUnsafe(sql)),
      close: () => client.$disconnect(),
    });
  }
  const lock = 'folder' in where ? lockFolder(where.folder) : undefined;
  try {
    const { PGlite } = await import('@electric-sql/pglite');
    const pglite = await PGlite.create(
      'folder' in where ? { dataDir: `${where.folder}/pg` } : where.memory ? { loadDataDir: where.memory } : {},
    );
    return await overPglite(pglite, lock);
  } catch (error) {
    lock?.release();
    throw error;
  }
}

/**
 * A statement that comes again and again keeps a name, and with it its plan on each connection: to plan a join of many tables takes
 * longer than to carry it out. Without a name it is planned every time. The name is made of the text, so that whoever shares a
 * connection through a pooler never runs another's statement.
 */
export function statementNames(): (statement: { sql: string; args: readonly unknown[] }) => string {
  const known = new Map<string, { name: string; times: number }>();
  return ({ sql, args }) => {
    // Only a single statement can be prepared, and what has no parameters may be several.
    if (args.length === 0) return '';
    const found = known.get(sql);
    if (found) return ++found.times < NAMED.from ? '' : found.name;
    if (known.size < NAMED.most) known.set(sql, { name: hash('sha256', sql).slice(0, 32), times: 1 });
    return '';
  };
}

/** Closing the database closes the PGlite, which would keep the process alive, and then releases the lock. */
export async function overPglite(pglite: PGlite, lock?: { release(): void }): Promise<Db> {
  const { PrismaPGlite } = await import('pglite-prisma-adapter');
  keepParsers(pglite);
  const client = new PrismaClient({ adapter: new PrismaPGlite(pglite), errorFormat: 'minimal' });
  return over(client, {
    embedded: true,
    execute: async (sql) => void (await pglite.exec(sql)),
    close: async () => {
      await client.$disconnect();
      await pglite.close();
      lock?.release();
    },
  });
}

/** The adapter hands over its parsers with each query, and merging them with those of PGlite takes as long as a small query itself: once is enough. */
function keepParsers(pglite: PGlite): void {
  let kept: unknown;
  const keep = (on: Pick<PGlite, 'query'>): void => {
    const query = on.query.bind(on);
    on.query = (sql, values, options) => {
      const { parsers, ...rest } = options ?? {};
      if (parsers !== kept) Object.assign(pglite.parsers, (kept = parsers));
      return query(sql, values, rest);
    };
  };
  keep(pglite);
  const transaction = pglite.transaction.bind(pglite);
  pglite.transaction = (work) =>
    transaction((tx) => {
      keep(tx);
      return work(tx);
    });
}

/** The same database with something before every statement: what a slow or a lost one does, for whoever tries the bot. */
export function troubled(db: Db, trouble: () => Promise<void>): Db {
  const client = db.client.$extends({
    query: {
      async $allOperations({ args, query }) {
        await trouble();
        return query(args) as Promise<unknown>;
      },
    },
  }) as unknown as PrismaClient;
  return over(client, { embedded: db.embedded, execute: (sql) => db.execute(sql), close: () => db.close() });
}

function over(client: PrismaClient, engine: Pick<Db, 'embedded' | 'execute' | 'close'>): Db {
  return {
    client,
    ...engine,
    transaction: (work, { timeoutMs = TRANSACTION.timeout, waitMs = TRANSACTION.maxWait } = {}) =>
      retrying(() =>
        client.$transaction(
          async (tx) => {
            const result = await work(tx);
            // The PGlite adapter swallows a failed COMMIT, so what is deferred is checked before it (decision 1).
            if (engine.embedded) await tx.$executeRaw`SET CONSTRAINTS ALL IMMEDIATE`;
            return result;
          },
          { maxWait: waitMs, timeout: timeoutMs },
        ),
      ),
    healthy: () =>
      Promise.race([
        client.$queryRaw`SELECT 1`.then(
          () => true,
          () => false,
        ),
        sleep(HEALTH, false, { ref: false }),
      ]),
  };
}

async function retrying<T>(attempt: () => Promise<T>): Promise<T> {
  for (const pause of RETRY_AFTER) {
    try {
      return await attempt();
    } catch (error) {
      if (!wantsRetry(error)) throw error;
      await sleep(pause * (0.5 + Math.random() / 2));
    }
  }
  return attempt();
}

/** The SQLSTATE sits in a driver error (from COMMIT) or in a Prisma error that wraps one; a model query may carry only P2034. */
function wantsRetry(error: unknown): boolean {
  const { code, meta, cause } = error as {
    code?: string;
    meta?: { driverAdapterError?: { cause?: DriverCause } };
    cause?: DriverCause;
  };
  return [code, cause?.originalCode, meta?.driverAdapterError?.cause?.originalCode].some(
    (found) => found !== undefined && RETRIED.has(found),
  );
}

type DriverCause = { originalCode?: string };
