/** 撤销: the last act of a person is taken back within a short window (rules.md row 109). Every intent says itself how. */
import { lastAct, type Act } from '../db/work.ts';
import { showTime } from '../kernel/calendar.ts';
import { refuse } from '../kernel/refusal.ts';
import type { Person, Standing, Who } from './actor.ts';
import type { Ctx } from './ctx.ts';
import { defineIntent, type Intent } from './intent.ts';
import { sure } from './pattern.ts';
import type { Message, Reply } from './reply.ts';
import { followedBy } from './several.ts';

export type { Act };

/** How to take back what `run` of an intent did. Both work on what `run` recorded. @see Ctx.record */
export type Undo = {
  /** In the standing it was done in. @throws Refusal when something was built upon it, with what to do instead */
  run(ctx: Ctx, act: Act): Promise<Reply>;
  /** What to do once it is too late, as a sentence. */
  instead(act: Pick<Act, 'subject'>): string;
  /** Where only some of what the intent does can be taken back: those about these subjects. */
  covers?(subject: string): boolean;
};

/** How far back 撤销 looks for what it refuses by name. */
const LOOKS_BACK_MS = 3_600_000;

/** @param minutes the window in force */
export function undoIntent(intents: readonly Intent[], minutes: (ctx: Ctx) => Promise<number>) {
  const undoable = intents.filter(({ undo }) => undo);
  return defineIntent({
    name: 'act.undo',
    title: '撤销',
    help: '“撤销”：刚才那一步点错了，马上说',
    says: ['撤销', '撤销刚才的操作', '点错了'],
    matches: [
      sure`(?:撤销|反悔)(?:刚才|刚刚|上一步|刚才的|刚刚的)?(?:操作|那一?步|那件事|上一步)?(?:吧)?`,
      sure`(?:我)?(?:刚才|刚刚)?(?:点|按|说)错了`,
    ],
    who: union(undoable.map(({ who }) => who)),
    where: 'anywhere',
    slots: {},
    async run(ctx) {
      const act = await lastAct(ctx.tx, ctx.corp, ctx.actor.id, new Date(ctx.now.getTime() - LOOKS_BACK_MS));
      if (!act) return refuse('undo.nothing', '最近没有办过什么，不用撤销。要撤回以前报的需求，说“撤回”加编号。');
      if (act.intent === 'act.undo') refuse('undo.done', '刚才那件事已经撤销了，再往前的不能这样撤销。说“我的”看现在的样子。');
      const intent = intents.find(({ name }) => name === act.intent);
      const undo = intent && undoOf(intent, act.subject);
      if (!undo) return refuse('undo.final', `刚才办的是“${intent?.title ?? '别的事'}”，这一步不能撤销。说“我的”看还能怎么办。`);
      const limit = await minutes(ctx);
      if (ctx.now.getTime() - act.at.getTime() > limit * 60_000)
        refuse(
          'undo.late',
          `“${intent.title}”是${showTime(act.at, ctx.now)}办的，过了${limit}分钟就不能撤销了。${undo.instead(act)}`,
        );
      const standing =
        intent.who.standings(ctx.actor).find(({ id }) => id === act.standingId) ?? refuse('who.forbidden', intent.who.otherwise);
      const acting = ctx.as(standing);
      const reply = await undo.run(acting, act);
      acting.record(act.subject, { undid: act.id });
      return reply;
    },
  });
}

/** How this intent takes back what it did about that, if it can. */
export function undoOf({ undo }: Intent, subject: string): Undo | undefined {
  return undo && (undo.covers?.(subject) ?? true) ? undo : undefined;
}

/** What was done, with the words that take it back. @param at the name to @ in a group */
export function withUndo(message: Message, at: string | undefined): Message {
  return followedBy(message, `点错了就马上说“${at === undefined ? '' : `@${at} `}撤销”。`);
}

/** Whoever may do one of these. */
export function union(whos: readonly Who[]): Who {
  const standings = (person: Person): readonly Standing[] => [...new Set(whos.flatMap((who) => who.standings(person)))];
  return { standings, otherwise: [...new Set(whos.map((who) => who.otherwise))].join(''), bySubject: true };
}
