import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { LanguageProvider } from '@/lib/i18n';
import { RunStrip } from './run-strip';

const push = vi.fn();
vi.mock('next/navigation', () => ({ useRouter: () => ({ push }) }));
beforeEach(() => push.mockClear());

const RUNS = [
  { run_id: 'newest', status: 'running' as const, duration_ms: null },
  { run_id: 'middle', status: 'failed' as const, duration_ms: 900 },
  { run_id: 'oldest@1', status: 'success' as const, duration_ms: 120 },
];

function strip(runs: typeof RUNS = RUNS) {
  cleanup();
  render(<LanguageProvider initial="en"><RunStrip runs={runs} length={5} /></LanguageProvider>);
  return screen.getByRole('img');
}

describe('the run strip', () => {
  it('is one picture with a sentence', () => {
    expect(strip().getAttribute('aria-label')).toBe('Last 3 runs: 1 failed. Newest: Running');
    expect(strip([]).getAttribute('aria-label')).toBe('No runs yet');
  });

  it('says what a monitor sees, although its checks were made', () => {
    cleanup();
    render(<LanguageProvider initial="id"><RunStrip runs={RUNS.slice(2)} monitor="down" /></LanguageProvider>);
    expect(screen.getByRole('img').getAttribute('aria-label')).toBe('1 run terakhir: 0 gagal. Terbaru: Berhasil · 120 ms. Yang dipantau: Mati');
  });

  it('has the oldest run left, and the height is the outcome', () => {
    const bars = [...strip().querySelectorAll<SVGRectElement>('rect[data-run]')];
    expect(bars.map((bar) => [bar.dataset.run, bar.getAttribute('height')])).toEqual([['oldest@1', '10'], ['middle', '18'], ['newest', '14']]);
    const x = bars.map((bar) => Number(bar.getAttribute('x')));
    expect(x).toEqual([12, 18, 24]);
  });

  it('is walked with the arrow keys, and Enter opens the run', () => {
    const box = strip();
    fireEvent.keyDown(box, { key: 'ArrowLeft' });
    expect(box.getAttribute('aria-label')).toBe('Run 3 of 3: Running');
    fireEvent.keyDown(box, { key: 'Home' });
    fireEvent.keyDown(box, { key: 'Enter' });
    expect(push).toHaveBeenCalledWith('/runs/oldest%401');
  });
});
