/** @type {import('next').NextConfig} */
const nextConfig = {
  output: 'export',
  reactStrictMode: true,
  // The dev overlay's badge would sit on the page in every screenshot.
  devIndicators: false,
  // Types are checked by `npm run check`, once.
  typescript: { ignoreBuildErrors: true },
  // The first page fits its study while it is built, and machines are shared: the limit only catches hangs.
  staticPageGenerationTimeout: 600,
};

export default nextConfig;
