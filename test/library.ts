/** A library large enough to inspect, laid straight into the tables: nobody waits for five hundred conversations. */
import { START, type Chat } from './chat.ts';

const A = 60;
const B = 140;
const C = 300;
const HOUR_MS = 3_600_000;

/**
 * A library of 500 that were finished in the quarter, each with the decision that published it. Every fourth was claimed by a group,
 * the i-th one to nine hours after its publication; every fifth was verified instead of rated;
 * of every ten one was in time for its deadline and one a day late.
 */
export async function library({ db, corp }: Chat): Promise<void> {
  const classes = [
    ...Array.from({ length: A }, () => ['A', 'COUNTY', 'county', 'orgdept'] as const),
    ...Array.from({ length: B }, () => ['B', 'TOWN', 'town1', 'town1'] as const),
    ...Array.from({ length: C }, (_, i) => ['C', 'ORGANISATION', `branch${(i % 2) + 1}`, `enterprise${(i % 2) + 1}`] as const),
  ];
  const running: Record<string, number> = {};
  const worker = await db.client.standing.findFirstOrThrow({ where: { person: { corp, userId: 'worker.a' } } });
  const member = await db.client.standing.findFirstOrThrow({ where: { person: { corp, userId: 'member.a' } } });
  const needs = classes.map(([letter, needClass, libraryId, organisationId], i) => {
    running[letter] = (running[letter] ?? 0) + 1;
    return {
      id: `${corp}:need${i}`,
      corp,
      no: `${letter}-2026-${String(running[letter]).padStart(4, '0')}`,
      class: needClass,
      summary: `第${i}件事`,
      state: 'DONE',
      authorId: worker.personId,
      standingId: worker.id,
      organisationId: `${corp}:${organisationId}`,
      libraryId: `${corp}:${libraryId}`,
      openedAt: START,
      reviewDue: START,
      publishedAt: START,
      claimantId: member.personId,
      claimantStandingId: member.id,
      claimedAt: START,
      startedAt: START,
      deliveredAt: START,
      endedAt: START,
      rating: i % 5 === 0 ? null : 5,
      deadline: i % 10 < 2 ? new Date(i % 10 === 0 ? '2026-12-31' : '2026-11-23') : null,
    };
  });
  await db.client.need.createMany({ data: needs });
  await db.client.needClaim.createMany({
    data: needs.map(({ id }, i) => ({
      needId: id,
      at: new Date(START.getTime() + (1 + (i % 9)) * HOUR_MS),
      kind: i % 4 === 0 ? 'COLLECTIVE' : 'INDIVIDUAL',
    })),
  });
  await db.client.audit.createMany({
    data: needs.map(({ id, no }) => ({
      id: `${id}:audit`,
      corp,
      at: START,
      intent: 'approval.approve',
      channel: 'test',
      subject: no,
      outcome: 'done',
    })),
  });
  await db.client.counter.createMany({
    data: Object.entries(running).map(([letter, last]) => ({ corp, letter, year: 2026, last })),
  });
}
