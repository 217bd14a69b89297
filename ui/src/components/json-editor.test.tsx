import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, it, vi } from 'vitest';
import { LanguageProvider } from '@/lib/i18n';
import { JsonEditor } from './json-editor';
import { parseJson } from './parse-json';
import type { Json } from './schema-form/schema';

function faultOf(text: string) {
  const read = parseJson(text);
  return read.ok ? null : read.fault;
}

describe('parseJson', () => {
  it('reports valid JSON', () => {
    expect(parseJson('{"a": [1, -2.5e3, "x\\u00e9", true, null, {}]}')).toEqual({
      ok: true,
      value: { a: [1, -2500, 'xé', true, null, {}] },
    });
  });

  it.each([
    ['{"a": 1,}', { line: 1, column: 9, found: '}', comma: 'extra' }],
    ['{\n  "a": 1\n  "b": 2\n}', { line: 3, column: 3, found: '"b"', comma: 'missing' }],
    ['{\n  a: 1\n}', { line: 2, column: 3, found: 'a' }],
    ['{"a": tru}', { line: 1, column: 7, found: 'tru' }],
    ['[1, 2', { line: 1, column: 6, found: null }],
    ['{"a": 1} x', { line: 1, column: 10, found: 'x' }],
    ['', { line: 1, column: 1, found: null }],
  ])('says where %j goes wrong', (text, fault) => {
    expect(faultOf(text)).toEqual(fault);
  });
});

describe('JsonEditor', () => {
  const draw = (value: { a: number }) => {
    const onValue = vi.fn();
    const onFault = vi.fn();
    function Host() {
      const [current, setCurrent] = useState<Json | undefined>(value);
      const change = (next: Json | undefined) => {
        onValue(next);
        setCurrent(next);
      };
      return (
        <LanguageProvider initial="en">
          <JsonEditor label="Spec" value={current} onValue={change} onFault={onFault} />
        </LanguageProvider>
      );
    }
    render(<Host />);
    return { box: screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Spec' }), onValue, onFault };
  };

  it('keeps the last valid value and describes the syntax error', async () => {
    const { box, onValue, onFault } = draw({ a: 1 });
    expect(box.value).toBe('{\n  "a": 1\n}');
    await userEvent.clear(box);
    await userEvent.click(box);
    await userEvent.paste('{"a": 2,\n}');
    expect(onValue).not.toHaveBeenCalled();
    expect(onFault).toHaveBeenLastCalledWith({ line: 2, column: 1, found: '}', comma: 'extra' });
    expect(screen.getByRole('status').textContent).toBe('Line 2, column 1: the comma before } is one too many.');
    await userEvent.click(screen.getByRole('button', { name: 'Go there' }));
    expect([box.selectionStart, box.selectionEnd]).toEqual([9, 10]);
  });

  it('formats valid JSON only', async () => {
    const { box, onValue } = draw({ a: 1 });
    await userEvent.clear(box);
    await userEvent.click(box);
    await userEvent.paste('{"a":[2]}');
    expect(onValue).toHaveBeenLastCalledWith({ a: [2] });
    expect(box.value).toBe('{"a":[2]}');
    await userEvent.click(screen.getByRole('button', { name: 'Format' }));
    expect(box.value).toBe('{\n  "a": [\n    2\n  ]\n}');
  });
});
