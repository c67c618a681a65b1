/** The five types of cards, as they stand on a phone: fresh, or with the grey stamp in place of the buttons. */
import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { TemplateCard } from '../card.ts';
import { Markdown } from './markdown.tsx';
import { opened, type Shown } from './model.ts';

export type Press = (bubble: Shown, key: string, picked: Record<string, string | string[]>) => Promise<unknown>;
type Props = { bubble: Shown; viewer: string; press: Press; write: (text: string) => void };
type Button = {
  text?: string | undefined;
  key?: string | undefined;
  style?: number | undefined;
  type?: number | undefined;
  url?: string | undefined;
};

function pickedIn(card: HTMLElement): Record<string, string | string[]> {
  const picked: Record<string, string | string[]> = {};
  for (const select of card.querySelectorAll<HTMLSelectElement>('select[data-question]'))
    picked[select.dataset['question'] ?? ''] = select.value;
  for (const box of card.querySelectorAll<HTMLFieldSetElement>('fieldset[data-question]'))
    picked[box.dataset['question'] ?? ''] = [...box.querySelectorAll<HTMLInputElement>('input:checked')].map(
      (input) => input.value,
    );
  return picked;
}

export function Card({ bubble, viewer, press, write }: Props): JSX.Element {
  const card = bubble.card as TemplateCard;
  const element = useRef<HTMLDivElement>(null);
  const [busy, setBusy] = useState<string>();
  const isStamped = card.replace_text !== undefined;
  const buttons: Button[] = [
    ...(card.button_list ?? []),
    ...(card.submit_button ? [{ text: '提交', ...card.submit_button }] : []),
  ];
  const links = [
    ...(card.jump_list ?? []),
    ...(card.card_action?.type === 1 ? [{ ...card.card_action, title: '查看详情', question: undefined }] : []),
  ];
  const menu = card.action_menu?.action_list ?? [];
  const selectors = [...(card.button_selection ? [card.button_selection] : []), ...(card.select_list ?? [])];

  const tap = async (key: string): Promise<void> => {
    setBusy(key);
    await press(bubble, key, element.current ? pickedIn(element.current) : {});
    setBusy(undefined);
  };
  const tapOf = ({ text, key, style, type, url }: Button): JSX.Element =>
    type === 1 ? (
      <a href={opened(viewer, url)} target="_blank" rel="noopener noreferrer">
        {text}
      </a>
    ) : (
      <button type="button" class={`s${style ?? 1}`} disabled={busy === key} onClick={() => void tap(key ?? '')}>
        {text}
      </button>
    );

  return (
    <div ref={element} class="body card" role="group" aria-label={card.main_title?.title ?? card.sub_title_text ?? '卡片'}>
      {bubble.text && (
        <div class="lead">
          <Markdown text={bubble.text} />
        </div>
      )}
      {card.source?.desc && <p class={`source c${card.source.desc_color ?? 0}`}>{card.source.desc}</p>}
      {card.card_image && (
        <img class="picture" src={card.card_image.url.startsWith('data:') ? card.card_image.url : undefined} alt="卡片图片" />
      )}
      {card.main_title?.title && <h4>{card.main_title.title}</h4>}
      {card.main_title?.desc && <p class="desc">{card.main_title.desc}</p>}
      {card.emphasis_content && (
        <p class="emphasis">
          <strong>{card.emphasis_content.title}</strong>
          {card.emphasis_content.desc}
        </p>
      )}
      {card.sub_title_text && <p class="desc">{card.sub_title_text}</p>}
      {card.quote_area && (
        <div class="quote">
          {card.quote_area.title && <b>{card.quote_area.title}</b>}
          {card.quote_area.quote_text}
        </div>
      )}
      {card.image_text_area && (
        <div class="quote">
          {card.image_text_area.title && <b>{card.image_text_area.title}</b>}
          {card.image_text_area.desc}
        </div>
      )}
      {(card.vertical_content_list ?? []).map((each) => (
        <div class="quote">
          {each.title && <b>{each.title}</b>}
          {each.desc}
        </div>
      ))}
      {(card.horizontal_content_list ?? []).length > 0 && (
        <dl>{card.horizontal_content_list?.map((row) => [<dt>{row.keyname}</dt>, <dd>{row.value}</dd>])}</dl>
      )}
      {card.checkbox && (
        <fieldset data-question={card.checkbox.question_key}>
          <legend class="hidden">请选择</legend>
          {card.checkbox.option_list.map((each) => (
            <label>
              <input
                type={card.checkbox?.mode === 1 ? 'checkbox' : 'radio'}
                name={bubble.id}
                value={each.id}
                defaultChecked={each.is_checked === true}
                disabled={card.checkbox?.disable === true || isStamped}
              />{' '}
              {each.text}
            </label>
          ))}
        </fieldset>
      )}
      {selectors.map((one) => (
        <label>
          {one.title ?? '请选择'}
          <select data-question={one.question_key} disabled={one.disable === true || isStamped}>
            {one.option_list.map((each) => (
              <option value={each.id} selected={each.id === one.selected_id}>
                {each.text}
              </option>
            ))}
          </select>
        </label>
      ))}
      {links.length > 0 && (
        <p class="links">
          {links.map((jump) =>
            jump.type === 3 ? (
              <button type="button" class="link" onClick={() => write(jump.question ?? '')}>
                {jump.title}
              </button>
            ) : jump.type === 1 ? (
              <a href={opened(viewer, jump.url)} target="_blank" rel="noopener noreferrer">
                {jump.title}
              </a>
            ) : (
              <span>{jump.title}</span>
            ),
          )}
        </p>
      )}
      {isStamped && (
        <div class="buttons">
          <p class="stamp">{card.replace_text}</p>
        </div>
      )}
      {!isStamped && buttons.length > 0 && <div class="buttons">{buttons.map(tapOf)}</div>}
      {menu.length > 0 && (
        <div class="buttons" role="group" aria-label={card.action_menu?.desc ?? '更多操作'}>
          {menu.map((each) => tapOf({ ...each, style: 4 }))}
        </div>
      )}
    </div>
  );
}
