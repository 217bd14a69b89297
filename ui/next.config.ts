import type { NextConfig } from 'next';

const config: NextConfig = {
  output: 'standalone',
  // Without it Next looks for a lock file above and copies that tree along.
  outputFileTracingRoot: import.meta.dirname,
  turbopack: { root: import.meta.dirname },
  // `npm run check` holds the types; a build on somebody's laptop need not wait for it.
  typescript: { ignoreBuildErrors: true },
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  // Loopback has several names; without this the development server serves one of them only.
  allowedDevOrigins: ['127.0.0.1', 'localhost'],
};

export default config;
