/**
 * Slack's rich text, as far as it tells whose words are whose: what stands in a quotation or was pasted as it was is marked so, line by
 * line, as the gate knows it (https://docs.slack.dev/reference/block-kit/blocks/rich-text-block).
 */
import { z } from 'zod';

const Inline = z.object({
  type: z.string(),
  text: z.string().optional(),
  url: z.string().optional(),
  user_id: z.string().optional(),
  channel_id: z.string().optional(),
  usergroup_id: z.string().optional(),
  range: z.string().optional(),
  name: z.string().optional(),
  style: z.object({ code: z.boolean().optional() }).optional(),
});
type Inline = z.infer<typeof Inline>;
const Part = z.object({
  type: z.string(),
  border: z.number().optional(), // of a list, one that stands within a quotation
  elements: z.array(z.union([z.object({ type: z.literal('rich_text_section'), elements: z.array(Inline) }), Inline])),
});
type Part = z.infer<typeof Part>;
const RichText = z.object({ type: z.literal('rich_text'), elements: z.array(Part) });

/** The text with its quotations marked; undefined where there is none, or nothing that we can read. @param self our own user id */
export function quoting(blocks: unknown, self: string): string | undefined {
  const parts =
    z
      .array(z.unknown())
      .safeParse(blocks)
      .data?.flatMap((block) => RichText.safeParse(block).data?.elements ?? []) ?? [];
  if (!parts.some((part) => foreign(part) || pasted(part))) return undefined;
  return parts.map((part) => marked(part, self)).join('\n');
}

const foreign = ({ type, border = 0 }: Part): boolean => type === 'rich_text_quote' || border > 0;
const pasted = ({ type }: Part): boolean => type === 'rich_text_preformatted';

function marked(part: Part, self: string): string {
  const listed = part.type === 'rich_text_list';
  const words = part.elements.map((one) => ('elements' in one ? one.elements : [one]).map((inline) => said(inline, self)).join('')).join(listed ? '\n' : '');
  const lines = words.split('\n');
  if (foreign(part) || pasted(part)) return lines.map((line) => `> ${line}`).join('\n');
  return listed ? lines.map((line) => `- ${line}`).join('\n') : words;
}

/** What is not text has no words of its own: a link is its address, whatever label somebody wrote. */
function said({ type, text = '', url = '', user_id, channel_id, usergroup_id, range, name = '', style }: Inline, self: string): string {
  if (type === 'link') return url;
  if (type === 'user') return user_id === self ? ' ' : `@${user_id ?? ''}`;
  if (type === 'channel') return `#${channel_id ?? ''}`;
  if (type === 'usergroup' || type === 'broadcast') return `!${usergroup_id ?? range ?? ''}`;
  if (type === 'emoji') return `:${name}:`;
  return style?.code === true ? `\`${text}\`` : text;
}
