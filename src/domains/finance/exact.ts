/** Decimals of documents as integers of billionths: compared and added without a float. */

export const BILLION = 1_000_000_000n;

/** A decimal of at most nine places as an integer of billionths. @throws RangeError */
export function exact(decimalText: string): bigint {
  const found = /^(-?)(\d+)(?:\.(\d{1,9}))?$/.exec(decimalText.trim());
  if (!found) throw new RangeError(`\`${decimalText}\` is not a decimal with at most nine places.`);
  return BigInt(`${found[1]}${found[2]}${(found[3] ?? '').padEnd(9, '0')}`);
}
