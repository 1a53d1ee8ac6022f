/** Files that came in, as surfaces show them; part of `client.ts`. */

/** A file that came in, and what became of it. */
export interface RecordRow {
  readonly id: string; // digest of its bytes
  readonly name: string;
  readonly kind: string;
  readonly state: string; // filed, set_aside, asks (waits for a person to say what it holds), waiting
  readonly reason: string;
  readonly filedBy: string; // a person, `operator`, `folder` where it was dropped where records are looked for, or empty: it could not be read
  readonly register: string | null;
  readonly mapping: Readonly<Record<string, string>>; // column -> heading
  readonly ignored: readonly string[]; // headings that fill no column
}
