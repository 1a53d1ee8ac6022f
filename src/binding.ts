/** A domain's tools and reconcilers with the ports that they are typed to need. */
import type { z } from 'zod';
import { bindReads, type BoundRead } from './activities/reads.ts';
import { bindReconcilers, type BoundReconciler } from './activities/reconcile.ts';
import type { Tx } from './activities/ports.ts';
import type { DomainAdapter } from './adapters/postgres/domain.ts';
import { sqlOf } from './adapters/postgres/store.ts';
import { bindWrites, type BoundWrite } from './execute/execute.ts';
import type { ReadTool, Reconciler, WriteTool } from './kernel/define.ts';
import { Picture, type PictureSource } from './kernel/picture.ts';
import type { LocalTime } from './kernel/time.ts';

export const isRead = <T extends { effect: string }>(tool: T): tool is T & { effect: 'read' } => tool.effect === 'read';
export const isWrite = <T extends { effect: string }>(tool: T): tool is Exclude<T, { effect: 'read' }> => tool.effect !== 'read';

/** A domain as `npm run generate` finds it. */
export interface DeclaredDomain<R, W> {
  readonly adapter: DomainAdapter<R, W>;
  readonly reads: readonly ReadTool<z.ZodType, z.ZodType, NoInfer<R>>[];
  readonly writes: readonly WriteTool<z.ZodType, z.ZodType, NoInfer<W>>[];
  readonly reconcilers: readonly Reconciler<unknown, unknown, NoInfer<R>>[];
  readonly pictures: readonly PictureSource<NoInfer<R>>[];
}

export interface BoundDomain {
  readonly reads: readonly BoundRead[];
  readonly writes: readonly BoundWrite<Tx>[];
  readonly reconcilers: readonly BoundReconciler[];
  readonly pictures: readonly BoundPicture[];
}
/** A picture with what its domain reads with. */
export type BoundPicture = Omit<PictureSource, 'draw'> & { readonly draw: (tx: Tx, now: LocalTime) => Promise<Picture> };
export type Bind = <R extends object, W>(domain: DeclaredDomain<R, W>) => BoundDomain;

export const bind: Bind = ({ adapter, reads, writes, reconcilers, pictures }) => ({
  reads: bindReads(reads, (tx) => adapter.reads(sqlOf(tx), tx.org)),
  writes: bindWrites(writes, (tx: Tx, { today }) => adapter.writes(sqlOf(tx), tx.org, today)),
  reconcilers: bindReconcilers(reconcilers, (tx) => adapter.reads(sqlOf(tx), tx.org)),
  pictures: pictures.map((picture) => ({
    ...picture,
    draw: async (tx: Tx, now: LocalTime) => Picture.parse(await picture.draw(adapter.reads(sqlOf(tx), tx.org), now)),
  })),
});
