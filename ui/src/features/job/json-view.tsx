import type { ReactNode } from 'react';

const MEMBER = /^(\s*)("(?:[^"\\]|\\.)*")(: )(.*)$/;

/** JSON to be read: its keys stand back, its values stand out. */
export function JsonView({ value }: { value: unknown }) {
  const lines = JSON.stringify(value, null, 2).split('\n');
  return (
    <pre tabIndex={0} className="overflow-x-auto px-3.5 py-3 font-mono text-xs leading-5">
      {lines.map((line, at) => (
        <span key={at} className="block">
          {lineOf(line)}
        </span>
      ))}
    </pre>
  );
}

function lineOf(line: string): ReactNode {
  const member = MEMBER.exec(line);
  if (!member) return line;
  const [, indent, key, colon, rest] = member;
  return (
    <>
      {indent}
      <span className="text-text-3">
        {key}
        {colon}
      </span>
      {rest}
    </>
  );
}
