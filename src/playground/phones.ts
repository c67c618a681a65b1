/** The directory, the chats, and what each person sees of them. */
import { createHash } from 'node:crypto';
import type { TemplateCard } from './card.ts';

export type Directory = {
  users: { id: string; name: string; title: string }[];
  groups: { id: string; name: string; members: string[] }[];
};
/** A group, the single chat with the robot, or the app's chat. */
export type Chat = { group: string } | 'bot' | 'app';
export type Bubble = {
  id: string;
  at: Date;
  from: string;
  kind: 'text' | 'markdown' | 'card' | 'system';
  text?: string;
  /** As this viewer sees it: `replace_text` is the grey stamp in place of the buttons. */
  card?: TemplateCard;
  taskId?: string;
  stream?: { id: string; finish: boolean };
  /** What was sent besides words. */
  attached?: 'image' | 'voice' | 'file' | 'video';
  /** A file the app sent; it can be downloaded for as long as this world is open. */
  file?: SentFile;
  /** As addresses that hold the picture itself. */
  pictures?: string[];
  /** The words of the message it quotes. */
  quote?: string;
};
/** `size` in bytes. */
export type SentFile = { id: string; name: string; size: number };
export type ChatSummary = { chat: Chat; title: string; unread: number; last?: Bubble };

export type User = Directory['users'][number];
export type Room = { chat: Chat; members: ReadonlySet<string>; messages: Message[]; seen: Map<string, number> };
export type Message = {
  id: string;
  at: Date;
  room: Room;
  from: string;
  kind: Bubble['kind'];
  text?: string;
  /** As it was sent; `card` is what everybody sees now, `views` what single viewers see instead. */
  sent?: TemplateCard;
  card?: TemplateCard;
  views: Map<string, TemplateCard>;
  taskId?: string;
  stream?: { id: string; finish: boolean };
  onlyFor?: string;
  attached?: NonNullable<Bubble['attached']>;
  file?: SentFile;
  pictures?: string[];
  quote?: string;
  sending?: Sending;
};
/** One `message/send`: its copies in the chats of those who got it. */
export type Sending = { messages: Message[] };
export type MessageFields = Partial<Message> & Pick<Message, 'kind'>;
export type Phones = ReturnType<typeof createPhones>;

/** What a robot that an ordinary member made sees instead of the directory's id (protocol A.9). */
export const openIdOf = (userId: string): string =>
  `wo${createHash('sha256').update(userId.toLowerCase()).digest('base64url').slice(0, 30)}`;

export function createPhones(options: {
  directory: Directory;
  botName: string;
  clock: () => Date;
  id: () => string;
  changed: () => void;
}) {
  const { directory, clock, id, changed } = options;
  const users = new Map(directory.users.map((user) => [user.id.toLowerCase(), user]));
  const rooms = new Map<string, Room>();
  const messages = new Map<string, Message>();

  function userOf(userId: string): User {
    const user = users.get(userId.toLowerCase()) ?? directory.users.find((each) => openIdOf(each.id) === userId);
    if (!user) throw new Error(`通讯录里没有 ${userId}`);
    return user;
  }

  function roomOf(user: User, chat: Chat): Room {
    const key = typeof chat === 'object' ? `group ${chat.group}` : `${chat} ${user.id}`;
    const known = rooms.get(key);
    if (known) return known;
    const group = typeof chat === 'object' ? directory.groups.find((each) => each.id === chat.group) : undefined;
    if (typeof chat === 'object' && !group) throw new Error(`没有群 ${chat.group}`);
    const members = new Set((group?.members ?? [user.id]).map((member) => member.toLowerCase()));
    const room: Room = { chat, members, messages: [], seen: new Map() };
    rooms.set(key, room);
    return room;
  }

  const isMember = (user: User, room: Room): boolean => room.members.has(user.id.toLowerCase());
  const sees = (user: User, message: Message): boolean =>
    isMember(user, message.room) && (message.onlyFor === undefined || message.onlyFor === user.id);
  const cardFor = (user: User, message: Message): TemplateCard | undefined =>
    message.views.get(user.id.toLowerCase()) ?? message.card;

  function bubbleFor(user: User, message: Message): Bubble {
    const { text, stream } = message;
    const card = cardFor(user, message);
    const taskId = card?.task_id ?? message.taskId;
    return {
      id: message.id,
      at: message.at,
      from: message.from,
      kind: message.kind,
      ...(text === undefined ? {} : { text }),
      ...(card && { card }),
      ...(taskId === undefined ? {} : { taskId }),
      ...(stream && { stream: { ...stream } }),
      ...(message.attached && { attached: message.attached }),
      ...(message.file && { file: message.file }),
      ...(message.pictures && { pictures: message.pictures }),
      ...(message.quote === undefined ? {} : { quote: message.quote }),
    };
  }

  function show(room: Room, from: string, fields: MessageFields): Message {
    const message: Message = { id: id(), at: clock(), room, from, views: new Map(), ...fields };
    room.messages.push(message);
    messages.set(message.id, message);
    changed();
    return message;
  }

  return {
    users,
    messages,
    membersOf: (group: string): User[] =>
      (directory.groups.find((each) => each.id === group)?.members ?? []).flatMap((id) => users.get(id.toLowerCase()) ?? []),
    userOf,
    roomOf,
    isMember,
    sees,
    cardFor,
    bubbleFor,
    show,
    bubbles: (userId: string, chat: Chat): Bubble[] => {
      const user = userOf(userId);
      return roomOf(user, chat)
        .messages.filter((message) => sees(user, message))
        .map((message) => bubbleFor(user, message));
    },
    /** The newest that this is true of: those before it are not looked at. */
    newest: (userId: string, chat: Chat, is: (bubble: Bubble) => boolean): Bubble | undefined => {
      const user = userOf(userId);
      const { messages: all } = roomOf(user, chat);
      for (let at = all.length - 1; at >= 0; at--) {
        const message = all[at];
        const bubble = message && sees(user, message) ? bubbleFor(user, message) : undefined;
        if (bubble && is(bubble)) return bubble;
      }
      return undefined;
    },
    chats: (userId: string): ChatSummary[] => {
      const user = userOf(userId);
      const groups = directory.groups.map((group) => ({ chat: { group: group.id }, title: group.name }));
      const own = [...groups, { chat: 'bot' as const, title: options.botName }, { chat: 'app' as const, title: '应用消息' }];
      return own.flatMap(({ chat, title }) => {
        const room = roomOf(user, chat);
        if (!isMember(user, room)) return [];
        const unread = room.messages
          .slice(room.seen.get(user.id) ?? 0)
          .filter((each) => each.from !== user.id && sees(user, each)).length;
        const last = room.messages.findLast((message) => sees(user, message));
        return [{ chat, title, unread, ...(last && { last: bubbleFor(user, last) }) }];
      });
    },
    /** Somebody new in the address book, and in these groups. */
    join: (user: User, groups: readonly string[]): void => {
      directory.users.push(user);
      users.set(user.id.toLowerCase(), user);
      for (const group of directory.groups.filter((each) => groups.includes(each.id))) {
        group.members.push(user.id);
        const room = rooms.get(`group ${group.id}`);
        if (room) room.members = new Set([...room.members, user.id.toLowerCase()]);
      }
      changed();
    },
    markRead: (userId: string, chat: Chat): void => {
      const user = userOf(userId);
      const room = roomOf(user, chat);
      if (room.seen.get(user.id) === room.messages.length) return;
      room.seen.set(user.id, room.messages.length);
      changed();
    },
  };
}
