/** 公示: every plan on public notice in the reader's scope, with the proposed sum, the days left and how to object. */
import type { Ctx } from '../bot/ctx.ts';
import { principles, publicSheets, type PublicSheet } from '../fund/index.ts';
import { showEnd, showTime, workdaysLeft } from '../kernel/calendar.ts';
import { html, type Html } from './html.ts';
import { shell } from './shell.ts';

export async function notices(ctx: Ctx): Promise<string> {
  const sheets = await publicSheets(ctx);
  const count = sheets.length === 0 ? '现在没有正在公示的申请。' : `正在公示${sheets.length}笔。`;
  return shell(
    '党建公积金公示',
    html`<header>
        <h1>党建公积金公示</h1>
        <p class="soft">${count}${showTime(ctx.now, ctx.now)}查看。</p>
      </header>
      ${sheets.map((sheet) => article(sheet, ctx.now))}
      <footer class="soft">
        <p>有异议，请在公示期内私聊“党建助手”说，写清楚哪里不对、凭什么。可以不署名；署名只有裁定的人看得到。</p>
        <p>${principles}</p>
        <p>只给公示范围内的同志看，请不要转到范围以外。</p>
      </footer>`,
  );
}

function article({ no, organisation, host, content, proposed, facts, budget, ...sheet }: PublicSheet, now: Date): Html {
  return html`<article>
    <h2>${content}</h2>
    <p class="soft">${organisation}，${host}公积金，<span class="no">${no}</span></p>
    <p class="sum">拟补助${proposed}</p>
    ${deadline(sheet, now)}
    <dl>
      ${facts.map(
        ([label, value]) =>
          html`<dt>${label}</dt>
            <dd>${value}</dd>`,
      )}
    </dl>
    <table>
      <caption>
        预算
      </caption>
      ${budget.map(
        ({ category, lines }) =>
          html`<tbody>
            <tr>
              <th colspan="2" scope="rowgroup">${category}</th>
            </tr>
            ${lines.map(
              ([what, sum]) =>
                html`<tr>
                  <td>${what}</td>
                  <td>${sum}</td>
                </tr>`,
            )}
          </tbody>`,
      )}
    </table>
    <p class="how">有异议，私聊“党建助手”说：<b class="no">异议 ${no}：</b>加上理由。</p>
  </article> `;
}

function deadline({ until, isStopped }: Pick<PublicSheet, 'until' | 'isStopped'>, now: Date): Html {
  if (isStopped) return html`<p class="stop">公示暂停，正在核查，核查后接着公示。</p>`;
  const left = workdaysLeft(until, now);
  return html`<p>公示到${showEnd(until, now)}，${left > 0 ? `还剩${left}个工作日` : '今天结束'}。</p>`;
}
