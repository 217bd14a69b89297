import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, it } from 'vitest';
import { LanguageProvider, type Lang } from '@/lib/i18n';
import { SessionProvider, type Session } from '@/lib/session';
import { SchemaForm, type JsonObject, type JsonSchema, type SchemaFormProps } from '.';

const NOTIFY: JsonSchema = {
  title: 'Notify',
  type: 'object',
  required: ['channel'],
  properties: {
    channel: { type: 'string', enum: ['telegram', 'sandbox'], title: 'Channel' },
    to: { anyOf: [{ type: 'string', maxLength: 255 }, { type: 'null' }], default: null, title: 'To' },
  },
};

const SCHEMA: JsonSchema = {
  $defs: { Notify: NOTIFY },
  title: 'MonitorHttpInputs',
  type: 'object',
  required: ['url'],
  properties: {
    url: { type: 'string', maxLength: 4096, examples: ['https://example.org/health'], title: 'Url' },
    method: { type: 'string', enum: ['GET', 'HEAD'], default: 'GET', title: 'Method' },
    headers: { type: 'object', patternProperties: { '^[a-z]+$': { type: 'string' } }, title: 'Headers' },
    expect_status: {
      anyOf: [{ type: 'integer', minimum: 100, maximum: 599 }, { type: 'null' }],
      default: null,
      title: 'Expect Status',
    },
    timeout_sec: { type: 'number', exclusiveMinimum: 0, maximum: 60, default: 10, title: 'Timeout Sec' },
    verify: { type: 'boolean', default: true, title: 'Verify' },
    text: { type: 'string', maxLength: 4000, title: 'Text' },
    words: { type: 'array', items: { type: 'string' }, title: 'Words' },
    anything: { title: 'Anything' },
    notify: { anyOf: [{ $ref: '#/$defs/Notify' }, { type: 'null' }], default: null, title: 'Notify' },
  },
};

type Options = Partial<SchemaFormProps> & { lang?: Lang };

function draw({ lang = 'en', value = {}, ...rest }: Options = {}) {
  const seen: { value: JsonObject } = { value };
  function Host() {
    const [current, setCurrent] = useState<JsonObject>(value);
    const change = (next: JsonObject) => {
      seen.value = next;
      setCurrent(next);
    };
    return (
      <LanguageProvider initial={lang}>
        <SchemaForm schema={SCHEMA} value={current} onChange={change} {...rest} />
      </LanguageProvider>
    );
  }
  render(<Host />);
  return seen;
}

describe('SchemaForm', () => {
  it('draws a control for each kind of field', () => {
    draw();
    expect(screen.getByRole('textbox', { name: /^URL/ }).tagName).toBe('INPUT');
    expect(screen.getByRole('combobox', { name: 'Method' })).toBeTruthy();
    expect(screen.getByRole('textbox', { name: 'Message' }).tagName).toBe('TEXTAREA');
    expect(screen.getByRole('group', { name: 'Headers' })).toBeTruthy();
    expect(screen.getByRole('checkbox', { name: 'Verify' })).toHaveProperty('checked', true);
    expect(screen.getByRole('textbox', { name: 'Anything (As JSON)' }).tagName).toBe('TEXTAREA');
  });

  it('keeps numbers as numbers, with a point or a comma', async () => {
    const seen = draw();
    await userEvent.type(screen.getByRole('textbox', { name: 'Expected status' }), '204');
    await userEvent.type(screen.getByRole('textbox', { name: 'Time for a check' }), '2,5');
    expect(seen.value).toEqual({ expect_status: 204, timeout_sec: 2.5 });
  });

  it('passes an invalid number on as typed, for the API to refuse', async () => {
    const seen = draw();
    await userEvent.type(screen.getByRole('textbox', { name: 'Expected status' }), '2x');
    expect(seen.value).toEqual({ expect_status: '2x' });
  });

  it('leaves an emptied field out of the object', async () => {
    const seen = draw({ value: { url: 'a', expect_status: 200, method: 'HEAD' } });
    await userEvent.clear(screen.getByRole('textbox', { name: /^URL/ }));
    await userEvent.clear(screen.getByRole('textbox', { name: 'Expected status' }));
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Method' }), 'GET (default)');
    expect(seen.value).toEqual({});
  });

  it('sets and leaves out an optional object', async () => {
    const seen = draw();
    const group = screen.getByRole('group', { name: 'Recipient' });
    await userEvent.click(within(group).getByRole('button', { name: 'Set: Recipient' }));
    expect(seen.value).toEqual({ notify: {} });
    await userEvent.selectOptions(within(group).getByRole('combobox'), 'Telegram');
    await userEvent.type(within(group).getByRole('textbox', { name: 'To' }), '42');
    expect(seen.value).toEqual({ notify: { channel: 'telegram', to: '42' } });
    await userEvent.click(within(group).getByRole('button', { name: 'Leave out: Recipient' }));
    expect(seen.value).toEqual({});
  });

  it('edits a map row by row and sends no row without a name', async () => {
    const seen = draw({ value: { headers: { accept: 'text/html' } } });
    const group = screen.getByRole('group', { name: 'Headers' });
    await userEvent.click(within(group).getByRole('button', { name: 'Add: Headers' }));
    await userEvent.type(within(group).getByRole('textbox', { name: 'Headers: value 2' }), 'x');
    expect(seen.value).toEqual({ headers: { accept: 'text/html' } });
    await userEvent.type(within(group).getByRole('textbox', { name: 'Headers: name 2' }), 'via');
    expect(seen.value).toEqual({ headers: { accept: 'text/html', via: 'x' } });
    await userEvent.click(within(group).getByRole('button', { name: 'Remove row 1' }));
    await userEvent.click(within(group).getByRole('button', { name: 'Remove row 1' }));
    expect(seen.value).toEqual({});
  });

  it('collects words by Enter and comma and takes the last one out by Backspace', async () => {
    const seen = draw();
    const box = screen.getByRole('textbox', { name: 'Words' });
    await userEvent.type(box, 'one{Enter}two,two,');
    expect(seen.value).toEqual({ words: ['one', 'two'] });
    await userEvent.type(box, '{Backspace}{Backspace}');
    expect(seen.value).toEqual({});
  });

  it('shows each problem at its field and the rest on top', () => {
    draw({
      value: { notify: {} },
      errors: { '/url': 'Required', '/notify/channel': 'Choose one', '/words/1': 'Too long', '/other': 'Unknown' },
    });
    const url = screen.getByRole('textbox', { name: /^URL/ });
    expect(url.getAttribute('aria-invalid')).toBe('true');
    expect(document.getElementById(url.getAttribute('aria-describedby') ?? '')?.textContent).toBe('Required');
    const notify = screen.getByRole('group', { name: 'Recipient' });
    expect(within(notify).getByText('Choose one')).toBeTruthy();
    expect(within(screen.getByRole('group', { name: 'Words' })).getByText('1: Too long')).toBeTruthy();
    expect(screen.getByRole('alert').textContent).toContain('/otherUnknown');
    expect(screen.getByRole('alert').textContent).not.toContain('Required');
  });

  it('shows a problem inside of an object that is left out at the object', () => {
    draw({ errors: { '/notify/channel': 'Required' } });
    expect(within(screen.getByRole('group', { name: 'Recipient' })).getByText('channel: Required')).toBeTruthy();
  });

  it('speaks Indonesian, with the labels of the caller first', () => {
    draw({ lang: 'id', labels: { url: { en: ['Page'], id: ['Alamat halaman'] } } });
    expect(screen.getByRole('textbox', { name: /^Alamat halaman/ })).toBeTruthy();
    expect(screen.getByText('detik · lebih dari 0, paling banyak 60, bawaan 10')).toBeTruthy();
  });

  it('explains that there are no fields', () => {
    draw({ schema: { type: 'object', properties: {} } });
    expect(screen.getByText('Nothing to fill in here.')).toBeTruthy();
  });

  it('lets nothing be changed while disabled', () => {
    draw({ disabled: true });
    const controls = [...document.querySelectorAll('input, select, textarea, button')];
    expect(controls.filter((each) => !(each as HTMLInputElement).disabled)).toEqual([]);
  });
});

describe('a field that needs a role', () => {
  const schema: JsonSchema = {
    type: 'object',
    properties: {
      include_secrets: { type: 'boolean', default: false, 'x-required-role': 'admin' },
      include_logs: { type: 'boolean', default: true },
    },
  };
  const session = { name: 'ana', keyless: false, timezone: 'Asia/Jakarta', version: '0', namespace: 'mj' };

  it.each([
    ['operator', true],
    ['admin', false],
  ] as const)('is locked for others: %s', (role, isLocked) => {
    render(
      <LanguageProvider initial="en">
        <SessionProvider session={{ ...session, role } satisfies Session}>
          <SchemaForm schema={schema} value={{}} onChange={() => undefined} />
        </SessionProvider>
      </LanguageProvider>,
    );
    expect(screen.getByLabelText<HTMLInputElement>('Accounts with their secrets').disabled).toBe(isLocked);
    expect(screen.getByLabelText<HTMLInputElement>('Runs with their logs').disabled).toBe(false);
  });
});
