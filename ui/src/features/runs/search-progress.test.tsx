import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ComponentProps } from 'react';
import { LanguageProvider, type Lang } from '@/lib/i18n';
import { ApiError } from '@/lib/api/client';
import { SearchProgress } from './search-progress';

afterEach(cleanup);

type Search = ComponentProps<typeof SearchProgress>['search'];

function show(more: Partial<Search>, { lang = 'en' as Lang, isText = true } = {}) {
  const search: Search = { searched: 20_000, total: 108_000, found: 3, isSearching: false, isHeld: false, error: null, onEnd: vi.fn(), stop: vi.fn(), resume: vi.fn(), ...more };
  render(
    <LanguageProvider initial={lang}>
      <SearchProgress search={search} isPending={false} isText={isText} />
    </LanguageProvider>,
  );
  return search;
}

describe('the progress of a search', () => {
  it('shows its progress and can be stopped', () => {
    const search = show({ isSearching: true });
    screen.getByText('Searching 20,000 of 108,000 runs…');
    expect(screen.getByRole('progressbar', { name: 'Progress of the search' })).toHaveProperty('value', 20_000);
    expect(screen.getByRole('status').textContent).toBe('');
    fireEvent.click(screen.getByRole('button', { name: 'Stop' }));
    expect(search.stop).toHaveBeenCalledOnce();
  });

  it('is written in Indonesian as well', () => {
    show({ isSearching: true }, { lang: 'id' });
    screen.getByText('Memeriksa 20.000 dari 108.000 run…');
  });

  it('offers to continue when it is held, with the reason of an error', () => {
    const search = show({ isHeld: true, error: new ApiError(503, 'unavailable', 'Unavailable', 'Redis is away.', '') });
    screen.getByText(/Redis is away/);
    fireEvent.click(screen.getByRole('button', { name: 'Continue' }));
    expect(search.resume).toHaveBeenCalledOnce();
    expect(screen.getByRole('status').textContent).toBe('Searched 20,000 of 108,000 runs. 3 found');
  });

  it('shows that all was searched, and nothing for a list without a search', () => {
    show({ searched: 108_000, found: 1 });
    screen.getByText('Searched all 108,000 runs.');
    screen.getByText('1 found');
    cleanup();
    show({ searched: 100, found: 100 }, { isText: false });
    expect(screen.queryByText(/Searched/)).toBeNull();
  });
});
