/**
 * Loads a page once more if one of its scripts did not arrive, for example because the device changed its network
 * meanwhile: without the script nothing on the page works. Not again within ten seconds, and not once the page has
 * loaded, when a reload would lose what a person has typed.
 */
export function ReloadScript({ nonce }: { nonce: string }) {
  return <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: SOURCE }} />;
}

const SOURCE = `addEventListener('error', ({ target }) => {
  if (!(target instanceof HTMLScriptElement) || document.readyState === 'complete') return;
  try {
    if (Date.now() - Number(sessionStorage.reloadedAt ?? 0) < 10000) return;
    sessionStorage.reloadedAt = Date.now();
  } catch { return; }
  location.reload();
}, true);`;
