import { hostTraining } from '../lib/proxy/host';
import type { FromTrainer, ToTrainer } from '../lib/proxy/messages';

const receive = hostTraining(
  (message: FromTrainer) => self.postMessage(message),
  () => new Promise((resolve) => setTimeout(resolve, 0)),
);
self.onmessage = ({ data }: MessageEvent<ToTrainer>) => receive(data);
