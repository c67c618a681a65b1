/** What is looked for in the needs library: the board of those that wait for a claim, and 查找, both by lists that triggers keep (`need_gram`). */
import type { Ctx } from '../../bot/ctx.ts';
import { Prisma } from '../../db/generated/client.ts';
import { reviewedLibraries } from '../rules.ts';
import { among, readNeeds, type Need } from '../store.ts';
import { NEED_LETTERS, UNPUBLISHED, type Channel, type NeedClass, type Owner, type Urgency } from '../words.ts';

export type Cursor = { readonly at: Date; readonly id: string };

/** `words`: each must occur in the need, in its organisation's name or in its library's. `skills`: each wanted, or in its words. */
export type OpenFilter = {
  readonly class?: NeedClass;
  readonly channel?: Channel;
  readonly owner?: Owner;
  readonly urgencies?: readonly Urgency[];
  readonly skills?: readonly string[];
  /** One of them is enough. */
  readonly anySkill?: readonly string[];
  readonly words?: readonly string[];
  readonly after?: Cursor;
};

/** What a line of a list shows of a need. */
export type Listed = Pick<Need, 'id' | 'no' | 'summary' | 'urgency'> & { readonly publishedAt: Date; readonly fromName: string };

/** Needs waiting to be claimed, newest first, by keyset: `limit` of them after the cursor. */
export async function listOpenNeeds(ctx: Ctx, filter: OpenFilter, limit: number): Promise<Listed[]> {
  const { class: inClass, after, channel, owner, urgencies, skills = [], anySkill, words = [] } = filter;
  const each = [...skills, ...words];
  const filters = [
    ...(inClass === undefined ? [] : [Prisma.sql`n.class = ${inClass}`]),
    ...(channel === undefined ? [] : [Prisma.sql`n.channel = ${channel}`]),
    ...(owner === undefined ? [] : [Prisma.sql`n.owner = ${owner}`]),
    ...(urgencies === undefined ? [] : [Prisma.sql`n.urgency = ANY(${[...urgencies]}::text[])`]),
  ];
  const entries = [...each.flatMap(entriesOf), ...(anySkill === undefined ? [] : oneOf(anySkill))];
  const said = [...each.map(says), ...(anySkill === undefined ? [] : [Prisma.join(anySkill.map(says), ' OR ', '(', ')')])];
  const columns = Prisma.sql`n.id, n.no, n.summary, n.urgency, n.published_at AS "publishedAt", n.from_name AS "fromName"`;
  const order = Prisma.sql`n.published_at DESC, n.id DESC`;
  if (entries.length === 0) {
    const where = [Prisma.sql`n.corp = ${ctx.corp} AND n.state = 'OPEN'`, ...beyond(Prisma.sql`n.published_at, n.id`, after)];
    return ctx.tx
      .$queryRaw`SELECT ${columns} FROM need n WHERE ${every([...where, ...filters, ...said])} ORDER BY ${order} LIMIT ${limit}::int`;
  }
  return sift(
    limit,
    after,
    (most, from) =>
      ctx.tx.$queryRaw`SELECT at, id FROM ${shelf(ctx.corp, '+', entries, filters, most, from)} p ORDER BY at DESC, id DESC`,
    (page) =>
      ctx.tx
        .$queryRaw`SELECT ${columns} FROM need n WHERE n.state = 'OPEN' AND ${every([among(page), ...said])} ORDER BY ${order}`,
  );
}

/**
 * Pages of what stands in the lists, of which only what is really said is kept: two pairs of characters need not stand side by side.
 * The next page is twice as long, so that even a word nobody says comes to its end.
 */
async function sift<T>(
  limit: number,
  after: Cursor | undefined,
  find: (limit: number, after: Cursor | undefined) => Promise<Cursor[]>,
  read: (page: readonly Cursor[]) => Promise<T[]>,
): Promise<T[]> {
  const found: T[] = [];
  for (let from = after, most = limit; ; most *= 2) {
    const page = await find(most, from);
    if (page.length > 0) found.push(...(await read(page)));
    if (found.length >= limit || page.length < most) return found.slice(0, limit);
    from = page.at(-1);
  }
}

function every(conditions: readonly Prisma.Sql[]): Prisma.Sql {
  return Prisma.join([...conditions], ' AND ');
}

/** Further down than the last one shown. */
function beyond(columns: Prisma.Sql, after: Cursor | undefined): Prisma.Sql[] {
  return after ? [Prisma.sql`(${columns}) < (${after.at.toISOString()}::timestamptz, ${after.id})`] : [];
}

/** The word stands in what search reads of a need. */
function says(word: string): Prisma.Sql {
  return Prisma.sql`position(${word.toUpperCase()} in n.search) > 0`;
}

/** Lists of `need_gram` of which a need must stand in one: pairs of characters, and `@` before the id of an organisation. */
type Entries = readonly string[];

/** Where a word is found: in each of these lists, as far as pairs of letters or digits say it. Pairs that overlap say nothing more. */
function entriesOf(word: string): Entries[] {
  const characters = [...word.toUpperCase()];
  const pairs = characters.slice(1).map((second, i) => `${characters[i]}${second}`);
  const cover = pairs.filter((_pair, i) => i % 2 === 0 || i === pairs.length - 1);
  return cover.filter((pair) => /^[\p{L}\p{N}]{2}$/u.test(pair)).map((pair) => [pair]);
}

/** Where one of these words may be found; nothing when one of them is in no list. */
function oneOf(words: readonly string[]): Entries[] {
  const first = words.map((word) => entriesOf(word)[0]);
  return first.every((entry) => entry !== undefined) ? [first.flat()] : [];
}

/** At most `limit` needs that stand in one list of each of `entries`, newest first, as (at, id). @param scope `+`: those that wait for a claim */
function shelf(
  corp: string,
  scope: '' | '+',
  entries: readonly Entries[],
  filters: readonly Prisma.Sql[],
  limit: number,
  after: Cursor | undefined,
): Prisma.Sql {
  const key = (list: string) => Prisma.sql`need_list(${corp}, ${scope}, ${list})`;
  const further = beyond(Prisma.sql`at, need_id`, after);
  const each = entries.map(([list = '', ...others]) =>
    others.length === 0
      ? Prisma.sql`(SELECT at, need_id FROM need_gram WHERE ${every([Prisma.sql`list = ${key(list)}`, ...further])})`
      : Prisma.sql`(SELECT DISTINCT at, need_id FROM need_gram WHERE ${every([Prisma.sql`list IN (${Prisma.join([list, ...others].map(key))})`, ...further])})`,
  );
  const [first = Prisma.empty, ...more] = each.map((list, i) => Prisma.sql`${list} ${Prisma.raw(`g${i}`)}`);
  const joins = [
    ...more.map((list) => Prisma.sql`JOIN ${list} USING (at, need_id)`),
    ...(filters.length === 0 ? [] : [Prisma.sql`JOIN need n ON n.id = need_id AND ${every(filters)}`]),
  ];
  return Prisma.sql`(SELECT at, need_id AS id FROM ${Prisma.join([first, ...joins], ' ')} ORDER BY at DESC, need_id DESC LIMIT ${limit}::int)`;
}

/**
 * Needs in which every word occurs, in the number, the words or the places it belongs to, newest first: the public ones
 * (as in `isPublic`), and in a person's own chat what is theirs or in a library they review.
 * @param places by word: organisations it may name in short, which count as its places
 */
export async function searchNeeds(
  ctx: Ctx,
  words: readonly string[],
  limit: number,
  { after, places }: { after?: Cursor | undefined; places?: ReadonlyMap<string, readonly string[]> } = {},
): Promise<Need[]> {
  type Heard = { lists: readonly Entries[]; said: Prisma.Sql };
  const each = words.map((word): Heard => {
    const numbers = numbersIn(word);
    if (numbers) return { lists: [], said: Prisma.sql`n.no = ANY(${[...numbers]}::text[])` };
    const within = [...(places?.get(word) ?? [])];
    const lists = entriesOf(word);
    if (within.length === 0) return { lists, said: says(word) };
    const said = Prisma.sql`(${says(word)} OR n.organisation_id = ANY(${within}::text[]) OR n.library_id = ANY(${within}::text[]))`;
    return { lists: lists.slice(0, 1).map((first) => [...first, ...within.map((id) => `@${id}`)]), said };
  });
  const said = each.map((one) => one.said);
  const lists = each.flatMap((one) => one.lists);
  // A number names few needs; a single character stands in no list.
  const isListed = lists.length > 0 && !words.some((word) => numbersIn(word) !== undefined);
  const isPublic = Prisma.sql`(n.published_at IS NOT NULL AND n.state <> 'WITHDRAWN')`;
  const order = Prisma.sql`n.opened_at DESC, n.id DESC`;
  const reviewed = reviewedLibraries(ctx.actor.standings);
  const isReadable =
    ctx.place === 'single'
      ? Prisma.sql`(${isPublic} OR n.author_id = ${ctx.actor.id} OR n.library_id = ANY(${reviewed}::text[]))`
      : isPublic;
  return sift(
    limit,
    after,
    (most, from) => {
      const walk = (where: Prisma.Sql) => Prisma.sql`(SELECT n.opened_at AS at, n.id FROM need n
        WHERE ${every([Prisma.sql`n.corp = ${ctx.corp}`, where, ...beyond(Prisma.sql`n.opened_at, n.id`, from), ...said])} ORDER BY ${order} LIMIT ${most}::int)`;
      const found = [
        isListed ? shelf(ctx.corp, '', lists, [], most, from) : walk(isPublic),
        ...(ctx.place === 'single' ? [walk(Prisma.sql`n.author_id = ${ctx.actor.id} AND NOT ${isPublic}`)] : []),
        ...(ctx.place === 'single' && reviewed.length > 0
          ? [
              walk(
                Prisma.sql`n.state = ANY(${[...UNPUBLISHED]}::text[]) AND n.library_id = ANY(${reviewed}::text[]) AND NOT ${isPublic}`,
              ),
            ]
          : []),
      ];
      return ctx.tx
        .$queryRaw`SELECT at, id FROM (${Prisma.join(found, ' UNION ')}) p ORDER BY at DESC, id DESC LIMIT ${most}::int`;
    },
    (page) => readNeeds(ctx.tx, every([among(page), isReadable, ...said]), page.length, order),
  );
}

/** c20260002 and 2026-2 are numbers of needs; undefined when it is none. */
function numbersIn(word: string): readonly string[] | undefined {
  const [, letter, year, running = ''] = /^([A-C])?[-—–_]?(\d{4})[-—–_]?(\d{1,4})$/iu.exec(word) ?? [];
  if (year === undefined) return undefined;
  const letters = letter === undefined ? [...NEED_LETTERS] : [letter.toUpperCase()];
  return letters.map((each) => `${each}-${year}-${running.padStart(4, '0')}`);
}
