/** What can be done to the world: scenes, time, faults, a new start, somebody new; and how the page looks. */
import { signal, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { changed, openPhone, post, recordedScene, scenes, startOver, world } from './model.ts';

/** How the next press on a card goes out. */
export const pressing = signal<'stale' | 'twice' | undefined>(undefined);
const open = signal<string | undefined>(undefined);
const told = signal('');

const LOOKS = { large: '大字', dark: '深色' } as const;
type Look = keyof typeof LOOKS;
const looks = signal<Readonly<Record<Look, boolean>>>({
  large: localStorage.getItem('large') === 'true',
  dark:
    localStorage.getItem('dark') === null
      ? matchMedia('(prefers-color-scheme: dark)').matches
      : localStorage.getItem('dark') === 'true',
});
function show(): void {
  for (const [look, is] of Object.entries(looks.value)) document.documentElement.toggleAttribute(`data-${look}`, is);
}
show();

async function act(path: string, body: object, done: string): Promise<void> {
  told.value = '请稍等…';
  const { error, refused } = await post(path, body);
  told.value = error ?? refused ?? done;
  await changed();
}

const clockOf = (now: string): string =>
  new Date(now).toLocaleString('zh-CN', {
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: 'Asia/Shanghai',
  });

/** The phones are what there is to see then. */
function play(file: string): void {
  open.value = undefined;
  told.value = '';
  void post('/api/scenes', { file }).then(({ error }) => (told.value = error ?? ''));
}

function Scenes(): JSX.Element {
  const { playing, recorded } = world.value;
  const text = useSignal('');
  return (
    <>
      <p class="note">从头开始演一遍，每一步都走真的加密协议。现在的对话会清空。</p>
      <ul class="scenes">
        {scenes.value.map(({ file, title, about, wrong, steps }) => (
          <li>
            <button
              type="button"
              disabled={wrong !== undefined || (playing !== undefined && playing.ends === undefined)}
              onClick={() => play(file)}
            >
              演 {title}
            </button>
            <span>{wrong ?? `${about}（${steps} 步）`}</span>
          </li>
        ))}
      </ul>
      <p>
        <button
          type="button"
          class="act"
          disabled={recorded === 0}
          onClick={() => void recordedScene().then(({ scene }) => (text.value = scene))}
        >
          把刚才的对话录成场景（{recorded} 步）
        </button>
      </p>
      {text.value !== '' && (
        <label>
          存成 scenes/ 里的一个 .yaml 文件，就能重演、也会进测试：
          <textarea class="recorded" readOnly value={text.value} onFocus={(event) => event.currentTarget.select()} />
        </label>
      )}
    </>
  );
}

function Time(): JSX.Element {
  const to = useSignal('');
  const move = (words: string): Promise<void> => act('/api/time', { to: words }, `已到“${words}”，到期的事都办了`);
  return (
    <>
      <p class="note">时间只往前走；路上到期的提醒、催办、升级，都在该办的时刻办。</p>
      <div class="choices">
        {world.value.moments?.map((words) => (
          <button type="button" class="act" onClick={() => void move(words)}>
            {words}
          </button>
        ))}
      </div>
      <form
        class="line"
        onSubmit={(event) => {
          event.preventDefault();
          void move(to.value.trim());
        }}
      >
        <label>
          或者到
          <input
            value={to.value}
            placeholder="3天后、2026-12-31 18:00"
            onInput={(event) => (to.value = event.currentTarget.value)}
          />
        </label>
        <button class="act">去</button>
      </form>
    </>
  );
}

function Faults(): JSX.Element {
  const { faults = [], troubles = [], isUp } = world.value;
  return (
    <>
      <p class="note">点一下，下一条消息就遇上它；看机器人怎么应付。</p>
      <div class="choices">
        {faults.map((name) => (
          <button type="button" class="act" onClick={() => void act('/api/named-fault', { name }, `下一次会遇上：${name}`)}>
            {name}
          </button>
        ))}
        {(['stale', 'twice'] as const).map((how) => (
          <button
            type="button"
            class="act"
            aria-pressed={pressing.value === how}
            onClick={() => (pressing.value = pressing.value === how ? undefined : how)}
          >
            {how === 'stale' ? '按旧卡片（没刷新的手机）' : '同时按两下'}
          </button>
        ))}
      </div>
      <p class="note">一直持续，到再点一次为止：</p>
      <div class="choices">
        {troubles.map(({ what, words, is }) => (
          <button
            type="button"
            class="act"
            aria-pressed={is}
            onClick={() => void act('/api/trouble', { what, is: !is }, is ? `好了：${words}` : `坏了：${words}`)}
          >
            {is ? '✓ ' : ''}
            {words}
          </button>
        ))}
        <button
          type="button"
          class="act"
          aria-pressed={!isUp}
          onClick={() => void act('/api/power', { up: !isUp }, isUp ? '机器人停了' : '机器人又起来了')}
        >
          {isUp ? '停掉机器人进程' : '重新启动机器人'}
        </button>
      </div>
    </>
  );
}

function Newcomer(): JSX.Element {
  const name = useSignal('');
  const like = useSignal('');
  const enter = async (): Promise<void> => {
    const { user, error } = await post('/api/enrol', { name: name.value, ...(like.value === '' ? {} : { like: like.value }) });
    told.value = error ?? `${name.value}进来了`;
    if (user === undefined) return;
    open.value = undefined;
    await changed();
    openPhone(user, 'bot');
  };
  return (
    <form
      class="line"
      onSubmit={(event) => {
        event.preventDefault();
        void enter();
      }}
    >
      <label>
        姓名
        <input required maxLength={20} value={name.value} onInput={(event) => (name.value = event.currentTarget.value)} />
      </label>
      <label>
        身份
        <select value={like.value} onChange={(event) => (like.value = event.currentTarget.value)}>
          <option value="">不在名册里</option>
          {world.value.users
            .filter(({ title }) => title !== '不在名册里')
            .map(({ id, title }) => (
              <option value={id}>{title}</option>
            ))}
        </select>
      </label>
      <button class="act">进来</button>
    </form>
  );
}

const PANELS = { 场景: Scenes, 时间: Time, 故障: Faults, 新来一个人: Newcomer } as const;

async function over(): Promise<void> {
  if (!confirm('现在的对话和数据都会清空，从头开始。')) return;
  told.value = '请稍等…';
  told.value = (await startOver()).error ?? '已重新开始';
}

export function Controls(): JSX.Element | null {
  const { now, isUp, playing } = world.value;
  const Panel = PANELS[(open.value ?? '') as keyof typeof PANELS];
  return (
    <section class="controls" aria-label="控制台">
      <div class="bar">
        {now !== undefined &&
          Object.keys(PANELS).map((name) => (
            <button
              type="button"
              class="act"
              aria-expanded={open.value === name}
              onClick={() => (open.value = open.value === name ? undefined : name)}
            >
              {name}
            </button>
          ))}
        {now !== undefined && (
          <button type="button" class="act" onClick={() => void over()}>
            重新开始
          </button>
        )}
        <span class="spread" />
        {now !== undefined && <time dateTime={now}>{clockOf(now)}</time>}
        {(Object.keys(LOOKS) as Look[]).map((look) => (
          <button
            type="button"
            class="act"
            aria-pressed={looks.value[look]}
            onClick={() => {
              looks.value = { ...looks.value, [look]: !looks.value[look] };
              localStorage.setItem(look, String(looks.value[look]));
              show();
            }}
          >
            {LOOKS[look]}
          </button>
        ))}
      </div>
      {Panel && (
        <div class="panel" role="region" aria-label={open.value}>
          <Panel />
        </div>
      )}
      {isUp === false && (
        <p class="down" role="alert">
          机器人停了，发出的消息没有人应答；它最后的日志在“发生了什么”里。{' '}
          <button type="button" class="link" onClick={() => void act('/api/power', { up: true }, '机器人又起来了')}>
            重新启动
          </button>
        </p>
      )}
      {playing && (
        <p class={`playing ${playing.ends ?? ''}`} role="status">
          {playing.ends === undefined &&
            `▶ 正在演“${playing.title}” ${playing.done + 1}/${playing.steps}　${playing.who ?? ''} ${playing.words ?? ''}`}
          {playing.ends === 'passed' && `✓ “${playing.title}”演完了，${playing.steps} 步都和写的一样`}
          {playing.ends === 'failed' && `✗ “${playing.title}”没有演完：${playing.why ?? ''}`}
        </p>
      )}
      <p class="told" role="status">
        {told.value}
      </p>
    </section>
  );
}
