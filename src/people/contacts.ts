/** 通讯录对账: who is no longer in the corp's address book is proposed as a leaver, never taken off the roster by itself. */
import { defineJob, type Ctx } from '../bot/ctx.ts';
import type { Db } from '../db/db.ts';
import { enqueueJobs } from '../db/jobs.ts';
import type { Json } from '../kernel/json.ts';
import { missingFrom, type Plan } from './roster/rules.ts';
import { propose } from './roster/roster.ts';
import { loadRoster, openProposal } from './roster/store.ts';
import { previewCard } from './roster/text.ts';
import { everyHolder } from './store.ts';

/** The corp's address book, as far as the contact secret sees it (protocol D.5, `user/list_id`). */
export type Contacts = {
  /** Everybody's WeCom id. @throws Unavailable */
  listUserIds(): Promise<readonly string[]>;
};

/** Asked for every night, and soon after each change_contact event, which is only a hint (protocol C.3). */
export const LIST_CONTACTS = 'contacts.list';
/** A change often comes with others. */
const SOON_MS = 60_000;
/** When more than this share would be missing, the address book is seen in part rather than left by so many. */
const BELIEVABLE = 0.2;

type Options = { contacts: Contacts; db: Db; corp: string; clock: () => Date; id: () => string };

/** Every night WeCom is to be asked. */
const askContacts = defineJob<Json>({
  name: 'contacts.nightly',
  every: { daily: '02:30' },
  run(ctx) {
    ctx.schedule(LIST, {}, ctx.now, { key: 'nightly' });
    return Promise.resolve();
  },
});

/** What the courier carries; only its name is needed to schedule it. */
const LIST = { name: LIST_CONTACTS, run: () => Promise.reject(new Error('the courier asks')) };

/** What asks WeCom, outside any transaction, and leaves the answer to be compared. Only where there is somebody to ask. */
export function createReconciliation({ contacts, db, corp, clock, id }: Options) {
  return {
    nightly: askContacts,
    /** After a change_contact event. */
    hint: () =>
      enqueueJobs(db.client, corp, clock(), [
        { id: id(), name: LIST_CONTACTS, key: 'hint', queue: null, payload: {}, dueAt: new Date(clock().getTime() + SOON_MS) },
      ]),
    courier: {
      async carry(): Promise<void> {
        const ids = await contacts.listUserIds();
        const job = { id: id(), name: compareContacts.name, key: 'all', queue: null, payload: { ids: [...ids] }, dueAt: clock() };
        await enqueueJobs(db.client, corp, clock(), [job]);
      },
    },
  };
}

/** Who is on the roster and not among the ids becomes a proposal to the administrators. */
export const compareContacts = defineJob<{ ids: readonly string[] }>({
  name: 'contacts.compare',
  async run(ctx, { ids }) {
    const roster = await loadRoster(ctx);
    const plan = missingFrom(roster, ids);
    if (plan.people.length === 0) return;
    const administrators = await everyHolder(ctx, 'ADMINISTRATOR');
    if (plan.people.length > roster.people.length * BELIEVABLE && plan.people.length > 1) {
      ctx.notify(administrators, {
        text: `今天对通讯录时，名册里有${plan.people.length}人（共${roster.people.length}人）不在企业通讯录里，多得不正常，所以没有列成离开名单。请先检查应用的可见范围和通讯录同步权限。`,
      });
      return;
    }
    if (await isProposed(ctx, plan)) return;
    const no = await propose(ctx, 'CONTACTS', plan);
    ctx.record(no, { people: plan.people.length });
    const card = previewCard(no, plan, roster);
    ctx.notify(administrators, { card: { ...card, title: `离开名单 ${no}`, note: '这些人不在企业通讯录里了，还没有动' } });
  },
});

async function isProposed(ctx: Ctx, plan: Plan): Promise<boolean> {
  const open = await openProposal(ctx);
  const accounts = (each: Plan) => each.people.map(({ before }) => before?.account).join();
  return open?.plan != null && accounts(open.plan) === accounts(plan);
}
