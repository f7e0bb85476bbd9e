'use client';

import { mixtureCsv, mixtureJson, mixtureYaml } from '../../lib/export/mixture';
import { formatNumber } from '../../lib/format';
import { Stage } from '../explorer/stage';
import { useAnalysis, useSession } from '../explorer/stores';
import { download } from '../ui/download';

/** The optimum as what a trainer reads. */
export function ExportPanel() {
  const { study, settings } = useSession();
  const { report, status } = useAnalysis((state) => state.optimum);
  const target = study.targets.find(({ id }) => id === settings.target);
  const weights = report?.optimum.weights;
  const yaml = weights ? mixtureYaml(study.domains, weights) : '';
  return (
    <Stage
      id="export"
      title="Export"
      below
      finding={
        weights && report
          ? `The optimum for ${target?.name ?? 'the target'}, predicted ${formatNumber(report.optimum.predicted, 3)}: weights that sum to exactly 1.`
          : 'Waiting for the optimum.'
      }
    >
      <div className="stage-body">
        <textarea
          className="code"
          aria-label="The mixture as YAML"
          readOnly
          rows={18}
          spellCheck={false}
          value={yaml}
        />
        <div className="stage-controls">
          {weights && (
            <>
              <button
                type="button"
                className="button primary"
                onClick={() => download('regmix-mixture.yaml', 'application/yaml', yaml)}
              >
                YAML for RegMix’s trainer
              </button>
              <button
                type="button"
                className="button"
                onClick={() =>
                  download('regmix-mixture.csv', 'text/csv', mixtureCsv(study.domains, weights))
                }
              >
                CSV
              </button>
              <button
                type="button"
                className="button"
                onClick={() =>
                  download(
                    'regmix-mixture.json',
                    'application/json',
                    mixtureJson(study.domains, weights),
                  )
                }
              >
                JSON
              </button>
            </>
          )}
          {status === 'infeasible' && (
            <p className="refused">
              Your limits cannot be met: this is the last mixture that could.
            </p>
          )}
        </div>
      </div>
    </Stage>
  );
}
