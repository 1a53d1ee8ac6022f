/** Stock against its minimum and target, item by item. */
import { definePicture } from '../../../kernel/picture.ts';
import type { OperationsReads } from '../ports.ts';

export const stock = definePicture<OperationsReads>()({
  name: 'operations.stock',
  domain: 'operations',
  title: 'Stock against its minimum',
  says: 'What was counted and what moved since, with what is on order behind it; the line is the minimum.',
  classification: 'internal',
  async draw(operations) {
    const bars = [];
    for (const { item, name, site, unit, minimum, target } of (await operations.settings()).items) {
      const { level, open } = await operations.stock(item, site);
      bars.push({ name, where: site, have: level, coming: open.reduce((total, { quantity }) => total + quantity, 0), minimum, target, unit });
    }
    return { kind: 'bars', bars };
  },
});
