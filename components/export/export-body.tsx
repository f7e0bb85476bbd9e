'use client';

import { useState } from 'react';
import { download } from '../../lib/browser/files';
import { mixtureFormats } from '../../lib/export/formats';
import { plural } from '../../lib/format';
import { modelToJson } from '../../lib/regression/serialise';
import { fitKey, importedModel } from '../../lib/store/keys';
import { SaveStudy } from '../documents/save-study';
import { useAnalysis, useHidesAnswer, useOptimum, useSession } from '../explorer/stores';
import { HiddenAnswer } from '../lesson/hidden-answer';
import { useFormer } from '../optimum/use-former';
import { useOutdated } from '../optimum/use-outdated';
import { ShareButton } from '../share/share-button';
import { Disclosure } from '../ui/disclosure';
import { Select } from '../ui/select';
import { OnnxExport } from './onnx-export';
import { OnnxImport } from './onnx-import';
import { ReportButton } from './report-button';

/** The mixture in the format of whoever trains on it, the report, and fits to and from elsewhere. */
export default function ExportBody() {
  const isHidden = useHidesAnswer();
  return (
    <>
      <div className="stage-body">
        {isHidden ? <HiddenAnswer /> : <MixtureFile />}
        <div className="stage-controls">
          <ShareButton label="Share a link" className="button" />
          {!isHidden && <ReportButton />}
          <SaveModel />
          <SaveStudy />
        </div>
      </div>
      <Disclosure label="ONNX: a fit for other tools, or a model from elsewhere">
        <p className="quiet small measure">
          Trees and linear models as ONNX files for any runtime, and regressors of scikit-learn,
          LightGBM, XGBoost and PyTorch from ONNX files into every panel. Both are run by
          onnxruntime in this tab; nothing is sent.
        </p>
        <OnnxExport />
        <OnnxImport />
      </Disclosure>
    </>
  );
}

/** The optimum in a format to choose, to read and to save. */
function MixtureFile() {
  const { study } = useSession();
  const { report, status } = useOptimum((state) => state);
  const isOutdated = useOutdated();
  const [picked, setPicked] = useState(mixtureFormats[0].id);
  const format = mixtureFormats.find(({ id }) => id === picked) ?? mixtureFormats[0];
  // A mixture that the limits no longer allow is shown elsewhere as the last one; it is not for training.
  const usable = report !== null && status !== 'infeasible' && !isOutdated;
  const weights = usable ? report.optimum.weights : null;
  const text = weights ? format.write(study.domains, weights) : '';
  const violated = usable ? report.optimum.violated : [];

  return (
    <>
      <textarea
        className="code"
        aria-label={format.id === 'regmix' ? 'The mixture as YAML' : `The mixture: ${format.name}`}
        readOnly
        rows={Math.min(40, 2 * study.domains.length + 2)}
        spellCheck={false}
        value={text}
      />
      <div className="stage-controls">
        {violated.length > 0 && (
          <p className="refused">
            The published procedure takes no notice of limits: {plural(violated.length, 'domain')}{' '}
            lie outside of yours ({violated.map((domain) => study.domains[domain].name).join(', ')}
            ).
          </p>
        )}
        <Select
          label="Format"
          value={format.id}
          options={mixtureFormats.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={setPicked}
        />
        {weights && (
          <button
            type="button"
            className="button primary"
            onClick={() => download(format.file, format.mediaType, text)}
          >
            Save {format.file}
          </button>
        )}
      </div>
    </>
  );
}

/** The fit that the optimum was found by, as JSON. */
function SaveModel() {
  const { study, settings } = useSession();
  const solved = useOptimum((state) => state.solved);
  const fits = useAnalysis((state) => state.fits);
  const isFormer = useFormer();
  if (!solved || isFormer) return null;
  const { target } = solved.terms[0];
  const fit = fits.get(fitKey(study, target, solved.regressor, settings));
  const model = fit?.status === 'done' ? fit.model : null;
  if (!model) return null;
  if (model.kind === 'onnx') {
    const imported = importedModel(study, target);
    const bytes = imported?.source?.bytes;
    if (!bytes || imported.id !== model.id) return null;
    return (
      <button
        type="button"
        className="button"
        onClick={() => download(imported.name, 'application/octet-stream', bytes)}
      >
        The imported model, as ONNX
      </button>
    );
  }
  const labels = { target, domains: study.domains.map(({ id }) => id) };
  return (
    <button
      type="button"
      className="button"
      onClick={() =>
        download(`regmix-model-${target}.json`, 'application/json', modelToJson(model, labels))
      }
    >
      The fit behind it, as JSON
    </button>
  );
}
