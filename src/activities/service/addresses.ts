/** Where word of actions may be sent: to addresses that the owners named, and ratified. */
import type { Tx } from '../ports.ts';
import { StageError } from '../world.ts';

/** Says no to an address that no owner ratified. @throws StageError `bad_input` */
export async function requireNamed(tx: Tx, url: string): Promise<void> {
  const named = (await tx.service.terms())?.webhooks ?? [];
  if (URL.canParse(url) && named.includes(new URL(url).origin)) return;
  const told = named.length === 0 ? 'it sends word to nobody' : `it sends word to ${named.map((origin) => `\`${origin}\``).join(', ')}`;
  throw new StageError('bad_input', `\`${url}\` is no address that the organization sends word to; ${told}. Its owners name them: \`service.webhooks\`.`);
}
