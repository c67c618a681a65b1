/** One person's phone: the chats, the bubbles, and what there is to say. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Card, type Press } from './card.tsx';
import { pressing } from './controls.tsx';
import { Markdown } from './markdown.tsx';
import {
  changed,
  closePhone,
  keyOf,
  nameOf,
  opened,
  openPhone,
  phoneKey,
  post,
  prefill,
  prefilled,
  screens,
  time,
  userOf,
  world,
  type OpenPhone,
  type Outcome,
  type Shown,
} from './model.ts';

const FACES = 8;
const EMPTY: Readonly<Record<string, string>> = {
  group: '群里还没有消息。打字试试，或点上面的例子。',
  bot: '还没有消息。打字试试，或点上面的例子。',
  app: '审核、提醒和办理结果会出现在这里。',
};
const ATTACHED: Readonly<Record<string, string>> = {
  image: '图片',
  voice: '语音，已转成文字',
  file: '文件',
  video: '视频',
};

const hash = (text: string): number =>
  [...text].reduce((sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973, 7);

export function Face({ id }: { id: string }): JSX.Element {
  return (
    <span class={`face ${userOf(id) ? `f${hash(id) % FACES}` : ''}`} aria-hidden="true">
      {[...nameOf(id)][0]}
    </span>
  );
}

/** In plain words WeCom makes a link of an address. */
function linked(text: string, viewer: string): ComponentChildren {
  return text.split(/(https?:\/\/[\w.:/-]+)/).map((part, at) =>
    at % 2 === 0 ? (
      part
    ) : (
      <a href={opened(viewer, part)} target="_blank" rel="noopener noreferrer">
        {part}
      </a>
    ),
  );
}

function BubbleView({
  bubble,
  viewer,
  isGroup,
  press,
  write,
  quote,
}: {
  bubble: Shown;
  viewer: string;
  isGroup: boolean;
  press: Press;
  write: (text: string) => void;
  quote: (text: string) => void;
}): JSX.Element {
  if (bubble.kind === 'system') return <div class="bubble system">{bubble.text}</div>;
  const isMine = bubble.from === viewer;
  const isOpen = bubble.stream !== undefined && !bubble.stream.finish;
  const by = isMine || (userOf(bubble.from) && !isGroup) ? time(bubble.at) : `${nameOf(bubble.from)} ${time(bubble.at)}`;
  return (
    <div class={isMine ? 'bubble mine' : 'bubble'}>
      <Face id={bubble.from} />
      <span class="by">
        {by}
        {!isMine && bubble.text && !bubble.card && (
          <button type="button" class="link" onClick={() => quote(bubble.text ?? '')}>
            引用
          </button>
        )}
      </span>
      {bubble.card ? (
        <Card bubble={bubble} viewer={viewer} press={press} write={write} />
      ) : (
        <div class={isOpen ? 'body cursor' : 'body'} aria-busy={isOpen}>
          {bubble.attached && !bubble.file && <div class="attached">{ATTACHED[bubble.attached]}</div>}
          {bubble.file && (
            <a class="file" href={`/files/${bubble.file.id}`} download={bubble.file.name}>
              文件 {bubble.file.name}
              <small>{Math.ceil(bubble.file.size / 1024)} KB，点开下载</small>
            </a>
          )}
          {bubble.pictures?.map((url) => (
            <img class="picture" src={url} alt="发送的图片" />
          ))}
          {bubble.kind === 'markdown' ? (
            <Markdown text={bubble.text ?? ''} />
          ) : (
            bubble.text && <div class="plain">{linked(bubble.text, viewer)}</div>
          )}
          {bubble.quote !== undefined && <blockquote class="plain">{bubble.quote}</blockquote>}
        </div>
      )}
    </div>
  );
}

export function Phone({ phone }: { phone: OpenPhone }): JSX.Element {
  const { userId, chat } = phone;
  const name = nameOf(userId);
  const isGroup = typeof chat === 'object';
  const screen = screens.value[phoneKey(phone)] ?? { chats: [], bubbles: [] };
  const mention = isGroup ? `@${world.value.botName} ` : '';
  const draft = useSignal(mention);
  const quoted = useSignal<string | undefined>(undefined);
  const told = useSignal<{ text: string; isRefused: boolean } | undefined>(undefined);
  const input = useRef<HTMLTextAreaElement>(null);
  const log = useRef<HTMLDivElement>(null);
  const shown = screen.bubbles.length;

  useLayoutEffect(() => {
    draft.value = mention;
    quoted.value = undefined;
    told.value = undefined;
  }, [keyOf(chat)]);
  useLayoutEffect(() => {
    const words = prefilled.value[userId];
    if (words === undefined) return;
    draft.value = words;
    const { [userId]: _taken, ...rest } = prefilled.value;
    prefilled.value = rest;
    told.value = { text: '已填好，按“发送”试试', isRefused: false };
    input.current?.focus();
  });
  useLayoutEffect(() => {
    if (log.current) log.current.scrollTop = log.current.scrollHeight;
  }, [shown, keyOf(chat)]);

  const tell = ({ refused, error }: Outcome): void => {
    const text = refused ?? error;
    told.value = text === undefined ? undefined : { text, isRefused: true };
  };
  const send = async (what: object): Promise<void> => {
    told.value = undefined;
    tell(await post('/api/say', { user: userId, chat, ...what }));
    void changed();
  };
  const say = (how: 'text' | 'voice'): void => {
    const text = draft.value.trim();
    if (text === '') return;
    draft.value = mention;
    const quote = quoted.value;
    quoted.value = undefined;
    input.current?.focus();
    void send(how === 'voice' ? { voice: text } : { text, ...(quote === undefined ? {} : { quote }) });
  };
  const attach = async (file: File): Promise<void> => {
    const bytes = new Uint8Array(await file.arrayBuffer());
    let binary = '';
    for (const byte of bytes) binary += String.fromCharCode(byte);
    const content = btoa(binary);
    if (!file.type.startsWith('image/')) return send({ file: content });
    // In a group a picture goes with the words that call the robot.
    return isGroup ? send({ text: draft.value.trim() || mention.trim(), images: [content] }) : send({ image: content });
  };
  const press: Press = async (bubble, key, picked) => {
    told.value = undefined;
    const how = pressing.value;
    pressing.value = undefined;
    tell(await post('/api/press', { user: userId, bubble: bubble.id, button: key, picked, ...(how ? { [how]: true } : {}) }));
    void changed();
  };
  const usual = isGroup ? `群里只有 @${world.value.botName} 的消息会送到机器人` : '回车发送，Shift+回车换行';

  return (
    <section id={`phone-${userId}`} class="phone" aria-label={`${name}的手机`}>
      <header>
        <Face id={userId} />
        <h3>
          {name}
          <small>{userOf(userId)?.title}</small>
        </h3>
        <button type="button" class="close" aria-label={`关闭${name}的手机`} onClick={() => closePhone(userId)}>
          ×
        </button>
      </header>
      <nav class="chats" aria-label={`${name}的会话`}>
        {screen.chats.map((each) => (
          <button
            type="button"
            aria-current={keyOf(each.chat) === keyOf(chat) ? 'true' : undefined}
            onClick={() => openPhone(userId, each.chat)}
          >
            <span>{each.title}</span>
            {each.unread > 0 && (
              <span class="unread">
                {each.unread}
                <span class="hidden">条未读</span>
              </span>
            )}
          </button>
        ))}
      </nav>
      <div ref={log} class="log" role="log" aria-label={`${name}的消息`} tabIndex={0}>
        {shown === 0 && <p class="nothing">{EMPTY[isGroup ? 'group' : (chat as string)]}</p>}
        {screen.bubbles.map((bubble) => (
          <BubbleView
            key={bubble.id}
            bubble={bubble}
            viewer={userId}
            isGroup={isGroup}
            press={press}
            write={(text) => prefill(userId, text)}
            quote={(text) => (quoted.value = text)}
          />
        ))}
      </div>
      {chat === 'app' && world.value.menu.length > 0 && (
        <nav class="menu" aria-label={`${name}的应用菜单`}>
          {world.value.menu.map((entry) =>
            'sub_button' in entry ? (
              <details name={`menu-${userId}`}>
                <summary>{entry.name}</summary>
                <div>
                  {entry.sub_button.map((sub) => (
                    <button
                      type="button"
                      onClick={(event) => (
                        event.currentTarget.closest('details')?.removeAttribute('open'),
                        void choose(userId, sub.key)
                      )}
                    >
                      {sub.name}
                    </button>
                  ))}
                </div>
              </details>
            ) : (
              <button type="button" onClick={() => void choose(userId, entry.key)}>
                {entry.name}
              </button>
            ),
          )}
        </nav>
      )}
      <form
        class="write"
        onSubmit={(event) => {
          event.preventDefault();
          say('text');
        }}
      >
        {quoted.value !== undefined && (
          <p class="quoting">
            引用：{quoted.value.split('\n')[0]}{' '}
            <button type="button" class="link" onClick={() => (quoted.value = undefined)}>
              不引用
            </button>
          </p>
        )}
        <textarea
          ref={input}
          aria-label={`${name}要说的话`}
          value={draft.value}
          onInput={(event) => (draft.value = event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            say('text');
          }}
        />
        <button class="send">发送</button>
        <p class="extra">
          <label class="link">
            发图片或文件
            <input
              class="hidden"
              type="file"
              aria-label={`${name}发图片或文件`}
              onChange={(event) => {
                const [file] = event.currentTarget.files ?? [];
                event.currentTarget.value = '';
                if (file) void attach(file);
              }}
            />
          </label>
          {!isGroup && (
            <button type="button" class="link" onClick={() => say('voice')}>
              当语音发
            </button>
          )}
          <span class={told.value?.isRefused ? 'hint refused' : 'hint'} role="status">
            {told.value?.text ?? usual}
          </span>
        </p>
      </form>
    </section>
  );
}

async function choose(user: string, key: string): Promise<void> {
  await post('/api/menu', { user, key });
  await changed();
}
