/**
 * The explorer's library as a command: `sample` draws mixtures, `train` trains proxies on mixtures of
 * text, or a share of them, `merge` joins shares, `sweep` writes what a cluster's scheduler runs, `fit` says how well runs predict unseen mixtures, `optimum` which mixture to train on, `shop` which tokens to collect next, `propose`
 * which proxies to train next, `verify` whether the optimum wins at a larger size. Exit codes: 0 done,
 * 2 bad usage or bad input (one line on standard error).
 */
import { runCli } from './cli/run';

runCli(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
}).then((code) => {
  process.exitCode = code;
});
