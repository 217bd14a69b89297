import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { pageLang } from '@/lib/api/client';
import { LanguageProvider, defineTranslations, useLang, useSetLang, useTranslations } from './i18n';

const translations = defineTranslations({ hello: 'Hello' }, { hello: 'Halo' });

function Greeting() {
  const t = useTranslations(translations);
  const lang = useLang();
  const setLang = useSetLang();
  return <button onClick={() => setLang(lang === 'id' ? 'en' : 'id')}>{t.hello}</button>;
}

function Choice() {
  const setLang = useSetLang();
  return <button onClick={() => setLang('id')}>id</button>;
}

describe('languages', () => {
  it('are switched in place, and remembered in a cookie', async () => {
    render(<LanguageProvider initial="en"><Greeting /></LanguageProvider>);
    await userEvent.click(screen.getByRole('button', { name: 'Hello' }));
    expect(screen.getByRole('button', { name: 'Halo' })).toBeTruthy();
    expect(document.cookie).toContain('mj_lang=id');
    expect(document.documentElement.lang).toBe('id');
  });

  it('report a switch, after which requests are sent in the new language; the same language is no switch', async () => {
    const langs: string[] = [];
    render(
      <LanguageProvider initial="en" onSwitch={() => langs.push(pageLang())}>
        <Greeting />
        <Choice />
      </LanguageProvider>,
    );
    await userEvent.click(screen.getByRole('button', { name: 'Hello' }));
    await userEvent.click(screen.getByRole('button', { name: 'id' }));
    expect(langs).toEqual(['id']);
  });
});
