/** The rows that one confirmed 报需求 leaves, written by hand: with raw `pg`, and with a Prisma interactive transaction. */
import { randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '../src/db/generated/client.ts';
import { CORP } from './world.ts';

export type WriterKind = 'pg' | 'prisma';
/** What the bot itself left for one such message, so that the rows are of the same size. */
export type Sample = { reply: object; change: object; jobs: readonly { name: string; payload: object }[] };
type Writer = (msgid: string, userId: string, summary: string) => Promise<void>;

export function createWriter(kind: WriterKind, database: string, sample: Sample): Writer {
  return kind === 'pg' ? byHand(database, sample) : byPrisma(database, sample);
}

/** As many connections as the bot has. */
const POOL = 20;

function rowsOf(msgid: string, userId: string, summary: string) {
  const now = new Date();
  const id = randomUUID();
  const year = now.getFullYear();
  const personId = `${CORP}:${userId}`;
  const keys = [`m:${msgid}`, `t:${randomUUID()}`];
  const need = {
    id,
    corp: CORP,
    class: 'ORGANISATION',
    summary,
    state: 'PENDING',
    authorId: personId,
    standingId: `${personId}:0`,
    organisationId: `${CORP}:branch1`,
    libraryId: `${CORP}:branch1`,
    openedAt: now,
    reviewDue: new Date(now.getTime() + 2 * 86_400_000),
  };
  return { now, id, year, personId, keys, need };
}

function byHand(database: string, { reply, change, jobs }: Sample): Writer {
  const pool = new Pool({ connectionString: database, max: POOL });
  return async (msgid, userId, summary) => {
    const { now, id, year, personId, keys, need } = rowsOf(msgid, userId, summary);
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      await client.query(
        `INSERT INTO receipt (corp, key, at, reply) VALUES ($1, $2, $4, 'null'), ($1, $3, $4, 'null') ON CONFLICT DO NOTHING`,
        [CORP, ...keys, now],
      );
      const counted = await client.query<{ last: number }>(
        `INSERT INTO counter (corp, letter, year, last) VALUES ($1, 'C', $2, 1)
         ON CONFLICT (corp, letter, year) DO UPDATE SET last = counter.last + 1 RETURNING last`,
        [CORP, year],
      );
      const no = `C-${year}-${String(counted.rows[0]?.last).padStart(4, '0')}`;
      await client.query(
        `INSERT INTO need (id, corp, no, class, summary, state, author_id, standing_id, organisation_id, library_id, opened_at, review_due)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
        [
          id,
          CORP,
          no,
          need.class,
          summary,
          need.state,
          personId,
          need.standingId,
          need.organisationId,
          need.libraryId,
          now,
          need.reviewDue,
        ],
      );
      await client.query(
        `INSERT INTO audit (id, corp, at, person_id, standing_id, intent, channel, message_id, subject, outcome, change)
         VALUES ($1, $2, $3, $4, $5, 'need.create', 'bot.single', $6, $7, 'done', $8)`,
        [id, CORP, now, personId, need.standingId, msgid, no, JSON.stringify(change)],
      );
      const values = jobs.map((_, i) => `($${4 + 4 * i}, $1, $${5 + 4 * i}, $${6 + 4 * i}, $${7 + 4 * i}, $2, $3)`).join(', ');
      await client.query(`INSERT INTO job (id, corp, name, key, payload, due_at, created_at) VALUES ${values}`, [
        CORP,
        now,
        now,
        ...jobs.flatMap((job, i) => [`${id}${i}`, job.name, `${id}${i}`, JSON.stringify(job.payload)]),
      ]);
      await client.query(`UPDATE receipt SET reply = $4 WHERE corp = $1 AND key IN ($2, $3)`, [
        CORP,
        ...keys,
        JSON.stringify(reply),
      ]);
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    } finally {
      client.release();
    }
  };
}

function byPrisma(database: string, { reply, change, jobs }: Sample): Writer {
  const client = new PrismaClient({ adapter: new PrismaPg({ connectionString: database, max: POOL }) });
  return async (msgid, userId, summary) => {
    const { now, id, year, personId, keys, need } = rowsOf(msgid, userId, summary);
    await client.$transaction(
      async (tx) => {
        await tx.receipt.createMany({ data: keys.map((key) => ({ corp: CORP, key, at: now, reply: {} })), skipDuplicates: true });
        const where = { corp_letter_year: { corp: CORP, letter: 'C', year } };
        const { last } = await tx.counter.upsert({
          where,
          create: { corp: CORP, letter: 'C', year, last: 1 },
          update: { last: { increment: 1 } },
        });
        const no = `C-${year}-${String(last).padStart(4, '0')}`;
        await tx.need.create({ data: { ...need, no }, select: { id: true } });
        await tx.audit.create({
          data: {
            id,
            corp: CORP,
            at: now,
            personId,
            standingId: need.standingId,
            intent: 'need.create',
            channel: 'bot.single',
            messageId: msgid,
            subject: no,
            outcome: 'done',
            change,
          },
          select: { id: true },
        });
        await tx.job.createMany({
          data: jobs.map((job, i) => ({
            id: `${id}${i}`,
            corp: CORP,
            name: job.name,
            key: `${id}${i}`,
            payload: job.payload,
            dueAt: now,
            createdAt: now,
          })),
        });
        await tx.receipt.updateMany({ where: { corp: CORP, key: { in: keys } }, data: { reply } });
      },
      { maxWait: 30_000, timeout: 30_000 },
    );
  };
}
