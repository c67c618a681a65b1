/** What people read of what goes over the wire. */
const NOT_READ = new Set([
  'task_id',
  'key',
  'Key',
  'id',
  'CreateTime',
  'FromUserName',
  'ToUserName',
  'MsgType',
  'msgtype',
  'card_type',
  'CardType',
]);

/** Everything a person reads of a card or an answer. */
export function wordsOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return '';
  return Object.entries(value)
    .flatMap(([name, inner]) => (NOT_READ.has(name) ? [] : wordsOf(inner)))
    .filter(Boolean)
    .join('\n');
}
