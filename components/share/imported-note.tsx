'use client';

import { regressorInfo } from '../../lib/regression/catalogue';
import { linkedRegressor } from '../../lib/share/link-for';
import type { OpenedStudy } from '../../lib/study/from-runs';

/** Says what a link shows instead of an imported model; empty where none is in use. */
export function ImportedNote({ session }: { session: OpenedStudy }) {
  if (session.settings.regressor !== 'imported') return null;
  return (
    <p className="notice prose">
      The imported model is not in the link: whoever opens it sees predictions by{' '}
      <strong>{regressorInfo(linkedRegressor(session)).name}</strong> instead. To pass the model on,
      send the study as a file.
    </p>
  );
}
