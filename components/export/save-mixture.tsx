'use client';

import { useState } from 'react';
import { download } from '../../lib/browser/files';
import { errorMessage } from '../../lib/model/errors';
import { loadCode } from '../../lib/model/load-code';
import { useHidesAnswer, useSession } from '../shell/stores';
import { useMixture } from './use-mixture';

/** Saves the mixture on view as RegMix's YAML, from any room. */
export function SaveMixture() {
  const { study, settings } = useSession();
  const isHidden = useHidesAnswer();
  const { weights, advice, isPassing } = useMixture();
  const [problem, setProblem] = useState('');
  if (isHidden) return null;
  const save = async () => {
    if (!weights) return;
    setProblem('');
    try {
      const { mixtureFormats, noteOn } = await loadCode(() => import('../../lib/export/formats'));
      const [format] = mixtureFormats;
      const note = advice ? noteOn(advice) : undefined;
      const text = format.write(study.domains, weights, { note, limits: settings.constraints });
      download(format.file, format.mediaType, text);
    } catch (error) {
      setProblem(errorMessage(error));
    }
  };
  return (
    <>
      <button
        type="button"
        className="bar-save"
        disabled={!weights || isPassing}
        title={
          isPassing && weights
            ? 'Refining: the file can be saved in a moment'
            : 'Saves the optimum as regmix-mixture.yaml; other formats are under Export'
        }
        onClick={() => void save()}
      >
        Save YAML
      </button>
      {problem !== '' && (
        <span role="alert" className="refused">
          {problem}
        </span>
      )}
    </>
  );
}
