/** Markdown, as much of it as WeCom renders in a robot's answer. */
import type { ComponentChildren, JSX } from 'preact';

function inline(text: string): ComponentChildren[] {
  const parts = text.split(/(\*\*[^*]+\*\*|`[^`]+`|\[[^\]]+\]\(https?:[^)\s]+\)|<font color="\w+">[^<]*<\/font>)/);
  return parts.map((part) => {
    if (/^\*\*[^*]+\*\*$/.test(part)) return <strong>{part.slice(2, -2)}</strong>;
    if (/^`[^`]+`$/.test(part)) return <code>{part.slice(1, -1)}</code>;
    const [, colour, coloured] = /^<font color="(\w+)">([^<]*)<\/font>$/.exec(part) ?? [];
    if (colour !== undefined) return <span class={`font-${colour}`}>{coloured}</span>;
    const [, words, url] = /^\[([^\]]+)\]\((https?:[^)\s]+)\)$/.exec(part) ?? [];
    return url === undefined ? (
      part
    ) : (
      <a href={url} target="_blank" rel="noopener noreferrer">
        {words}
      </a>
    );
  });
}

const LISTS = [
  { start: /^> ?/, Tag: 'blockquote', Item: 'div' },
  { start: /^[-*] /, Tag: 'ul', Item: 'li' },
  { start: /^\d+\. /, Tag: 'ol', Item: 'li' },
] as const;

export function Markdown({ text }: { text: string }): JSX.Element {
  const blocks: JSX.Element[] = [];
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const list = LISTS.find(({ start }) => start.test(line));
    if (list) {
      const { start, Tag, Item } = list;
      const items: string[] = [];
      for (; at < lines.length && start.test(lines[at] ?? ''); at++) items.push(lines[at] ?? '');
      at--;
      const first = Number.parseInt(items[0] ?? '', 10);
      blocks.push(
        <Tag {...(Tag === 'ol' ? { start: first } : {})}>
          {items.map((item) => (
            <Item>{inline(item.replace(start, ''))}</Item>
          ))}
        </Tag>,
      );
    } else if (/^#{1,6} /.test(line)) blocks.push(<h4>{inline(line.replace(/^#+ /, ''))}</h4>);
    else if (/^---+$/.test(line)) blocks.push(<hr />);
    else blocks.push(<div class="plain">{line === '' ? '\u00a0' : inline(line)}</div>);
  }
  return <>{blocks}</>;
}
