'use client';

import { useState } from 'react';
import { download } from '../../lib/browser/files';
import { inWords } from '../../lib/errors';
import { plural } from '../../lib/format';
import { agreed } from '../../lib/onnx/agree';
import type { OnnxFile } from '../../lib/onnx/exchange';
import { catalogue, regressorInfo } from '../../lib/regression/catalogue';
import type { RegressorId } from '../../lib/regression/types';
import { fitKey, fitOptions, importedModel } from '../../lib/store/keys';
import { revisionOf } from '../../lib/study/revision';
import { useSession, useStores } from '../explorer/stores';
import { Select } from '../ui/select';

/** Regressors whose models ONNX has an operation for. */
const portable: readonly RegressorId[] = ['gbdt', 'gbdt-paper', 'ridge', 'ols'];

/** A fit as an ONNX file, compared with onnxruntime-web before it can be saved. */
export function OnnxExport() {
  const { study, settings } = useSession();
  const { explore, onnx } = useStores();
  const imported = importedModel(study, settings.target);
  const ids = [
    ...catalogue
      .filter(({ id, stopsOnTestSet }) => {
        return portable.includes(id) && (!stopsOnTestSet || study.testSets.length > 0);
      })
      .map(({ id }) => id),
    // One that came as an ONNX file is saved as it came.
    ...(imported && !imported.source ? (['imported'] as const) : []),
  ];
  const [picked, setPicked] = useState<RegressorId | null>(null);
  const chosen = picked && ids.includes(picked) ? picked : usual();
  const key = fitKey(study, settings.target, chosen, settings);
  const [made, setMade] = useState<{ readonly key: string; readonly file: OnnxFile } | null>(null);
  const [running, setRunning] = useState(false);
  const [problem, setProblem] = useState('');
  const file = made?.key === key ? made.file : null;

  return (
    <div className="row-controls">
      <Select
        label="Fit to export"
        value={chosen}
        options={ids.map((id) => ({ value: id, label: regressorInfo(id).name }))}
        onChange={(id) => {
          setPicked(ids.find((known) => known === id) ?? null);
          setProblem('');
        }}
      />
      <button type="button" className="button" disabled={running} onClick={() => void make()}>
        {running ? 'Fitting and comparing…' : 'Make the ONNX file'}
      </button>
      {file && (
        <>
          <p className="small measure" role="status">
            {describe(file)}
          </p>
          <button
            type="button"
            className="button primary"
            onClick={() =>
              download(
                `regmix-${chosen}-${settings.target}.onnx`,
                'application/octet-stream',
                file.bytes,
              )
            }
          >
            Save the ONNX file
          </button>
        </>
      )}
      {problem !== '' && (
        <p role="alert" className="refused">
          {problem}
        </p>
      )}
    </div>
  );

  function usual(): RegressorId {
    return ids.find((id) => id === settings.regressor) ?? ids[0];
  }

  async function make(): Promise<void> {
    setRunning(true);
    setProblem('');
    try {
      const model = await explore.call(study, 'model', {
        revision: revisionOf(study),
        target: settings.target,
        regressor: chosen,
        options: fitOptions(settings),
        imported: chosen === 'imported' ? imported?.model : undefined,
      });
      const result = await onnx.export({
        model,
        labels: { target: settings.target, domains: study.domains.map(({ id }) => id) },
        comparison: { prior: study.prior.weights, seed: settings.seed },
      });
      setMade({ key, file: result });
    } catch (error) {
      setProblem(inWords(error));
    } finally {
      setRunning(false);
    }
  }

  function describe({ agreement, bytes }: OnnxFile): string {
    const { mixtures, relative, largest, rounded } = agreement;
    const verdict =
      relative <= agreed
        ? `within ${agreed.toExponential(0)}`
        : `more than ${agreed.toExponential(0)}: do not rely on this file`;
    const crossed =
      rounded === 0
        ? 'Rounding weights to float32, as ONNX runtimes do, changes none of these predictions.'
        : `Rounding weights to float32, as ONNX runtimes do, moves ${plural(rounded, 'mixture')} over a split.`;
    return `${Math.ceil(bytes.length / 1000).toLocaleString('en')} kB. On ${mixtures.toLocaleString('en')} mixtures onnxruntime differs from this page by at most ${relative.toExponential(1)} of the prediction (${largest.toExponential(1)}), ${verdict}. ${crossed}`;
  }
}
