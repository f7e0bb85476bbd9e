/** @type {import('next').NextConfig} */
const nextConfig = {
  output: 'export',
  reactStrictMode: true,
  // The dev overlay's badge would sit on the page in every screenshot.
  devIndicators: false,
};

export default nextConfig;
