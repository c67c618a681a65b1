/** 草稿: what is filled in for a matter that takes days outlives memory, and whoever put it aside is reminded before it goes. */
import { draftsOf, dropDraft, forgetDrafts, keepDraft, passDraft, remindable } from '../db/drafts.ts';
import type { Tx } from '../db/db.ts';
import type { Vault } from '../kernel/vault.ts';
import type { Person } from './actor.ts';
import type { Catalogue } from './catalogue.ts';
import { defineJob, type Ctx, type Job } from './ctx.ts';
import type { Intent } from './intent.ts';
import { DRAFTS, type Session, type Talk } from './session.ts';
import type { Handover } from './succession.ts';

const DAY_MS = 24 * 3_600_000;
/** Days before it goes. */
const REMINDER = 3;

type Store = { readonly tx: Tx; readonly corp: string; readonly vault: Vault };

/** What the person put aside and memory has lost. */
export async function keptTalks({ tx, corp, vault }: Store, personId: string): Promise<readonly Talk[]> {
  const rows = await draftsOf(tx, corp, personId, DRAFTS);
  return rows.map(({ sealed }) => JSON.parse(vault.open(sealed)) as Talk);
}

/** Of a turn that led from one session to the next: what was added to is kept, what was carried out or given up is not. */
export async function keepTalks(
  { tx, corp, vault }: Store,
  catalogue: Pick<Catalogue, 'find'>,
  person: Person,
  now: Date,
  [before, after]: readonly [Session, Session],
): Promise<void> {
  const kept = ({ talk, drafts = [] }: Session) =>
    [...drafts, ...(talk ? [talk] : [])].filter(
      ({ intent, said }) => keeps(catalogue.find(intent)) && Object.keys(said).length > 0,
    );
  const [had, has] = [kept(before), kept(after)];
  for (const talk of has) {
    if (had.some((each) => JSON.stringify(each) === JSON.stringify(talk))) continue;
    const [only] = catalogue.find(talk.intent)?.who.standings(person) ?? [];
    const { id, intent, standing: standingId = only?.id ?? '' } = talk;
    await keepDraft(tx, corp, now, { id, intent, personId: person.id, standingId, sealed: vault.seal(JSON.stringify(talk)) });
  }
  // A draft that only made room for others is still there for 继续 once these are done.
  const isPushedOut = (id: string) => id !== before.talk?.id && after.drafts?.length === DRAFTS;
  for (const { id } of had) if (!has.some((each) => each.id === id) && !isPushedOut(id)) await dropDraft(tx, corp, id);
}

function keeps(intent: Intent | undefined): boolean {
  return intent?.draftDays !== undefined;
}

export function draftJob(intents: readonly Intent[]): Job<Record<string, never>> {
  return defineJob({
    name: 'talk.drafts',
    every: { daily: '08:50' },
    async run(ctx) {
      for (const intent of intents) {
        const { name, title } = intent;
        const days = await intent.draftDays?.(ctx);
        if (days === undefined) continue;
        const ago = (n: number) => new Date(ctx.now.getTime() - n * DAY_MS);
        await forgetDrafts(ctx.tx, ctx.corp, name, ago(days));
        const text = `您的“${title}”还有一份没有填完，再过${REMINDER}天就不留了。说“继续”接着填，填过的都在；不用了不必理会。`;
        ctx.notify(await remindable(ctx.tx, ctx.corp, name, ago(days - REMINDER), ctx.now), { text });
      }
    },
  });
}

/** 交接: what lies half filled in a standing that goes to somebody else goes along; what is only lent stays. */
export async function passDrafts(ctx: Ctx, { from, to, isLent }: Handover): Promise<void> {
  if (isLent) return;
  const rows = (await draftsOf(ctx.tx, ctx.corp, from.person, DRAFTS)).filter(({ standingId }) => standingId === from.standing);
  for (const row of rows) {
    const { standing: _theirs, ...talk } = JSON.parse(ctx.vault.open(row.sealed)) as Talk;
    const sealed = ctx.vault.seal(JSON.stringify({ ...talk, standing: to.standing }));
    await passDraft(ctx.tx, ctx.corp, { ...row, personId: to.person, standingId: to.standing, sealed });
  }
  if (rows.length > 0) ctx.notify([to], { text: `${rows.length}份没有填完的也交给您了，说“继续”接着填。` });
}
