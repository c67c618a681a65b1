/**
 * 项项有落实 (checklist D8): every step of a need, and the one timer that goes on with it when nobody does (rules.md 1.5): window →
 * branch → members → alliance → the library's owner; start or release; reminders; verification after silence; 整改 overdue.
 */
import { defineJob, type Addressee, type Ctx } from '../bot/ctx.ts';
import { at, dayOf, dueAfterWorkdays, plusDays, timeOf } from '../kernel/calendar.ts';
import { refuse } from '../kernel/refusal.ts';
import { alliancesAround, below, holders, holdersAmong, organisation, parameters, type Holder } from '../people/index.ts';
import { mobilisedAround, PARTY_KINDS, reviewersOf, reviewingLibraries } from './rules.ts';
import {
  addNote,
  claimMembers,
  clearMembers,
  listSupporters,
  loadNeed,
  moveNeed,
  recordClaim,
  replaceMember,
  restoreNeed,
  type Change,
  type Need,
} from './store.ts';
import { tap } from './taps.ts';
import { NEED_PARAMETERS, type NeedState } from './words.ts';

type Following = { readonly no: string; readonly state: NeedState };

/** 动员: who is asked when nobody claims, one circle after another; after the last the library's owner has it. */
const CIRCLES: readonly { how: string; say: (no: string) => string; who(ctx: Ctx, need: Need): Promise<readonly Addressee[]> }[] =
  [
    {
      how: '请动员支部的党员认领，或者支部集体认领',
      say: (no) => `说“认领 ${no}”或“我们支部认领${no}”`,
      who: async (ctx, need) => holdersAmong(ctx, await partyOrganisations(ctx, need), ['PARTY_SECRETARY']),
    },
    {
      how: '能帮上忙的请认领，一个人干不了就请支部、党小组集体认领',
      say: (no) => `说“认领 ${no}”`,
      who: async (ctx, need) => holdersAmong(ctx, await partyOrganisations(ctx, need), ['PARTY_MEMBER']),
    },
    {
      how: '请看看联盟里谁能办，也可以由联盟集体认领',
      say: (no) => `说“我们联盟认领${no}”，或请党员说“认领 ${no}”`,
      who: alliancesAsked,
    },
  ];

/** Of the place whose people are asked: the Party organisation there and those below it, down to its 党小组. */
async function partyOrganisations(ctx: Ctx, need: Need): Promise<string[]> {
  const place = mobilisedAround(need.class, await organisation(ctx, need.from.id));
  return [place, ...(await below(ctx, place.id, PARTY_KINDS))].map(({ id }) => id);
}

/** The alliances of the firm it comes from, or of the firms its Party organisations look after; each by its 秘书长, else its 第一书记. */
async function alliancesAsked(ctx: Ctx, need: Need): Promise<readonly Addressee[]> {
  const own = await alliancesAround(ctx, [need.from.id]);
  const alliances = own.length > 0 ? own : await alliancesAround(ctx, await partyOrganisations(ctx, need));
  const asked = await holdersAmong(ctx, alliances, ['SECRETARY_GENERAL']);
  return asked.length > 0 ? asked : holdersAmong(ctx, alliances, ['FIRST_SECRETARY']);
}

const FALLBACK = CIRCLES.length + 1;

export const NOBODYS = {
  claimantId: null,
  claimantStandingId: null,
  claimantOrganisationId: null,
  claimedAt: null,
  wanted: null,
  startedAt: null,
  offeredToId: null,
  nudges: 0,
} as const;

/** One step, with the timer that follows from it. @returns false when somebody was first */
export async function move(ctx: Ctx, need: Need, to: NeedState, data: Change = {}): Promise<boolean> {
  if (!(await moveNeed(ctx, need, to, data))) return false;
  if (to === 'CLAIMED') await noteClaim(ctx, need, data);
  const { stage = need.stage } = data;
  await follow(ctx, { no: need.no, stage: Number(stage) }, to);
  return true;
}

/** By whom it was claimed when the claim is whole: a group that gathered, somebody of their own wish, or somebody it was given to. */
async function noteClaim(
  ctx: Ctx,
  need: Need,
  { claimantId = need.claimant?.id, claimedAt = need.claimedAt }: Change,
): Promise<void> {
  if (!(claimedAt instanceof Date)) throw new Error(`${need.no} is claimed at no time`);
  const kind = need.state === 'GATHERING' ? 'COLLECTIVE' : claimantId === ctx.actor.id ? 'INDIVIDUAL' : 'ASSIGNED';
  await recordClaim(ctx, need.id, claimedAt, kind);
}

/** 撤销: a step taken by mistake never was. @returns false when another followed it */
export async function restore(ctx: Ctx, need: Need, to: NeedState, data: Change = {}): Promise<boolean> {
  if (!(await restoreNeed(ctx, need, to, data))) return false;
  await follow(ctx, need, to);
  return true;
}

/** Somebody was first with a step. */
export function changed({ no }: Pick<Need, 'no'>): never {
  return refuse('need.changed', `${no} 刚刚变过，请看看它现在的状态再试。`);
}

/** Open again for everybody, where 动员 had come to (a claim that came to nothing wins no days); who stands by is asked first. */
export async function release(ctx: Ctx, need: Need): Promise<boolean> {
  await clearMembers(ctx, need.id);
  if (!(await move(ctx, need, 'OPEN', NOBODYS))) return false;
  if (need.group) ctx.stamp(joinKey(need), '重新开放认领了');
  ctx.notify(
    await listSupporters(ctx, need.id, ['STANDBY']),
    { text: `您候补的 ${need.no}“${need.summary}”现在没有人办了，想接就说“认领 ${need.no}”。` },
    { kind: 'ask' },
  );
  return true;
}

/** When the timer of a state rings; undefined for states that wait for nobody. */
async function follow(ctx: Ctx, { no, stage }: Pick<Need, 'no' | 'stage'>, state: NeedState): Promise<void> {
  const limits = await parameters(ctx, NEED_PARAMETERS);
  const inDays = (days: number) => at(plusDays(dayOf(ctx.now), days), timeOf(ctx.now));
  const due: Partial<Record<NeedState, () => Date>> = {
    OPEN: () => inDays(stage === 0 ? limits['demand.open_window_d'] : limits['demand.stage_d']),
    GATHERING: () => inDays(limits['demand.gather_d']),
    CLAIMED: () => dueAfterWorkdays(ctx.now, limits['demand.start_wd']),
    UNDERWAY: () => inDays(limits['demand.nudge_d']),
    DELIVERED: () => dueAfterWorkdays(ctx.now, limits['demand.rating_silent_wd']),
    RECTIFYING: () => dueAfterWorkdays(ctx.now, limits['demand.rectify_wd']),
  };
  const when = due[state]?.();
  if (when) ctx.schedule(goOn, { no, state }, when, { key: no });
}

/** From now on again. */
async function waitAgain(ctx: Ctx, need: Need): Promise<void> {
  await follow(ctx, need, need.state);
}

export const goOn = defineJob<Following>({
  name: 'need.go-on',
  async run(ctx, { no, state }) {
    const need = await loadNeed(ctx, no);
    if (need.state !== state) return;
    ctx.record(no, { overdue: state });
    await OVERDUE[state]?.(ctx, need);
  },
});

const OVERDUE: Partial<Record<NeedState, (ctx: Ctx, need: Need) => Promise<void>>> = {
  OPEN: mobilise,
  async GATHERING(ctx, need) {
    const members = await claimMembers(ctx, need.id);
    await release(ctx, need);
    ctx.notify(members, {
      text: `${need.no}“${need.summary}”的集体认领没有凑够人（${members.length}/${need.wanted ?? 0}），重新开放认领。谢谢您报名，还想办就说“认领 ${need.no}”。`,
    });
  },
  async CLAIMED(ctx, need) {
    if (await staysWithOwner(ctx, need, '还没有开工')) return;
    const told = await workers(ctx, need);
    await release(ctx, need);
    ctx.notify([...told, need.author], {
      text: `需求 ${need.no}“${need.summary}”认领后一直没有开工，重新开放认领了。还想办的党员说“认领 ${need.no}”就行。`,
    });
  },
  async UNDERWAY(ctx, need) {
    const { 'demand.release_after_nudges': limit, 'demand.nudge_d': days } = await parameters(ctx, NEED_PARAMETERS);
    const told = await workers(ctx, need);
    if (need.nudges >= limit) {
      if (await staysWithOwner(ctx, need, `提醒了${limit}次还没有进展`)) return;
      await release(ctx, need);
      ctx.notify([...told, need.author], {
        text: `需求 ${need.no}“${need.summary}”提醒了${limit}次还没有进展，重新开放认领了。做过的都记着，谢谢出过力的同志。`,
      });
      return;
    }
    await countNudges(ctx, need, need.nudges + 1);
    ctx.notify(
      told,
      {
        text: `${need.no}“${need.summary}”${days}天没有进展了。说一句“${need.no} 进展：……”就行；办完了说“${need.no} 办完了”，办不了说“放弃 ${need.no}”。`,
      },
      { kind: 'ask' },
    );
  },
  async DELIVERED(ctx, need) {
    await waitAgain(ctx, need);
    const { owners } = await owned(ctx, need);
    ctx.notify(
      owners,
      {
        card: {
          title: `请核验需求 ${need.no}`,
          note: '报的人没有评价',
          facts: [
            ['来自', need.from.shortName],
            ['办的人', need.claimant?.called ?? ''],
          ],
          quote: need.summary,
          buttons: [
            { text: '办好了', tap: tap('need.verify', { number: need.no, verdict: 'GOOD' }) },
            { text: '要整改', tap: tap('need.verify', { number: need.no, verdict: 'BAD' }) },
          ],
        },
      },
      { key: verifyKey(need) },
    );
  },
  async RECTIFYING(ctx, need) {
    await waitAgain(ctx, need);
    const { owners } = await owned(ctx, need);
    ctx.notify(
      owners,
      {
        text: `${need.no}“${need.summary}”整改到期了还没有交。请复查：合格说“核验 ${need.no} 办好了”，不合格说“退出 ${need.no}：原因”。`,
      },
      { kind: 'ask' },
    );
    ctx.notify(await workers(ctx, need), { text: `${need.no} 整改到期了，请尽快办完，说“${need.no} 办完了”。` }, { kind: 'ask' });
  },
};

/** Nobody claimed it so far: the next circle in which somebody is, or its library's owner has it. */
async function mobilise(ctx: Ctx, need: Need): Promise<void> {
  for (const [i, circle] of CIRCLES.entries()) {
    if (i < need.stage) continue;
    const asked = await circle.who(ctx, need);
    if (asked.length === 0) continue;
    await move(ctx, need, 'OPEN', { stage: i + 1 });
    const text = `需求 ${need.no}“${need.summary}”（${need.from.shortName}）还没有人认领。${circle.how}：${circle.say(need.no)}。`;
    return ctx.notify(asked, { text }, { kind: 'ask' });
  }
  return assignFallback(ctx, need);
}

/** 兜底指派: on day 16 at the latest the library's owner has it, and may hand it to somebody. */
async function assignFallback(ctx: Ctx, orphan: Need): Promise<void> {
  const { need, owners } = await owned(ctx, orphan);
  const [owner] = owners;
  if (!owner) return waitAgain(ctx, need);
  await move(ctx, need, 'CLAIMED', { ...claimOf(owner), claimedAt: ctx.now, stage: FALLBACK });
  ctx.notify(
    owners,
    {
      text: `需求 ${need.no}“${need.summary}”一直没人认领，按规定由${need.library.shortName}接。现在记在${owner.called}名下，可以说“指派 ${need.no} 给 姓名”交给合适的党员。`,
    },
    { kind: 'ask' },
  );
  ctx.notify([need.author], {
    text: `您报的需求 ${need.no}“${need.summary}”已由${need.library.shortName}（${owner.called}）接下来办。`,
  });
}

/** What fell to the library's owner opens to nobody any more: it is asked of them again, and the level above hears. */
async function staysWithOwner(ctx: Ctx, need: Need, what: string): Promise<boolean> {
  if (need.stage !== FALLBACK) return false;
  const { owners } = await owned(ctx, need);
  if (!owners.some(({ id }) => id === need.claimant?.id)) return false;
  await waitAgain(ctx, need);
  const late = `${need.no}“${need.summary}”没人认领，按规定由${need.library.shortName}接，${what}`;
  ctx.notify(owners, { text: `${late}。请说“开工 ${need.no}”，或说“指派 ${need.no} 给 姓名”交给合适的党员。` }, { kind: 'ask' });
  ctx.notify(await superiorsOf(ctx, need, owners), { text: `需求 ${late}，请督促一下。` }, { kind: 'ask' });
  return true;
}

/** Who reviews at the nearest level above its library where somebody besides these is. */
export async function superiorsOf(ctx: Ctx, need: Need, besides: readonly Holder[]): Promise<readonly Holder[]> {
  const libraries = reviewingLibraries(need.class, await organisation(ctx, need.from.id));
  for (const library of libraries.slice(libraries.findIndex(({ id }) => id === need.library.id) + 1)) {
    const found = await holders(ctx, library.id, reviewersOf(library));
    const others = found.filter(({ id }) => !besides.some((each) => each.id === id));
    if (others.length > 0) return others;
  }
  return [];
}

/** Who answers for it now, and for what is asked about it. A library in which nobody is left gives it to the next level, as in a review; none only where the county has none. */
export async function owned(ctx: Ctx, need: Need): Promise<{ need: Need; owners: readonly Holder[] }> {
  for (const library of [need.library, ...reviewingLibraries(need.class, await organisation(ctx, need.from.id))]) {
    const owners = await holders(ctx, library.id, reviewersOf(library));
    if (owners.length === 0) continue;
    if (library.id === need.library.id) return { need, owners };
    await restoreNeed(ctx, need, need.state, { libraryId: library.id });
    ctx.record(need.no, { overdue: need.state, library: [need.library.id, library.id] });
    return { need: { ...need, library }, owners };
  }
  return { need, owners: [] };
}

export function claimOf({ id, standingId }: Pick<Holder, 'id' | 'standingId'>): Change {
  return { claimantId: id, claimantStandingId: standingId };
}

/** Everybody who works on it: the claimant, and who joined. */
export async function workers(ctx: Ctx, need: Need): Promise<readonly { userId: string }[]> {
  const members = need.group ? await claimMembers(ctx, need.id) : [];
  const all = new Set([...(need.claimant ? [need.claimant] : []), ...members].map(({ userId }) => userId));
  return [...all].map((userId) => ({ userId }));
}

/** 转交, 转派: somebody else works on it from now on, where it stands and within what is left of a 整改; who did so far is told. */
export async function passOn(
  ctx: Ctx,
  need: Need,
  to: { id: string; userId: string; called: string; standingId: string },
): Promise<void> {
  const told = [...(await workers(ctx, need)), need.author].map(({ userId }) => userId);
  const hands = { ...claimOf(to), offeredToId: null, nudges: 0 };
  const isDone =
    need.state === 'RECTIFYING' ? await restoreNeed(ctx, need, need.state, hands) : await restore(ctx, need, need.state, hands);
  if (!isDone) changed(need);
  await addNote(ctx, need.id, `由${need.claimant?.called ?? ''}转给${to.called}接着办`, []);
  if (need.group) await replaceMember(ctx, need.id, need.claimant?.id ?? '', to.id);
  const text = `需求 ${need.no}“${need.summary}”由${need.claimant?.called ?? ''}转给${to.called}接着办，做过的都记着。`;
  const others = [...new Set(told)].filter((userId) => userId !== ctx.actor.userId && userId !== to.userId);
  ctx.notify(
    others.map((userId) => ({ userId })),
    { text },
  );
}

/** Cards that call people to a collective claim. */
export function joinKey({ no }: Pick<Need, 'no'>): string {
  return `need.join:${no}`;
}

export function verifyKey(need: Pick<Need, 'no' | 'rectifications'>): string {
  return `need.verify:${need.no}:${need.rectifications}`;
}

/** After a note none, after a reminder one more; and the time runs anew. */
export async function countNudges(ctx: Ctx, need: Need, nudges: number): Promise<void> {
  await restoreNeed(ctx, need, need.state, { nudges });
  await waitAgain(ctx, need);
}
