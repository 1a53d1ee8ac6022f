/** Conflicts of interest, as the organization's register declares them: who is tied to which supplier, and who is whose family. */
import { z } from 'zod';
import { PersonId } from './ids.ts';

const Supplier = z.string().min(1).max(60);

export const Interest = z.union([
  z.strictObject({ person: PersonId, supplier: Supplier, kind: z.enum(['ownership', 'family', 'own']) }), // own: the supplier is that person, as where they are paid back what they spent
  z.strictObject({ person: PersonId, relative: PersonId }), // of one family: what ties one of them ties the other
]);
export type Interest = z.infer<typeof Interest>;

/** Somebody who is tied to a counterparty, and by what. */
export interface Tie {
  readonly person: PersonId;
  readonly because: string;
}

const WORDS = { ownership: 'owns a share of', family: 'is family of', own: 'is' } as const;

/** Everybody who is tied to a supplier: themselves, or through a relative among us. By person, each once. */
export function tiesTo(supplier: string | null, interests: readonly Interest[]): readonly Tie[] {
  if (supplier === null) return [];
  const direct = interests.flatMap((one) =>
    'supplier' in one && one.supplier === supplier ? [{ person: one.person, because: `${WORDS[one.kind]} \`${supplier}\`` }] : [],
  );
  const kin = interests.flatMap((one) => {
    if (!('relative' in one)) return [];
    const pairs = [
      [one.person, one.relative],
      [one.relative, one.person],
    ] as const;
    return pairs.flatMap(([person, relative]) =>
      direct.flatMap((tie) => (tie.person === relative ? [{ person, because: `is family of \`${relative}\`, who ${tie.because}` }] : [])),
    );
  });
  const all = [...direct, ...kin];
  return all.filter(({ person }, n) => all.findIndex((tie) => tie.person === person) === n).sort((a, b) => (a.person < b.person ? -1 : 1));
}

const keyOf = (one: Interest): string => ('supplier' in one ? `${one.person}/${one.kind}/${one.supplier}` : `${one.person}/family/${one.relative}`);

/** What either declares: an entry that is taken out holds until the owners agree. */
export function narrowerInterests(one: readonly Interest[] | undefined, other: readonly Interest[] | undefined): Interest[] | undefined {
  const all = [...(one ?? []), ...(other ?? [])];
  return all.length === 0 ? undefined : all.filter((entry, n) => all.findIndex((first) => keyOf(first) === keyOf(entry)) === n);
}

/** A difference, by name. */
export interface InterestDifference {
  readonly name: string;
  readonly how: 'added' | 'removed';
  readonly words: string;
}

export function interestDifferences(before: readonly Interest[] = [], after: readonly Interest[] = []): readonly InterestDifference[] {
  const missing = (from: readonly Interest[], all: readonly Interest[]) => all.filter((one) => !from.some((other) => keyOf(other) === keyOf(one)));
  const said = (one: Interest) =>
    'supplier' in one ? `${one.person} ${WORDS[one.kind]} \`${one.supplier}\`` : `${one.person} and ${one.relative} are of one family`;
  return [
    ...missing(before, after).map((one) => ({ name: `interest/${keyOf(one)}`, how: 'added' as const, words: `${said(one)}: does not decide about it` })),
    ...missing(after, before).map((one) => ({ name: `interest/${keyOf(one)}`, how: 'removed' as const, words: `it is no more on record that ${said(one)}` })),
  ];
}
