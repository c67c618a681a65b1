/** What the sentence of a need says besides what is needed: how pressing it is, how many helpers, what they can, where, until when. Pure. */
import type { Said } from '../bot/slot.ts';
import { CHANNEL, OWNER, type Channel, type Owner, type Urgency } from './words.ts';

/** Only what stands for it alone: 急救 and 紧急出口 press nobody. */
const CRITICAL = /特急|十万火急|火烧眉毛|^【特急】/u;
const URGENT =
  /^(?:【急】|急[：:，, ]|(?:加急|紧急)[：:，, ])|(?:很急|非常急|比较急|挺急|加急|着急用|急用)|[，,。；; ](?:急|紧急)(?=[，,。；; ]|$)/u;
/** What the mark of its urgency says already. */
const MARKED = /^(?:【(?:特急|急)】\s*|(?:特急|加急|紧急|急)[：:，, ]+)/u;
const PEOPLE =
  /(?:缺|要|需要|找|招|差|还差)\s*(\d{1,3}|[一二两三四五六七八九十]{1,3})\s*(?:名|位|个?人(?!次|民|工)|个(?=[\p{Script=Han}]{1,3}工))/u;
const ABLE =
  /(?:^|[，,、；;。 ]|要|需要|最好|得|人)(?:会|懂|擅长)(?!议|场|所|员|计|展|费|不|有|来|去|让|给|是)([\p{Script=Han}A-Za-z]{2,8}?)(?=的|[，,。；;、]|$)/gu;
const TRADE = /(?:水电|油漆|叉车|缝纫|模具|数控|管道|电|焊|钳|木|瓦|铣)工(?![资作会厂程具业序艺工])/gu;
const PLACE =
  /在([\p{Script=Han}\d]{0,12}?(?:村|路|街道|镇|工业区|园区|产业园|车间|小区|社区|广场|厂区|办公室|会议室|食堂|号楼))/u;
const DEADLINE =
  /(?:^|[，,。；; ]|在|请|希望|最好|要)([\p{Script=Han}\d-]{2,12}?)(?:以前|之前|前)(?=[，,。；; ]|$|要|完成|解决|办|到)/u;
const OWNED = /^(企业|公司|厂里|职工|员工|党员)(?:们)?(?:想|要|需要|希望|缺|反映|提出)/u;
const SAME_OWNER: Readonly<Record<string, string>> = { 公司: '企业', 厂里: '企业', 员工: '职工' };

/** 看需求 B 瞿溪 会电工 急 座谈: each word by what it names; the rest is to occur in the need. */
export function readFilter(said: string): {
  channel?: Channel;
  owner?: Owner;
  urgencies?: readonly Urgency[];
  skills: readonly string[];
  words: readonly string[];
  /** 我会的: what the reader can do. */
  isMine?: true;
} {
  const words = said.split(/[\s，,、]+/u).filter(Boolean);
  const keyOf = <K extends string>(table: Readonly<Record<K, string>>, word: string) =>
    (Object.keys(table) as K[]).find((key) => table[key] === word.replace(/的$/u, ''));
  const found = { skills: [] as string[], words: [] as string[] };
  let more: { channel?: Channel; owner?: Owner; urgencies?: readonly Urgency[]; isMine?: true } = {};
  for (const word of words) {
    const channel = word === '座谈' ? 'MEETING' : keyOf(CHANNEL, word);
    const owner = keyOf(OWNER, word);
    const skill = /^(?:会|懂)(?!议|场|计$)(.{2,})$/u.exec(word)?.[1];
    if (channel) more = { ...more, channel };
    else if (owner) more = { ...more, owner };
    else if (word === '特急') more = { ...more, urgencies: ['CRITICAL'] };
    else if (/^(?:急|加急|紧急)的?$/u.test(word)) more = { ...more, urgencies: ['URGENT', 'CRITICAL'] };
    else if (/^(?:我(?:会|能[干做办帮])的?|适合我的?)$/u.test(word)) more = { ...more, isMine: true };
    else if (skill) found.skills.push(skill);
    else found.words.push(word);
  }
  return { ...more, ...found };
}

/** The words without the mark they began with. */
export function unmarked(summary: string): string {
  return summary.replace(MARKED, '') || summary;
}

/** In the words people say for each; what a slot would refuse does not count. */
export function readRecord(summary: string): Said {
  const urgency = CRITICAL.test(summary) ? '特急' : URGENT.test(summary) ? '急' : undefined;
  const people = PEOPLE.exec(summary)?.[1];
  const able = [...summary.matchAll(ABLE)].map(([, skill = '']) => skill);
  const skills = [...new Set([...able, ...[...summary.matchAll(TRADE)].map(([trade]) => trade)])];
  const place = PLACE.exec(summary)?.[1];
  const day = DEADLINE.exec(summary)?.[1];
  const owner = OWNED.exec(summary)?.[1];
  return {
    ...(owner ? { owner: SAME_OWNER[owner] ?? owner } : {}),
    ...(urgency ? { urgency } : {}),
    ...(people ? { people: `${people}人` } : {}),
    ...(skills.length > 0 ? { skills: skills.join('、') } : {}),
    ...(place ? { place } : {}),
    ...(day ? { deadline: `${day}前` } : {}),
  };
}

const RINGS = '①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳';
const COUNTING = ['一', '二', '三', '四', '五', '六', '七', '八', '九', '十', '十一', '十二', '十三', '十四', '十五'];

/** 1.缺焊工 2.食堂太挤, ① ②, 一、二、: told apart by numbers that follow each other, else by ；. */
export function readItems(said: string): readonly string[] {
  // 1食堂太挤 2没空调: bare numbers count only where the next one follows.
  const isCounted = /(?:^|[\s；;。，,])(?:第?1|第一)\p{Script=Han}.*[\s；;。，,](?:第?2|第二)\p{Script=Han}/u.test(said);
  const starts: { from: number; to: number }[] = [];
  for (let n = 1; ; n++) {
    const marks = [
      `(?<![\\d.])(?:第)?${n}(?:条)?\\s*(?:[、)）：:]|[.．](?!\\d))`,
      ...(RINGS[n - 1] ? [RINGS[n - 1]] : []),
      ...(COUNTING[n - 1] ? [`(?<=^|[\\s；;。，,])(?:第)?${COUNTING[n - 1]}(?:是|、|[.．])`] : []),
    ];
    const bare = isCounted
      ? [
          `(?<=^|[\\s；;。，,])(?:第?${n}|第${COUNTING[n - 1] ?? n})(?=\\s?\\p{Script=Han})(?!\\s?[号名个人月日点楼层期台条次食车间])`,
        ]
      : [];
    const after = starts.at(-1)?.to ?? 0;
    const found = new RegExp([...marks, ...bare].join('|'), 'u').exec(said.slice(after));
    if (!found) break;
    starts.push({ from: after + found.index, to: after + found.index + found[0].length });
  }
  const parts =
    starts.length === 0 ? said.split(/[；;\n]+/u) : starts.map(({ to }, i) => said.slice(to, starts[i + 1]?.from ?? said.length));
  return parts.map((part) => part.replace(/^[\s、，,]+|[\s；;。，,]+$/gu, '')).filter((part) => part !== '');
}

const HURT =
  /(?:压|夹|轧|绞|卷|砸|切|割|烫|烧)(?:到|了|断|伤|住|着)(?:了)?(?:我|他|她|人)?(?:的)?(?:手|脚|腿|胳膊|头|指)|(?:手|脚|腿|胳膊|手指|头)(?:被|让).{0,8}(?:压|夹|轧|绞|卷|砸|切|割|烫|烧)|受伤|流血|骨折|触电|着火|起火|失火|中毒|晕倒|昏倒|昏迷|爆炸|喘不(?:上|过)气|心脏病|要?跳楼|自杀|不想活/u;

/** A wish about such things, and nobody hurt. */
const PRECAUTION = /培训|演练|演习|讲座|讲课|知识|预防|防止|防范|宣传|保险|义诊|体检|应急包|急救箱|灭火器/u;

/** Somebody is hurt or in danger at this moment: what helps them is no library of needs. */
export function isDanger(words: string): boolean {
  return HURT.test(words) && !PRECAUTION.test(words);
}

/** Whoever says so does not want to be named. */
export const NAMELESS =
  /匿名|保密(?!教育|培训|协议|工作|知识|柜|室|员)|不(?:想|愿意?|肯|要|方便)?(?:留|透露|说|提)(?:他|她|我|自己)?的?(?:姓名|名字?|身份)|(?:别|不要|不想|不能)(?:让|给|跟|和|叫).{1,8}(?:知道|晓得)|(?:别|不要)(?:跟|和|对).{1,6}说|(?:别|不要)说(?:是)?我/u;
