/** Stock against its declared minimum, as deliveries and withdrawals are recorded. Of one item at most one drift at a time. */
import { defineReconciler } from '../../../kernel/define.ts';
import { toOrder } from '../need.ts';
import type { OperationsReads } from '../ports.ts';
import { ItemCode } from '../records.ts';
import type { Item } from '../settings.ts';

const keyOf = ({ item, site }: Pick<Item, 'item' | 'site'>): string => `${item}@${site}`;
const declared = async (key: string, operations: OperationsReads) => (await operations.settings()).items.find((item) => keyOf(item) === key);
const placeOf = (key: string) => ({ item: ItemCode.parse(key.split('@')[0]), site: key.slice(key.indexOf('@') + 1) });

const keys = async (operations: OperationsReads) => (await operations.settings()).items.map(keyOf);
const observed = (key: string, operations: OperationsReads) => {
  const { item, site } = placeOf(key);
  return operations.stock(item, site);
};

export const lowStock = defineReconciler<OperationsReads>()({
  name: 'operations.low_stock',
  domain: 'operations',
  keys,
  desired: declared,
  async observed(key, operations) {
    const item = await declared(key, operations);
    return { ...(await observed(key, operations)), stopped: item !== undefined && (await operations.supplierStopped(item.supplier)) };
  },
  drift(key, item, { stopped, ...stock }) {
    const quantity = item ? toOrder(item, stock) : 0;
    if (!item || quantity === 0) return [];
    const why = `of \`${item.item}\` (${item.name}) ${stock.level} are left at ${item.site}, the minimum is ${item.minimum}`;
    return [
      {
        subject: key,
        why,
        arose: stock.movedOn ?? stock.countedOn,
        facts: {
          level: stock.level,
          minimum: item.minimum,
          target: item.target,
          price: item.price,
          supplier: item.supplier,
          lastOrder: stock.lastOrder,
          ...(stopped ? { stopped } : {}), // let go on, it is asked about again
        },
      },
    ];
  },
});

export const countNeeded = defineReconciler<OperationsReads>()({
  name: 'operations.count_needed',
  domain: 'operations',
  keys,
  desired: declared,
  observed,
  drift(key, item, { level, countedOn, movedOn }) {
    if (!item || (level !== null && level >= 0)) return [];
    const why =
      level === null
        ? `\`${item.item}\` was never counted at ${item.site}`
        : `by what was recorded ${level} of \`${item.item}\` are left at ${item.site}; somebody must count`;
    return [{ subject: key, why, arose: movedOn ?? countedOn, facts: { level, countedOn } }];
  },
});
