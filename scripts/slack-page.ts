/** Slack's blocks as a page: header, section with fields, context and buttons, in the measures of Block Kit. Every text is text. */
import type { types } from '@slack/bolt';

type Block = types.KnownBlock;

const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`).replaceAll('\n', '<br>');

/** @throws Error for a block that is not drawn here: a picture that leaves something out would lie */
function drawn(block: Block): string {
  if (block.type === 'header') return `<h1>${escaped(block.text.text)}</h1>`;
  if (block.type === 'section') {
    const fields = (block.fields ?? []).map(({ text }) => `<p>${escaped(text)}</p>`);
    return `<section>${block.text ? `<p>${escaped(block.text.text)}</p>` : ''}<div class="fields">${fields.join('')}</div></section>`;
  }
  if (block.type === 'context')
    return `<div class="context">${block.elements.map((one) => `<span>${'text' in one ? escaped(one.text) : ''}</span>`).join('')}</div>`;
  if (block.type === 'actions') return `<div class="actions">${block.elements.map(button).join('')}</div>`;
  throw new Error(`A block \`${block.type}\` is not drawn here; draw it in scripts/slack-page.ts.`);
}

function button(element: types.ActionsBlock['elements'][number]): string {
  if (element.type !== 'button') throw new Error(`An element \`${element.type}\` is not drawn here; draw it in scripts/slack-page.ts.`);
  return `<button class="${element.style ?? 'plain'}">${escaped(element.text.text)}</button>`;
}

const STYLE = `
  body { margin: 0; background: #fff; color: #1d1c1d; font: 15px/1.466 Lato, "Noto Sans", "DejaVu Sans", sans-serif; }
  main { width: 680px; padding: 16px 20px 20px; display: grid; grid-template-columns: 36px 1fr; gap: 0 8px; }
  .face { width: 36px; height: 36px; border-radius: 8px; background: #1864ab; color: #fff; font-weight: 700; display: grid; place-items: center; }
  .who { font-weight: 900; } .who small { background: #e8e8e8; border-radius: 2px; padding: 1px 3px; margin: 0 6px; font-size: 10px; color: #616061; }
  .who time { color: #616061; font-weight: 400; font-size: 12px; }
  h1 { font-size: 18px; line-height: 1.33; margin: 8px 0; } p { margin: 0; overflow-wrap: anywhere; } section { margin: 8px 0; }
  .fields { display: grid; grid-template-columns: 1fr 1fr; gap: 8px 16px; } .fields:empty { display: none; }
  .context { display: flex; flex-wrap: wrap; gap: 2px 8px; color: #616061; font-size: 13px; line-height: 18px; margin: 8px 0; }
  .actions { display: flex; gap: 8px; margin-top: 8px; }
  button { font: inherit; font-size: 13px; font-weight: 700; height: 32px; padding: 0 12px; border: 1px solid #bbbabb; border-radius: 8px; background: #fff; color: #1d1c1d; }
  .primary { background: #007a5a; border-color: #007a5a; color: #fff; } .danger { background: #fff; border-color: #e01e5a; color: #e01e5a; }`;

/** A whole page with one message of Charter's. */
export const slackPage = (blocks: readonly Block[]): string => `<!doctype html><meta charset="utf-8"><style>${STYLE}</style>
<main><div class="face">C</div><div><div class="who">Charter<small>APP</small></div>${blocks.map(drawn).join('\n')}</div></main>`;
