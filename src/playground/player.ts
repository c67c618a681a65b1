/** The scenes of the house as the page plays them: in a new world, step by step, for everybody to watch. */
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { playScene, readScene, SceneError, type Scene } from './scenes.ts';
import type { Stage } from './stage.ts';
import type { Chat } from './wecom.ts';

export type Listed = { readonly file: string; readonly title: string; readonly about: string; readonly wrong?: string };
/** The scene that is being played, or was played last. */
export type Playing = {
  readonly file: string;
  readonly title: string;
  readonly steps: number;
  /** Of them done; and who does the present one. */
  readonly done: number;
  readonly who?: string;
  readonly chat?: Chat;
  readonly words?: string;
  readonly ends?: 'passed' | 'failed';
  readonly why?: string;
};

const ROOT = new URL('../../', import.meta.url);
const SCENES = new URL('scenes/', ROOT);
/** Between two steps, so that people can follow, ms. */
const PACE = 900;

/** The bytes of a file of ours that somebody sends in a scene. */
export const sceneFile = (path: string): Promise<Uint8Array> => readFile(new URL(path, ROOT));

/** Every scene with its file, or with what is wrong with it. */
export async function readScenes(): Promise<(Listed & { scene?: Scene })[]> {
  const files = (await readdir(SCENES)).filter((file) => file.endsWith('.yaml')).toSorted();
  return Promise.all(
    files.map(async (file) => {
      try {
        const scene = readScene(await readFile(new URL(file, SCENES), 'utf8'));
        return { file, title: scene.title, about: scene.about, scene };
      } catch (error) {
        if (!(error instanceof SceneError)) throw error;
        return { file, title: file, about: '', wrong: error.message };
      }
    }),
  );
}

/** From a new world to its last step. @throws SceneError */
export async function playOn(stage: Stage, scene: Scene, told?: Parameters<typeof playScene>[2]): Promise<void> {
  await stage.startOver(scene.start);
  await playScene(scene, { ...stage, wecom: stage.wecom(), file: sceneFile }, told);
}

export function createPlayer(stage: Stage, changed: () => void, pace = PACE) {
  let playing: Playing | undefined;
  const show = (next: Playing) => {
    playing = next;
    changed();
  };
  return {
    playing: () => playing,
    isBusy: () => playing !== undefined && playing.ends === undefined,
    forget: () => void (playing = undefined),
    /** @throws Error when there is no such scene, or another is being played */
    async play(file: string): Promise<void> {
      if (playing && playing.ends === undefined) throw new Error('正在演一个场景，请等它演完');
      const found = (await readScenes()).find((each) => each.file === file);
      if (!found) throw new Error(`没有场景 ${file}`);
      if (!found.scene) throw new Error(found.wrong);
      const { title, steps } = found.scene;
      const whole = { file, title, steps: steps.length };
      show({ ...whole, done: 0 });
      let done = 0;
      try {
        await playOn(stage, found.scene, async (step, chat) => {
          show({
            ...whole,
            done: done++,
            words: step.words,
            ...('who' in step ? { who: step.who } : {}),
            ...(chat ? { chat } : {}),
          });
          await sleep(pace);
        });
        show({ ...whole, done: steps.length, ends: 'passed' });
      } catch (error) {
        show({ ...whole, done, ends: 'failed', why: error instanceof Error ? error.message : String(error) });
      }
    },
  };
}
