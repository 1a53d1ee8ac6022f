/** Text with its values told apart and its days in one piece. Whatever stands in it stays text. */
import { Code } from '@mantine/core';
import { spans } from '../../prose.ts';

export function Prose({ text }: { text: string }) {
  return spans(text).map((span, n) =>
    span.value ? (
      <Code key={n} fz="0.92em">
        <Days text={span.text} />
      </Code>
    ) : (
      <Days key={n} text={span.text} />
    ),
  );
}

const DAY = /(\b\d{4}-\d{2}-\d{2}\b)/;

/** A day is not broken at its hyphens. */
export function Days({ text }: { text: string }) {
  return text.split(DAY).map((part, n) =>
    n % 2 === 1 ? (
      <span key={n} style={{ whiteSpace: 'nowrap' }}>
        {part}
      </span>
    ) : (
      part
    ),
  );
}

const IBAN = /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/;

/** A value on record, as it is; an account in fours, so that two can be compared. The text of both is the value's own. */
export function Value({ text }: { text: string }) {
  if (!IBAN.test(text)) return <Days text={text} />;
  return (text.match(/.{1,4}/g) ?? []).map((four, n) => (
    <span key={n} style={{ display: 'inline-block', marginRight: '0.3em', textDecoration: 'inherit' }}>
      {four}
    </span>
  ));
}
