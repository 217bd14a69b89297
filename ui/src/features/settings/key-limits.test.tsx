import { fireEvent, screen, waitFor } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { draw, fakeApi } from '../../../tests/support/fake-api';
import { CreateKeyDialog } from './create-key-dialog';
import { entriesOf, limitsOf } from './key-limits';
import { KeysCard } from './keys-card';

vi.mock('@/lib/api/client', async (original: () => Promise<typeof import('@/lib/api/client')>) => {
  const { clientForTests } = await import('../../../tests/support/fake-api');
  return clientForTests(original);
});

const KEY = {
  id: 'aaaaaaaa',
  name: 'shop',
  role: 'operator',
  source: 'stored',
  created_at: null,
  created_by: 'root',
  last_used_at: null,
  expires_at: null,
  state: 'active',
  scope: ['tag:shop', 'job:shop-'],
  addresses: ['10.0.0.0/8'],
};

describe('limits of keys', () => {
  it('reads entries between blanks and commas, each once', () => {
    expect(entriesOf(' tag:shop, job:shop-\n tag:shop ')).toEqual(['tag:shop', 'job:shop-']);
    expect(entriesOf('  ')).toEqual([]);
    expect(limitsOf({ scope: 'tag:shop', addresses: '::1' }, 'admin')).toEqual({ scope: [], addresses: ['::1'] });
  });

  it('are sent with a new key, and the API’s refusal is shown', async () => {
    const refusal = { code: 'invalid_input', title: 'Invalid input', detail: 'scope: shop is neither', status: 422, errors: [] };
    const { writes } = fakeApi({
      'POST /keys': { status: 422, body: refusal },
      'GET /me': { body: { key_id: 'x', keyless: false, scope: [], addresses: [] } },
    });
    draw(<CreateKeyDialog hasAdmin onClose={vi.fn()} />, { role: 'admin' });
    fireEvent.change(screen.getByLabelText('Name'), { target: { value: 'shop' } });
    fireEvent.change(screen.getByLabelText('Only these jobs'), { target: { value: 'shop' } });
    fireEvent.change(screen.getByLabelText('Only from these addresses'), { target: { value: '10.0.0.0/8 ::1' } });
    fireEvent.click(screen.getByRole('button', { name: 'Create the key' }));
    await screen.findByText(/scope: shop is neither/);
    expect(writes()[0]?.body).toEqual({ name: 'shop', role: 'viewer', expires_in_days: null, scope: ['shop'], addresses: ['10.0.0.0/8', '::1'] });
  });

  it('are no scope for an admin key', () => {
    fakeApi({});
    draw(<CreateKeyDialog hasAdmin onClose={vi.fn()} />, { role: 'admin' });
    fireEvent.change(screen.getByLabelText('Role'), { target: { value: 'admin' } });
    expect(screen.queryByLabelText('Only these jobs')).toBeNull();
    expect(screen.getByLabelText('Only from these addresses')).toBeTruthy();
  });

  it('are in the list of keys', async () => {
    fakeApi({ 'GET /keys': { body: [KEY, { ...KEY, id: 'bbbbbbbb', scope: [], addresses: [] }] }, 'GET /me': { body: { key_id: 'x' } } });
    draw(<KeysCard />, { role: 'admin' });
    await waitFor(() => expect(screen.getAllByText('tag:shop job:shop- 10.0.0.0/8').length).toBeGreaterThan(0));
    expect(screen.getAllByText('none').length).toBeGreaterThan(0);
  });
});
