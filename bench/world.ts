/** A database of its own with the demo world and as many more people as wanted; and the secrets of the doors. */
import { randomBytes, randomUUID } from 'node:crypto';
import { openDb, type Db } from '../src/db/db.ts';
import { migrate } from '../src/db/migrate.ts';
import { seedDemo, type Role } from '../src/people/index.ts';
import type { Credentials } from '../src/playground/wecom.ts';
import { startPostgres, startRedis, type Service } from '../test/services.ts';

export const CORP = 'wwBench';

type Seat = { readonly role: Role; readonly organisation: string };
export type Extra = Seat & { readonly userId: string; readonly name: string; readonly also?: Seat };

/** A Postgres and a Redis of our own. */
export type Services = { readonly postgres: Service; readonly redis: Service; stop(): Promise<void> };

/** @throws Error with a sentence for whoever has not installed them */
export async function startServices(): Promise<Services> {
  const [postgres, redis] = await Promise.allSettled([startPostgres(), startRedis()]);
  const stop = async () => {
    for (const service of [postgres, redis]) if (service.status === 'fulfilled') await service.value.stop();
  };
  if (postgres.status === 'fulfilled' && redis.status === 'fulfilled')
    return { postgres: postgres.value, redis: redis.value, stop };
  await stop();
  throw [postgres, redis].find((service) => service.status === 'rejected')?.reason;
}

/** One more organisation like one of the demo world. `party`: what looks after an enterprise. */
export type Copy = { readonly id: string; readonly like: string; readonly parent?: string; readonly party?: string };

/** So many people of one role at one place, told apart by the last digit of their ids. */
export function many(count: number, id: string, surname: string, role: Role, organisation: string): Extra[] {
  return Array.from({ length: count }, (_, n) => ({ userId: `${id}${n}`, name: `${surname}${n}`, role, organisation }));
}

/** A migrated database with the demo world, more organisations and more people, all of CORP. */
export async function createWorld(
  postgres: string,
  people: readonly Extra[],
  copies: readonly Copy[] = [],
  since = new Date(),
): Promise<{ url: string; db: Db }> {
  const name = `bench_${randomUUID().replaceAll('-', '')}`;
  const server = await openDb({ url: postgres });
  await server.execute(`CREATE DATABASE ${name}`);
  await server.close();
  const url = Object.assign(new URL(postgres), { pathname: name }).href;
  const db = await openDb({ url });
  await migrate(db);
  const id = (local: string) => `${CORP}:${local}`;
  await seedDemo(db, CORP, since);
  for (const { id: own, like, parent, party } of copies) {
    const changes = {
      id: id(own),
      code: own,
      name: own,
      short_name: own,
      ...(parent === undefined ? {} : { parent_id: id(parent) }),
      ...(party === undefined ? {} : { party_organisation_id: id(party) }),
    };
    await db.client.$executeRaw`
      INSERT INTO organisation SELECT (jsonb_populate_record(o, ${JSON.stringify(changes)}::jsonb)).* FROM organisation o
      WHERE id = ${id(like)}`;
  }
  await db.client.person.createMany({
    data: people.map(({ userId, name }) => ({ id: id(userId), corp: CORP, userId, userKey: userId.toLowerCase(), name })),
  });
  await db.client.standing.createMany({
    data: people.flatMap(({ userId, role, organisation, also }) =>
      [{ role, organisation }, ...(also ? [also] : [])].map((seat, n) => ({
        id: id(`${userId}:${n}`),
        personId: id(userId),
        organisationId: id(seat.organisation),
        role: seat.role,
        since,
      })),
    ),
  });
  // A run is the same at any time of the day: nothing waits for the morning.
  await db.client.parameter.createMany({
    data: ['msg.quiet_from_h', 'msg.quiet_to_h'].map((key) => ({ id: key, corp: CORP, key, value: 0, since: new Date(0) })),
  });
  return { url, db };
}

export function createCredentials(): Credentials {
  const secret = () =>
    randomBytes(64)
      .toString('base64')
      .replace(/[^A-Za-z0-9]/g, '')
      .slice(0, 43);
  return {
    corpId: CORP,
    bot: { id: 'aibBench', name: '党建助手', token: secret(), aesKey: secret() },
    app: { agentId: 1000002, name: '党建助手', secret: secret(), token: secret(), aesKey: secret() },
  };
}
