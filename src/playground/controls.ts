/** What can be done to the world from the page: scenes, time, troubles, a new start; and what is seen behind the doors. */
import type Router from '@koa/router';
import type Koa from 'koa';
import { z } from 'zod';
import { MOMENTS, momentOf, untilWhat } from './moments.ts';
import { createPlayer, readScenes } from './player.ts';
import { SCENE_FAULTS } from './scenes.ts';
import { TROUBLES, type Stage, type Trouble } from './stage.ts';

const moves = z.strictObject({ to: z.string().min(1) });
const enrols = z.strictObject({
  name: z.string().trim().min(1, '请写名字').max(20, '名字最多20个字'),
  like: z.string().optional(),
});
const troubles = z.strictObject({ what: z.enum(Object.keys(TROUBLES) as [Trouble, ...Trouble[]]), is: z.boolean() });
const named = z.strictObject({ name: z.string() });
const powers = z.strictObject({ up: z.boolean() });
const plays = z.strictObject({ file: z.string() });

type Body = <T>(ctx: Koa.Context, schema: z.ZodType<T>) => Promise<T>;

export function createControls(stage: Stage, changed: () => void, moved: (words: string) => void, pace?: number) {
  const player = createPlayer(stage, changed, pace);

  /** What the page shows of it all the time. */
  const state = async () => ({
    now: stage.now(),
    isUp: stage.isUp(),
    moments: [...(await stage.waitedFor()).map(({ words }) => `等到${words}`), ...MOMENTS],
    faults: Object.keys(SCENE_FAULTS),
    troubles: Object.entries(TROUBLES).map(([what, words]) => ({ what, words, is: stage.troubles.has(what as Trouble) })),
    playing: player.playing(),
  });

  function routes(router: Router, body: Body): void {
    router.get('/api/behind', async (ctx) => {
      const [units, waiting, tally] = await Promise.all([stage.units(), stage.waiting(), stage.tally()]);
      ctx.body = { turns: stage.turns(), units, waiting, tally, log: stage.log().slice(-100) };
    });
    router.get('/api/scenes', async (ctx) => {
      ctx.body = (await readScenes()).map(({ scene, ...listed }) => ({ ...listed, steps: scene?.steps.length ?? 0 }));
    });
    router.post('/api/scenes', async (ctx) => {
      const { file } = await body(ctx, plays);
      await player.play(file);
      ctx.body = player.playing();
    });
    router.post('/api/time', async (ctx) => {
      const { to } = await body(ctx, moves);
      const moment = momentOf(to, stage.now(), await stage.waitedFor());
      const what = untilWhat(to);
      if (!moment && what !== undefined) return ctx.throw(400, `现在没有在等“${what}”`);
      if (!moment) return ctx.throw(400, `看不懂时间“${to}”，例：3天后、下一个工作日 9:00、2026-12-31 18:00`);
      if (moment < stage.now()) return ctx.throw(400, '时间只能往前走。要回到过去，请重新开始。');
      await stage.moveTo(moment);
      moved(to);
      ctx.body = { now: stage.now() };
    });
    router.post('/api/over', async (ctx) => {
      if (player.isBusy()) return ctx.throw(409, '正在演一个场景，请等它演完');
      player.forget();
      await stage.startOver();
      ctx.body = {};
    });
    router.post('/api/enrol', async (ctx) => {
      const { name, like } = await body(ctx, enrols);
      ctx.body = { user: await stage.enrol(name, like) };
    });
    router.post('/api/trouble', async (ctx) => {
      const { what, is } = await body(ctx, troubles);
      stage.trouble(what, is);
      ctx.body = {};
    });
    router.post('/api/power', async (ctx) => {
      await ((await body(ctx, powers)).up ? stage.revive() : stage.kill());
      ctx.body = {};
    });
    router.post('/api/named-fault', async (ctx) => {
      const { name } = await body(ctx, named);
      const fault = SCENE_FAULTS[name];
      if (!fault) return ctx.throw(400, `没有故障“${name}”`);
      stage.wecom().fault(fault);
      ctx.body = {};
    });
  }

  return { state, routes };
}
