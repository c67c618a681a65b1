/** The page: people, their phones, and what happened. */
import { batch, effect } from '@preact/signals';
import { render, type JSX } from 'preact';
import { BehindPanel } from './behind.tsx';
import { Controls } from './controls.tsx';
import { begin, closePhone, lost, openPhone, phones, prefill, userOf, view, world } from './model.ts';
import { Face, Phone } from './phone.tsx';

const VIEWS = { people: '人员', phones: '手机', behind: '发生了什么' } as const;

function People(): JSX.Element {
  return (
    <aside class="people" aria-labelledby="people-title">
      <h1>{world.value.botName}</h1>
      <p class="note">在模拟的企业微信里试用</p>
      <h2 id="people-title">人员</h2>
      <p class="note">点一个人，打开这个人的手机</p>
      <ul>
        {world.value.users.map(({ id, name, title, unread }) => (
          <li key={id}>
            <button
              type="button"
              class="person"
              aria-pressed={phones.value.some(({ userId }) => userId === id)}
              onClick={() => openPhone(id)}
            >
              <Face id={id} />
              <span>
                <strong>{name}</strong>
                <small>{title}</small>
              </span>
              {unread > 0 && (
                <span class="unread">
                  {unread}
                  <span class="hidden">条未读</span>
                </span>
              )}
            </button>
          </li>
        ))}
      </ul>
    </aside>
  );
}

function Examples(): JSX.Element {
  return (
    <section class="examples" aria-labelledby="examples-title">
      <h2 id="examples-title">试一试</h2>
      <div>
        {world.value.examples.map(({ userId, chat, text, label }) => (
          <button
            type="button"
            class="example"
            title={text}
            onClick={() => {
              batch(() => {
                prefill(userId, text);
                openPhone(userId, chat);
              });
            }}
          >
            {label}
          </button>
        ))}
      </div>
    </section>
  );
}

function Page(): JSX.Element {
  return (
    <>
      <p class="banner">模拟环境：这里的企业微信是模拟的，加密与签名都是真的</p>
      <nav class="views" aria-label="视图">
        {(Object.keys(VIEWS) as (keyof typeof VIEWS)[]).map((name) => (
          <button type="button" aria-current={view.value === name ? 'true' : undefined} onClick={() => (view.value = name)}>
            {VIEWS[name]}
          </button>
        ))}
      </nav>
      <Controls />
      <div class="layout" data-view={view.value}>
        <People />
        <main>
          <Examples />
          <div class="phones">
            {phones.value
              .filter(({ userId }) => userOf(userId))
              .map((phone) => (
                <Phone key={phone.userId} phone={phone} />
              ))}
            {phones.value.length === 0 && <p class="empty">选一个人，打开手机，看看会收到什么。可以同时打开几部。</p>}
          </div>
        </main>
        <BehindPanel />
      </div>
      {lost.value && (
        <p class="lost" role="alert">
          与模拟环境的连接断开了，正在重连…
        </p>
      )}
    </>
  );
}

await begin();
render(<Page />, document.body);

/** Whoever acts in a scene has the phone in hand, and the chat on the screen. */
const AT_HAND = 2;
let acting = '';
let recent: readonly string[] = [];
effect(() => {
  const { playing, users } = world.value;
  if (!playing || playing.ends !== undefined) return;
  const who = users.find(({ name, id }) => name === playing.who || id === playing.who)?.id;
  const turn = JSON.stringify([playing.file, playing.done]);
  if (who === undefined || turn === acting) return;
  acting = turn;
  setTimeout(() => {
    openPhone(who, playing.chat);
    // Who has not acted for longest puts the phone away: two stand side by side.
    recent = [...recent.filter((each) => each !== who), who].slice(-AT_HAND);
    for (const { userId } of phones.value) if (!recent.includes(userId)) closePhone(userId);
  });
});
