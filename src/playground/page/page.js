/** The page: people, their phones, and the wire. It keeps nothing but which phones are open. */

const FACES = ['#2f6fb0', '#8a5a2b', '#2d7d6b', '#7a4fa3', '#a04a5d', '#4b6584', '#58751f', '#9a5b12'];
const DOORS = { bot: '机器人', app: '应用', api: '接口' };
const EMPTY = {
  group: '群里还没有消息。打字试试，或点上面的例子。',
  bot: '还没有消息。打字试试，或点上面的例子。',
  app: '审核、提醒和办理结果会出现在这里。',
};
const OPEN_KEY = 'phones';
const $ = (id) => document.getElementById(id);

/** Builds an element; `on…` are listeners, everything else an attribute. */
function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

async function get(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}

/** What came of it; `refused` when this page's own server could not be reached. */
async function post(path, body) {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return response.status === 204 ? {} : await response.json();
  } catch {
    return { refused: '连不上模拟环境' };
  }
}

const keyOf = (chat) => (typeof chat === 'object' ? `group ${chat.group}` : chat);
const time = (at) => new Date(at).toLocaleTimeString('zh-CN', { hour: '2-digit', minute: '2-digit', timeZone: 'Asia/Shanghai' });
const hash = (text) => [...text].reduce((sum, character) => (sum * 31 + character.codePointAt(0)) % 9973, 7);
const faceOf = (name, id) =>
  h('span', { class: 'face', 'aria-hidden': 'true', 'data-face': userOf(id) ? hash(id) % FACES.length : 'bot' }, [...name][0]);

/** Colours by script: the policy of the page forbids style attributes in HTML, not this. */
function paint(root) {
  for (const face of root.querySelectorAll('[data-face]'))
    face.style.setProperty('--face', FACES[face.dataset.face] ?? '#b3261e');
}

/** @type {any} */
let world = { users: [], groups: [], examples: [], violations: [], botName: '' };
const phones = new Map();
const userOf = (id) => world.users.find((user) => user.id === id);

// Markdown, as much of it as a robot's answer uses

function inline(text) {
  const parts = text.split(/(\*\*[^*]+\*\*|`[^`]+`|\[[^\]]+\]\(https?:[^)\s]+\))/);
  return parts.map((part) => {
    if (/^\*\*[^*]+\*\*$/.test(part)) return h('strong', {}, part.slice(2, -2));
    if (/^`[^`]+`$/.test(part)) return h('code', {}, part.slice(1, -1));
    const link = /^\[([^\]]+)\]\((https?:[^)\s]+)\)$/.exec(part);
    return link ? h('a', { href: link[2], target: '_blank', rel: 'noopener noreferrer' }, link[1]) : part;
  });
}

const BLOCKS = [
  { start: /^#{1,6} /, one: (line) => h('h4', {}, inline(line.replace(/^#+ /, ''))) },
  { start: /^---+$/, one: () => h('hr') },
  { start: /^> ?/, many: 'blockquote', item: (line) => h('div', {}, inline(line.replace(/^> ?/, ''))) },
  { start: /^[-*] /, many: 'ul', item: (line) => h('li', {}, inline(line.slice(2))) },
  {
    start: /^\d+\. /,
    many: 'ol',
    item: (line) => h('li', { value: Number.parseInt(line, 10) }, inline(line.replace(/^\d+\. /, ''))),
  },
];

function markdown(text) {
  const blocks = [];
  let open;
  for (const line of text.split('\n')) {
    const block = BLOCKS.find((each) => each.start.test(line));
    if (block?.many) {
      if (open?.block !== block) blocks.push((open = { block, element: h(block.many) }).element);
      open.element.append(block.item(line));
      continue;
    }
    open = undefined;
    blocks.push(block ? block.one(line) : h('div', { class: 'plain' }, line === '' ? '\u00a0' : inline(line)));
  }
  return blocks;
}

// Cards

function selectorOf(one) {
  const options = one.option_list.map((each) =>
    h('option', { value: each.id, selected: each.id === one.selected_id }, each.text),
  );
  return h(
    'label',
    {},
    one.title ?? '请选择',
    h('select', { 'data-question': one.question_key, disabled: one.disable === true }, options),
  );
}

function checkboxOf(box, bubbleId) {
  const type = box.mode === 1 ? 'checkbox' : 'radio';
  const options = box.option_list.map((each) =>
    h(
      'label',
      {},
      h('input', {
        type,
        name: bubbleId,
        value: each.id,
        checked: each.is_checked === true,
        disabled: box.disable === true,
      }),
      ' ',
      each.text,
    ),
  );
  return h('fieldset', { 'data-question': box.question_key }, h('legend', { class: 'hidden' }, '请选择'), options);
}

function pickedIn(card) {
  const picked = {};
  for (const select of card.querySelectorAll('select[data-question]')) picked[select.dataset.question] = select.value;
  for (const box of card.querySelectorAll('fieldset[data-question]')) {
    picked[box.dataset.question] = [...box.querySelectorAll('input:checked')].map((input) => input.value);
  }
  return picked;
}

function linkOf(jump, write) {
  if (jump.type === 3) return h('button', { type: 'button', class: 'link', onclick: () => write(jump.question) }, jump.title);
  return jump.type === 1
    ? h('a', { href: jump.url, target: '_blank', rel: 'noopener noreferrer' }, jump.title)
    : h('span', {}, jump.title);
}

function cardOf(bubble, press, write) {
  const card = bubble.card;
  const isStamped = card.replace_text !== undefined;
  const button = ({ text, key, style, type, url }) =>
    type === 1
      ? h('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, text)
      : h(
          'button',
          { type: 'button', class: `s${style ?? 1}`, onclick: (event) => press(bubble, key, event.currentTarget) },
          text,
        );
  const buttons = [...(card.button_list ?? []), ...(card.submit_button ? [{ text: '提交', ...card.submit_button }] : [])];
  const rows = (card.horizontal_content_list ?? []).flatMap((row) => [h('dt', {}, row.keyname), h('dd', {}, row.value ?? '')]);
  const links = [
    ...(card.jump_list ?? []),
    ...(card.card_action?.type === 1 ? [{ ...card.card_action, title: '查看详情' }] : []),
  ];
  const menu = card.action_menu?.action_list ?? [];
  return h(
    'div',
    { class: 'body card', role: 'group', 'aria-label': card.main_title?.title ?? card.sub_title_text ?? '卡片' },
    bubble.text && h('div', { class: 'lead' }, markdown(bubble.text)),
    card.source?.desc && h('p', { class: `source c${card.source.desc_color ?? 0}` }, card.source.desc),
    card.main_title?.title && h('h4', {}, card.main_title.title),
    card.main_title?.desc && h('p', { class: 'desc' }, card.main_title.desc),
    card.emphasis_content &&
      h('p', { class: 'emphasis' }, h('strong', {}, card.emphasis_content.title ?? ''), card.emphasis_content.desc ?? ''),
    card.sub_title_text && h('p', { class: 'desc' }, card.sub_title_text),
    card.quote_area &&
      h('div', { class: 'quote' }, card.quote_area.title && h('b', {}, card.quote_area.title), card.quote_area.quote_text ?? ''),
    (card.vertical_content_list ?? []).map((each) =>
      h('div', { class: 'quote' }, each.title && h('b', {}, each.title), each.desc ?? ''),
    ),
    rows.length > 0 && h('dl', {}, rows),
    card.checkbox && checkboxOf(card.checkbox, bubble.id),
    [...(card.button_selection ? [card.button_selection] : []), ...(card.select_list ?? [])].map(selectorOf),
    links.length > 0 &&
      h(
        'p',
        { class: 'links' },
        links.flatMap((jump) => [linkOf(jump, write), ' ']),
      ),
    isStamped && h('div', { class: 'buttons' }, h('p', { class: 'stamp' }, card.replace_text)),
    !isStamped && buttons.length > 0 && h('div', { class: 'buttons' }, buttons.map(button)),
    menu.length > 0 &&
      h(
        'div',
        { class: 'buttons' },
        menu.map((each) => button({ ...each, style: 4 })),
      ),
  );
}

// Phones

function bubbleOf(bubble, viewer, isGroup, press, write) {
  if (bubble.kind === 'system') return h('div', { class: 'bubble system' }, bubble.text);
  const person = userOf(bubble.from);
  const name = person?.name ?? (bubble.from === 'app' ? '应用消息' : world.botName);
  const isMine = person?.id === viewer;
  const isOpen = bubble.stream && !bubble.stream.finish;
  const body = bubble.card
    ? cardOf(bubble, press, write)
    : h(
        'div',
        { class: isOpen ? 'body cursor' : 'body' },
        bubble.kind === 'markdown' ? markdown(bubble.text) : h('div', { class: 'plain' }, bubble.text),
      );
  const by = h('span', { class: 'by' }, isMine || (person && !isGroup) ? time(bubble.at) : `${name} ${time(bubble.at)}`);
  return h('div', { class: isMine ? 'bubble mine' : 'bubble' }, faceOf(name, bubble.from), by, body);
}

class Phone {
  constructor(userId, chat) {
    this.userId = userId;
    this.chat = chat;
    this.drafts = new Map();
    this.drawn = new Map();
    const { name, title } = userOf(userId);
    this.chats = h('nav', { class: 'chats', 'aria-label': `${name}的会话` });
    this.log = h('div', { class: 'log', role: 'log', 'aria-label': `${name}的消息`, tabindex: '0' });
    this.input = h('textarea', {
      'aria-label': `${name}要说的话`,
      onkeydown: (event) => {
        if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        void this.say();
      },
    });
    this.hint = h('p', { class: 'hint', role: 'status' });
    const form = h(
      'form',
      { class: 'write', onsubmit: (event) => (event.preventDefault(), void this.say()) },
      this.input,
      h('button', { class: 'send' }, '发送'),
      this.hint,
    );
    const close = h(
      'button',
      { type: 'button', class: 'close', 'aria-label': `关闭${name}的手机`, onclick: () => closePhone(userId) },
      '×',
    );
    this.element = h(
      'section',
      { class: 'phone', 'aria-label': `${name}的手机` },
      h('header', {}, faceOf(name, userId), h('h3', {}, name, h('small', {}, title)), close),
      this.chats,
      this.log,
      form,
    );
    paint(this.element);
  }

  open(chat) {
    this.drafts.set(keyOf(this.chat), this.input.value);
    this.chat = chat;
    this.log.replaceChildren();
    this.log.dataset.empty = EMPTY[chat] ?? EMPTY.group;
    this.drawn.clear();
    this.write(this.drafts.get(keyOf(chat)) || this.prefill());
    this.tell('');
    remember();
    if (chat === 'bot') void post('/api/enter', { user: this.userId });
    return this.refresh();
  }

  prefill() {
    return typeof this.chat === 'object' ? `@${world.botName} ` : '';
  }

  write(text) {
    this.input.value = text;
  }

  tell(text, isRefused = false) {
    const usual = typeof this.chat === 'object' ? `群里只有 @${world.botName} 的消息会送到机器人` : '回车发送，Shift+回车换行';
    this.hint.textContent = text || usual;
    this.hint.classList.toggle('refused', isRefused);
  }

  async say() {
    const text = this.input.value.trim();
    if (text === '') return;
    this.write(this.prefill());
    this.input.focus();
    this.tell('');
    const said = await post('/api/say', { user: this.userId, chat: this.chat, text });
    if (said.refused ?? said.error) this.tell(said.refused ?? said.error, true);
  }

  async press(bubble, key, button) {
    button.disabled = true;
    this.tell('');
    const picked = pickedIn(button.closest('.card'));
    const said = await post('/api/press', { user: this.userId, bubble: bubble.id, button: key, picked });
    button.disabled = false;
    if (said.refused ?? said.error) this.tell(said.refused ?? said.error, true);
  }

  async refresh() {
    const asked = keyOf(this.chat);
    const { chats, bubbles } = await get(
      `/api/phone?${new URLSearchParams({ user: this.userId, chat: JSON.stringify(this.chat) })}`,
    );
    if (asked !== keyOf(this.chat)) return;
    this.drawChats(chats);
    this.drawBubbles(bubbles);
    const isRead = chats.every((each) => keyOf(each.chat) !== asked || each.unread === 0);
    if (!isRead && document.visibilityState === 'visible') await post('/api/read', { user: this.userId, chat: this.chat });
  }

  drawChats(chats) {
    const focused = document.activeElement?.dataset.chat;
    const hadFocus = this.chats.contains(document.activeElement);
    this.chats.replaceChildren(
      ...chats.map(({ chat, title, unread }) => {
        const isOpen = keyOf(chat) === keyOf(this.chat);
        return h(
          'button',
          {
            type: 'button',
            'data-chat': keyOf(chat),
            'aria-current': isOpen && 'true',
            onclick: () => this.open(chat),
          },
          h('span', {}, title),
          unread > 0 && !isOpen && h('span', { class: 'unread', 'aria-label': `${unread} 条未读` }, String(unread)),
        );
      }),
    );
    if (hadFocus) [...this.chats.children].find((button) => button.dataset.chat === focused)?.focus();
  }

  /** Only what changed is drawn again, so a half-made choice in another card stays. */
  drawBubbles(bubbles) {
    const isAtEnd = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 80;
    const isGroup = typeof this.chat === 'object';
    let hasNew = false;
    if (bubbles.length < this.drawn.size) {
      this.log.replaceChildren();
      this.drawn.clear();
    }
    for (const bubble of bubbles) {
      const json = JSON.stringify(bubble);
      const known = this.drawn.get(bubble.id);
      if (known?.json === json) continue;
      const element = bubbleOf(
        bubble,
        this.userId,
        isGroup,
        (...click) => this.press(...click),
        (text) => this.write(this.prefill() + text),
      );
      paint(element);
      if (known) {
        if (known.element.contains(document.activeElement)) this.log.focus();
        known.element.replaceWith(element);
      } else this.log.append(element);
      hasNew ||= !known;
      this.drawn.set(bubble.id, { json, element });
    }
    if (hasNew || isAtEnd) this.log.scrollTop = this.log.scrollHeight;
  }
}

function remember() {
  const open = [...phones.values()].map(({ userId, chat }) => ({ userId, chat }));
  localStorage.setItem(OPEN_KEY, JSON.stringify(open));
}

async function openPhone(userId, chat) {
  let phone = phones.get(userId);
  if (!phone) {
    const first = world.groups.find((group) => group.members.includes(userId));
    phone = new Phone(userId, chat ?? (first ? { group: first.id } : 'bot'));
    phones.set(userId, phone);
    $('phones').append(phone.element);
    await phone.open(phone.chat);
    drawPeople();
  } else if (chat && keyOf(chat) !== keyOf(phone.chat)) await phone.open(chat);
  drawEmpty();
  showView('phones');
  phone.element.scrollIntoView({ block: 'nearest', inline: 'center' });
  return phone;
}

function closePhone(userId) {
  phones.get(userId)?.element.remove();
  phones.delete(userId);
  remember();
  drawPeople();
  drawEmpty();
}

function drawEmpty() {
  $('phones').querySelector('.empty')?.remove();
  if (phones.size === 0) $('phones').append(h('p', { class: 'empty' }, '选一个人，打开手机，看看会收到什么。可以同时打开几部。'));
}

// People, examples, wire

function drawPeople() {
  const focused = document.activeElement?.dataset.person;
  $('people').replaceChildren(
    ...world.users.map(({ id, name, title, unread }) =>
      h(
        'li',
        {},
        h(
          'button',
          {
            type: 'button',
            class: 'person',
            'data-person': id,
            'aria-pressed': String(phones.has(id)),
            onclick: () => openPhone(id),
          },
          faceOf(name, id),
          h('span', {}, h('strong', {}, name), h('small', {}, title)),
          unread > 0 && h('span', { class: 'unread', 'aria-label': `${unread} 条未读` }, String(unread)),
        ),
      ),
    ),
  );
  paint($('people'));
  if (focused)
    $('people')
      .querySelector(`[data-person="${CSS.escape(focused)}"]`)
      ?.focus();
}

function drawExamples() {
  $('examples').replaceChildren(
    ...world.examples.map(({ userId, chat, text, label }) =>
      h(
        'button',
        {
          type: 'button',
          class: 'example',
          title: text,
          onclick: async () => {
            const phone = await openPhone(userId, chat);
            phone.write(text);
            phone.tell('已填好，按「发送」试试');
            phone.input.focus();
          },
        },
        label,
      ),
    ),
  );
}

function drawViolations() {
  const { violations } = world;
  $('violations').replaceChildren(
    ...(violations.length === 0
      ? []
      : [
          h(
            'details',
            { class: 'violations' },
            h('summary', {}, `违反平台规则 ${violations.length} 次`),
            violations.map((each) => h('p', {}, `${DOORS[each.where]}：${each.words}`)),
          ),
        ]),
  );
}

function pretty(text) {
  if (text.startsWith('{')) {
    try {
      return JSON.stringify(JSON.parse(text), undefined, 2);
    } catch {
      return text;
    }
  }
  return text.startsWith('<') ? text.replaceAll('><', '>\n<') : text;
}

function section(title, text, kind) {
  return text ? [h('h4', {}, title), h('pre', { class: kind, tabindex: '0' }, kind === 'cipher' ? text : pretty(text))] : [];
}

function wireRow(entry) {
  const isOut = entry.direction === 'to-bot';
  const detail = () => [
    ...section(
      '请求',
      `${entry.method} ${entry.path}\n${Object.entries(entry.query)
        .map(([name, value]) => `${name} = ${value}`)
        .join('\n')}`,
    ),
    ...section(isOut ? '发出的明文' : '请求内容', entry.asked.clear),
    ...section('发出的密文', entry.asked.cipher, 'cipher'),
    ...section(`应答 HTTP ${entry.status}`, entry.answered.clear || '（空）'),
    ...section('应答的密文', entry.answered.cipher, 'cipher'),
  ];
  const body = h('div');
  const where = isOut ? `→ ${DOORS[entry.door]}` : `← ${DOORS[entry.door]}`;
  return h(
    'li',
    {},
    h(
      'details',
      { ontoggle: (event) => event.currentTarget.open && body.childElementCount === 0 && body.append(...detail()) },
      h(
        'summary',
        {},
        h('span', { class: `where ${entry.door}` }, where),
        h('span', { class: 'what' }, entry.attempt > 1 ? `${entry.what}（第 ${entry.attempt} 次）` : entry.what),
        h('span', { class: 'ms' }, `${entry.ms} ms`),
        entry.failure && h('span', { class: 'failure' }, entry.failure),
      ),
      body,
    ),
  );
}

let lastWire = '';
async function drawWire() {
  const entries = await get(`/api/wire?${new URLSearchParams({ after: lastWire })}`);
  for (const entry of entries) $('wire').prepend(wireRow(entry));
  lastWire = entries.at(-1)?.id ?? lastWire;
}

// The whole

function showView(view) {
  document.querySelector('.layout').dataset.view = view;
  for (const button of document.querySelectorAll('.views button')) {
    if (button.dataset.view === view) button.setAttribute('aria-current', 'true');
    else button.removeAttribute('aria-current');
  }
}

async function refresh() {
  world = await get('/api/world');
  drawPeople();
  drawViolations();
  await Promise.all([drawWire(), ...[...phones.values()].map((phone) => phone.refresh())]);
}

/** One refresh at a time; what changes meanwhile is fetched by one more. */
let running;
let isStale = false;
function changed() {
  isStale = true;
  running ??= (async () => {
    while (isStale) {
      isStale = false;
      await refresh().catch(() => undefined);
    }
    running = undefined;
  })();
  return running;
}

/** Those left open last time, else the first two people of the examples (one on a narrow screen). */
function phonesToOpen() {
  const open = JSON.parse(localStorage.getItem(OPEN_KEY) ?? '[]').filter(({ userId }) => userOf(userId));
  if (open.length > 0) return open;
  const people = world.examples.filter((each, at) => world.examples.findIndex(({ userId }) => userId === each.userId) === at);
  return people.slice(0, window.innerWidth > 960 ? 2 : 1);
}

for (const button of document.querySelectorAll('.views button'))
  button.addEventListener('click', () => showView(button.dataset.view));
document.addEventListener('visibilitychange', changed);

await changed();
document.title = `${world.botName} · 模拟企业微信`;
$('bot-name').textContent = world.botName;
drawExamples();
for (const { userId, chat } of phonesToOpen()) await openPhone(userId, chat);
drawEmpty();
showView('phones');

const changes = new EventSource('/api/changes');
changes.addEventListener('message', changed);
changes.addEventListener('open', () => ($('lost').hidden = true));
changes.addEventListener('error', () => ($('lost').hidden = false));
