// What the lists of the needs library read: seeds a library of any size and counts the shared buffers of the real queries.
import type { Actor } from '../src/bot/actor.ts';
import { openWork, type Ctx } from '../src/bot/ctx.ts';
import { Prisma } from '../src/db/generated/client.ts';
import type { Db, Tx } from '../src/db/db.ts';
import { createVault } from '../src/kernel/vault.ts';
import { listOpenNeeds, searchNeeds } from '../src/needs/search/store.ts';
import { listOwnNeeds, listPending, listRecentNeeds } from '../src/needs/store.ts';
import { createPeople } from '../src/people/index.ts';

const NOW = new Date('2026-11-24T10:00:00+08:00');
/** Whenever the world was made, it stands by then. */
const LATER = new Date('2099-01-01T00:00:00Z');
/** One in so many is open; of the others most are done. */
const OPEN = 20;

/** Needs `from` to `to` of the demo world in `corp`, a minute apart, the newest last. Every word has a known share. */
export async function seedNeeds(db: Db, corp: string, from: number, to: number): Promise<void> {
  const id = (local: string) => `${corp}:${local}`;
  await db.execute('ALTER TABLE need DISABLE TRIGGER USER');
  await db.client.$executeRaw`
    INSERT INTO need (id, corp, no, class, summary, channel, state, author_id, standing_id, organisation_id, library_id, opened_at, review_due,
      published_at, claimant_id, claimant_standing_id, claimed_at, from_name, search)
    SELECT ${corp} || ':n' || lpad(i::text, 8, '0'), ${corp}, 'C-' || lpad((1000 + i / 9999)::text, 4, '0') || '-' || lpad((i % 9999 + 1)::text, 4, '0'),
      CASE WHEN i % 10 = 0 THEN 'TOWN' ELSE 'ORGANISATION' END, k.summary, CASE WHEN i % 50 = 0 THEN 'HOTLINE' ELSE 'CHAT' END,
      CASE WHEN i % ${OPEN}::int = 1 THEN 'OPEN' WHEN i % 200 = 2 THEN 'PENDING' ELSE 'DONE' END,
      CASE WHEN i % 20000 = 3 THEN ${id('person1')} ELSE ${id('person0')} END, CASE WHEN i % 20000 = 3 THEN ${id('person1:0')} ELSE ${id('person0:0')} END,
      k.organisation_id, k.library_id, ${NOW.toISOString()}::timestamptz - make_interval(mins => 2000000 - i), ${NOW.toISOString()}::timestamptz,
      CASE WHEN i % 200 = 2 THEN NULL ELSE ${NOW.toISOString()}::timestamptz - make_interval(mins => 1999990 - i) END,
      CASE WHEN i % 20 = 1 OR i % 200 = 2 THEN NULL ELSE ${id('person2')} END, CASE WHEN i % 20 = 1 OR i % 200 = 2 THEN NULL ELSE ${id('person2:0')} END,
      CASE WHEN i % 20 = 1 OR i % 200 = 2 THEN NULL ELSE ${NOW.toISOString()}::timestamptz END, k.from_name, k.search
    FROM generate_series(${from}::int, ${to - 1}::int) i JOIN (
      SELECT w.n, w.summary, f.id AS organisation_id, l.id AS library_id, f.short_name AS from_name, s.search
      FROM (SELECT n, CASE WHEN n % 19 = 7 THEN '安全培训' WHEN n % 199 = 5 THEN '充电桩' WHEN n % 1999 = 1 THEN '叉车电瓶' ELSE '车间照明' END
          || chr(20000 + n * 3) || chr(30000 + n * 2) AS summary FROM generate_series(0, 1999) n) w
      JOIN organisation f ON f.id = ${corp} || ':enterprise' || (1 + w.n % 3) JOIN organisation l ON l.id = f.party_organisation_id
      LEFT JOIN organisation t ON t.id = f.parent_id
      CROSS JOIN LATERAL (SELECT upper(concat_ws(' ', w.summary, f.name, f.short_name, l.name, t.name)) AS search) s) k ON k.n = i % 2000`;
  await db.execute('ALTER TABLE need ENABLE TRIGGER USER');
  // As the trigger does it; the lists of needs that say the same are worked out once, and a list is written in its order.
  await db.client.$executeRaw`
    INSERT INTO need_gram (list, at, need_id)
    SELECT l.list, need_stands_at(k.scope, n.state, n.opened_at, n.published_at), n.id
    FROM need n JOIN (
      SELECT s.scope, k.search, k.organisation_id, k.library_id, ARRAY(SELECT need_lists(${corp}, s.scope, k.search, k.organisation_id, k.library_id)) AS lists
      FROM (SELECT DISTINCT search, organisation_id, library_id FROM need WHERE corp = ${corp}) k, unnest(ARRAY['', '+']) s (scope)) k
      USING (search, organisation_id, library_id), unnest(k.lists) l (list)
    WHERE n.corp = ${corp} AND n.id >= ${`${corp}:n${String(from).padStart(8, '0')}`} AND n.id LIKE ${`${corp}:n%`}
      AND need_stands_at(k.scope, n.state, n.opened_at, n.published_at) IS NOT NULL
    ORDER BY 1, 2, 3`;
  await db.execute('VACUUM ANALYZE need, need_gram');
}

/** `page`: buffers of the query that finds the page; `rest`: of what tells all about those few. */
export type Read = { readonly name: string; readonly page: number; readonly rest: number; readonly found: number };

export async function readLists(db: Db, corp: string): Promise<Read[]> {
  const people = createPeople({ db, corp });
  const reads: Read[] = [];
  const measure = async (name: string, as: string, list: (ctx: Ctx) => Promise<readonly unknown[]>) => {
    const person = await people.find(as, LATER);
    const [standing] = person?.standings ?? [];
    if (!person || !standing) throw new Error(`nobody is ${as}`);
    // The second time: the first one reads the catalogues as well.
    for (const isWarm of [false, true]) {
      const buffers: number[] = [];
      const tx = explaining(db.client, buffers);
      const actor: Actor = { ...person, standing };
      const frame = { corp, tx, now: NOW, place: 'single' as const, id: () => 'x', vault: createVault(Buffer.alloc(32)), actor };
      const { length } = await list(openWork(frame).ctx);
      if (isWarm)
        reads.push({ name, page: buffers[0] ?? 0, rest: buffers.slice(1).reduce((sum, each) => sum + each, 0), found: length });
    }
  };
  const PAGE = 6;
  const middle = { at: new Date(NOW.getTime() - 1_998_000 * 60_000), id: '' };
  await measure('看需求', 'member.a', (ctx) => listOpenNeeds(ctx, {}, PAGE));
  await measure('看需求, far down', 'member.a', (ctx) => listOpenNeeds(ctx, { after: middle }, PAGE));
  await measure('看需求 C', 'member.a', (ctx) => listOpenNeeds(ctx, { class: 'ORGANISATION' }, PAGE));
  await measure('看需求 培训 (5 %)', 'member.a', (ctx) => listOpenNeeds(ctx, { words: ['培训'] }, PAGE));
  await measure('看需求 充电桩 (0.5 %)', 'member.a', (ctx) => listOpenNeeds(ctx, { words: ['充电桩'] }, PAGE));
  await measure('看需求 瞿溪 (67 %)', 'member.a', (ctx) => listOpenNeeds(ctx, { words: ['瞿溪'] }, PAGE));
  await measure('看需求 电瓶 (0.1 %)', 'member.a', (ctx) => listOpenNeeds(ctx, { words: ['电瓶'] }, PAGE));
  await measure('看需求 安全培训 (5 %)', 'member.a', (ctx) => listOpenNeeds(ctx, { words: ['安全培训'] }, PAGE));
  await measure('看需求 瞿溪 培训 (3 %)', 'member.a', (ctx) => listOpenNeeds(ctx, { words: ['瞿溪', '培训'] }, PAGE));
  await measure('看需求 培训, far down', 'member.a', (ctx) => listOpenNeeds(ctx, { words: ['培训'], after: middle }, PAGE));
  await measure('看需求 游泳 (none)', 'member.a', (ctx) => listOpenNeeds(ctx, { words: ['游泳'] }, PAGE));
  await measure('我的, reported', 'member.a', (ctx) => listOwnNeeds(ctx, 'author', 8));
  await measure('我的, claimed', 'member.b', (ctx) => listOwnNeeds(ctx, 'claimant', 8));
  await measure('待我审核', 'secretary.a', (ctx) => listPending(ctx, ctx.actor.standings, 11));
  await measure('找 培训 (5 %)', 'member.a', (ctx) => searchNeeds(ctx, ['培训'], 9));
  await measure('找 充电桩 (0.5 %)', 'member.a', (ctx) => searchNeeds(ctx, ['充电桩'], 9));
  await measure('找 电瓶 (0.1 %)', 'member.a', (ctx) => searchNeeds(ctx, ['电瓶'], 9));
  await measure('找 瞿溪 培训 (3 %)', 'member.a', (ctx) => searchNeeds(ctx, ['瞿溪', '培训'], 9));
  await measure('找 培训, a reviewer', 'secretary.a', (ctx) => searchNeeds(ctx, ['培训'], 9));
  await measure('找 C-1000-0008', 'member.a', (ctx) => searchNeeds(ctx, ['C-1000-0008'], 9));
  await measure('建单, twins of 60', 'member.a', (ctx) => listRecentNeeds(ctx, [`${corp}:branch1`], 60));
  return reads;
}

/** The same client, which notes what each query read before it answers. */
function explaining(client: Tx, buffers: number[]): Tx {
  type Plan = { Plan: { 'Shared Hit Blocks': number; 'Shared Read Blocks': number } };
  const queryRaw = async (query: TemplateStringsArray | Prisma.Sql, ...values: unknown[]) => {
    const sql = 'raw' in query ? Prisma.sql(query, ...values) : query;
    const [row] = await client.$queryRaw<{ 'QUERY PLAN': Plan[] }[]>(Prisma.sql`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${sql}`);
    const { Plan: plan } = row?.['QUERY PLAN'][0] ?? {};
    buffers.push((plan?.['Shared Hit Blocks'] ?? 0) + (plan?.['Shared Read Blocks'] ?? 0));
    return client.$queryRaw(sql);
  };
  return new Proxy(client, { get: (target, key) => (key === '$queryRaw' ? queryRaw : Reflect.get(target, key)) });
}
