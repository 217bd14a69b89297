import type { NextConfig } from 'next';

const config: NextConfig = {
  output: 'standalone',
  // Without it Next.js finds a lock file in a parent folder and copies that tree too.
  outputFileTracingRoot: import.meta.dirname,
  turbopack: { root: import.meta.dirname },
  // `npm run check` checks the types; a build does not repeat it.
  typescript: { ignoreBuildErrors: true },
  // The dashboard scales no pictures. The library for it is a compiled program, which would tie a build to one system.
  images: { unoptimized: true },
  outputFileTracingExcludes: { '*': ['node_modules/sharp/**', 'node_modules/@img/**'] },
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  // Loopback has several names; without this the development server serves one of them only.
  allowedDevOrigins: ['127.0.0.1', 'localhost'],
};

export default config;
