import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { expect, it } from 'vitest';
import type { JsonObject } from '@/components/schema-form';
import { LanguageProvider } from '@/lib/i18n';
import type { Job } from '@/lib/api/queries';
import { LimitFields } from './limit-fields';
import { specOf } from './spec';

const written: JsonObject[] = [];

function Form({ errors = {} }: { errors?: Record<string, string> }) {
  const [value, setValue] = useState<JsonObject>({});
  const save = (next: JsonObject) => {
    written.push(next);
    setValue(next);
  };
  return (
    <LanguageProvider initial="en">
      <LimitFields spec={value} set={(name, next) => save({ ...value, [name]: next ?? null })} errors={errors} />
    </LanguageProvider>
  );
}

it('writes a key with groups that take turns, and a rate', async () => {
  render(<Form />);
  await userEvent.type(screen.getByLabelText(/^Concurrency key/), 'shop');
  await userEvent.type(screen.getByLabelText(/^Limit/), '2');
  await userEvent.type(screen.getByLabelText(/^Groups by/), 'inputs.id');
  await userEvent.type(screen.getByLabelText(/^Total/), '8');
  await userEvent.selectOptions(screen.getByLabelText(/^A free slot/), 'the groups in turn');
  await userEvent.type(screen.getByLabelText(/^Rate key/), 'api');
  await userEvent.type(screen.getByLabelText(/^Per minute/), '60');
  expect(written.at(-1)).toEqual({
    concurrency: { key: 'shop', limit: 2, group_by: 'inputs.id', total: 8, strategy: 'group_round_robin' },
    rate: { key: 'api', per_minute: 60 },
  });
});

it('shows a refusal at the field of the group', async () => {
  render(<Form errors={{ '/rate/group_by': 'no input' }} />);
  await userEvent.type(screen.getByLabelText(/^Rate key/), 'api');
  expect(screen.getByText('no input')).toBeTruthy();
});

it('keeps the rate of a job that is edited', () => {
  const rate = { key: 'api', per_minute: 60 };
  expect(specOf({ job_id: 'a', rate } as Job).rate).toEqual(rate);
});
