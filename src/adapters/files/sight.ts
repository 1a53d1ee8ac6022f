/** Which files of the folders are new or changed: told by size and times, so that a round reads only those. */
import { basename } from 'node:path';
import { troubleOf, type Trouble } from '../../kernel/trouble.ts';
import { inOrder, recordFile, recordPaths, stampOf, type Sighted } from './ingest.ts';

export interface Sight extends Sighted {
  readonly path: string;
  /** It need not be looked at again as it is. */
  kept(): void;
}

export interface Look {
  readonly fresh: readonly Sight[]; // those first that others speak of
  readonly troubles: readonly Trouble[];
}

const MOST = 50_000; // files in all folders

/** What is on file of a path. */
interface Kept {
  readonly stamp: string;
  readonly digest: string;
}

/** @param most files that are looked at */
export function watchFolders(folders: readonly string[], most: number = MOST): { look(again?: readonly string[]): Promise<Look> } {
  let seen = new Map<string, Kept>(); // of files that are there, so at most `most`
  return {
    /** @param again digests of files that were handed in once more: they are looked at as if they were new */
    async look(again = []) {
      const troubles: Trouble[] = [];
      const there: string[] = [];
      for (const folder of folders) there.push(...(await recordPaths(folder).catch((error: unknown) => (troubles.push(troubleOf(folder, error)), []))));
      if (there.length > most)
        troubles.push({
          subject: 'files',
          reason: `there are ${there.length} files in ${folders.map((folder) => `\`${folder}\``).join(' and ')}, and the first ${most} are read; move out what is on file (\`charter records list\`)`,
        });
      const paths = there.slice(0, most);
      seen = new Map(
        paths.flatMap((path) => {
          const known = seen.get(path);
          return known ? [[path, known] as const] : [];
        }),
      );
      const fresh: Sight[] = [];
      for (const path of paths) {
        try {
          const { stamp } = await stampOf(path);
          const known = seen.get(path);
          if (known?.stamp === stamp && !again.includes(known.digest)) continue;
          const { name, digest, kind } = await recordFile(path); // its contents are let go, and read again when it is filed
          fresh.push({ path, name, digest, kind, kept: () => void seen.set(path, { stamp, digest }) });
        } catch (error) {
          if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) troubles.push(troubleOf(basename(path), error)); // gone meanwhile
        }
      }
      return { fresh: fresh.sort(inOrder), troubles };
    },
  };
}
