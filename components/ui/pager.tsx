'use client';

/** Which rows of a long table are on view, and the way to the others. */
export function Pager({
  page,
  pages,
  size,
  total,
  onPage,
}: {
  /** From 0. */
  page: number;
  pages: number;
  /** Rows a page. */
  size: number;
  /** Rows in all. */
  total: number;
  onPage: (page: number) => void;
}) {
  const first = total === 0 ? 0 : page * size + 1;
  const last = Math.min(total, (page + 1) * size);
  const steps = [
    { label: 'First page', text: '«', to: 0 },
    { label: 'Previous page', text: '‹', to: page - 1 },
    { label: 'Next page', text: '›', to: page + 1 },
    { label: 'Last page', text: '»', to: pages - 1 },
  ];
  return (
    <nav className="pager" aria-label="Pages">
      <span role="status">
        {first.toLocaleString('en')}–{last.toLocaleString('en')} of {total.toLocaleString('en')}
      </span>
      {pages > 1 &&
        steps.map(({ label, text, to }) => (
          <button
            key={label}
            type="button"
            className="icon-button"
            aria-label={label}
            disabled={to < 0 || to >= pages || to === page}
            onClick={() => onPage(to)}
          >
            {text}
          </button>
        ))}
    </nav>
  );
}
