import localFont from 'next/font/local';

// From the npm package, so nothing comes from the network.
export const sans = localFont({
  src: '../../node_modules/geist/dist/fonts/geist-sans/Geist-Variable.woff2',
  variable: '--font-geist-sans',
  weight: '100 900',
});

export const mono = localFont({
  src: '../../node_modules/geist/dist/fonts/geist-mono/GeistMono-Variable.woff2',
  variable: '--font-geist-mono',
  weight: '100 900',
  // Ids and logs come below the fold of a first paint: the text font goes first.
  preload: false,
});
