/** The ways on, at the end of the page: to the tour and the guide. */
export function SiteFoot() {
  return (
    <footer className="site-foot">
      <a href="/learn">Learn RegMix in ten steps</a>
      <a href="/guide">Guide: from your corpora to a mixture</a>
    </footer>
  );
}
