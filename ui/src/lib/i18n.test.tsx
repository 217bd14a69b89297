import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { LanguageProvider, defineTranslations, inLanguage, useLang, useSetLang, useTranslations } from './i18n';

const translations = defineTranslations({ hello: 'Hello' }, { hello: 'Halo' });

function Greeting() {
  const t = useTranslations(translations);
  const lang = useLang();
  const setLang = useSetLang();
  return <button onClick={() => setLang(lang === 'id' ? 'en' : 'id')}>{t.hello}</button>;
}

describe('languages', () => {
  it('are switched in place, and remembered in a cookie', async () => {
    render(<LanguageProvider initial="en"><Greeting /></LanguageProvider>);
    await userEvent.click(screen.getByRole('button', { name: 'Hello' }));
    expect(screen.getByRole('button', { name: 'Halo' })).toBeTruthy();
    expect(document.cookie).toContain('mj_lang=id');
    expect(document.documentElement.lang).toBe('id');
  });

  it('are split if they contain both languages', () => {
    expect(inLanguage('Not found. / Tidak ada.', 'en')).toBe('Not found.');
    expect(inLanguage('Not found. / Tidak ada.', 'id')).toBe('Tidak ada.');
  });

  it('leave a message alone that is no pair', () => {
    expect(inLanguage('plain text', 'id')).toBe('plain text');
    expect(inLanguage('a / b / c', 'id')).toBe('a / b / c');
    expect(inLanguage('GET / or POST / here', 'en')).toBe('GET / or POST / here');
  });
});
